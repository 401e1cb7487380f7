import { ContainerModule } from 'inversify';
import { RecordRefusal } from '../../application/audit/record-refusal.ts';
import { AddressBook } from '../../application/identity/address-book.ts';
import { AdministerUser } from '../../application/identity/administer-user.ts';
import { ChangePassword } from '../../application/identity/change-password.ts';
import { Login } from '../../application/identity/login.ts';
import { Logout } from '../../application/identity/logout.ts';
import { ChangeRoles } from '../../application/identity/change-roles.ts';
import { ManageApiKeys } from '../../application/identity/manage-api-keys.ts';
import { RecogniseApiKey } from '../../application/identity/recognise-api-key.ts';
import { RefreshSession } from '../../application/identity/refresh-session.ts';
import { Register } from '../../application/identity/register.ts';
import { RevokeSessions } from '../../application/identity/revoke-sessions.ts';
import { SessionTokens } from '../../application/identity/session-tokens.ts';
import { UpdateProfile } from '../../application/identity/update-profile.ts';
import { ACCESS_TOKENS, CLOCK, IDS, PASSWORDS, SECRET_TOKENS, STORE, UNIT_OF_WORK } from '../tokens.ts';

/** Who is who, and may do what. */
export const identity = new ContainerModule(({ bind }) => {
  bind(SessionTokens).toResolvedValue(
    (clock, ids, accessTokens, secretTokens, { roles }) =>
      new SessionTokens({ clock, ids, accessTokens, secretTokens, roles }),
    [CLOCK, IDS, ACCESS_TOKENS, SECRET_TOKENS, STORE],
  );
  bind(Register).toResolvedValue(
    (unitOfWork, passwords, clock, ids) => new Register({ unitOfWork, passwords, clock, ids }),
    [UNIT_OF_WORK, PASSWORDS, CLOCK, IDS],
  );
  bind(Login).toResolvedValue(
    (unitOfWork, passwords, sessionTokens, secretTokens, clock, ids) =>
      new Login({ unitOfWork, passwords, sessionTokens, secretTokens, clock, ids }),
    [UNIT_OF_WORK, PASSWORDS, SessionTokens, SECRET_TOKENS, CLOCK, IDS],
  );
  bind(RefreshSession).toResolvedValue(
    (unitOfWork, sessionTokens, secretTokens, clock) =>
      new RefreshSession({ unitOfWork, sessionTokens, secretTokens, clock }),
    [UNIT_OF_WORK, SessionTokens, SECRET_TOKENS, CLOCK],
  );
  bind(Logout).toResolvedValue((unitOfWork, clock) => new Logout({ unitOfWork, clock }), [UNIT_OF_WORK, CLOCK]);
  bind(ChangePassword).toResolvedValue(
    (unitOfWork, { users }, passwords, clock) => new ChangePassword({ unitOfWork, users, passwords, clock }),
    [UNIT_OF_WORK, STORE, PASSWORDS, CLOCK],
  );
  bind(UpdateProfile).toResolvedValue(
    (unitOfWork, clock) => new UpdateProfile({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
  bind(AddressBook).toResolvedValue(
    (unitOfWork, clock, ids) => new AddressBook({ unitOfWork, clock, ids }),
    [UNIT_OF_WORK, CLOCK, IDS],
  );
  bind(RevokeSessions).toResolvedValue(
    (unitOfWork, clock) => new RevokeSessions({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
  bind(ChangeRoles).toResolvedValue(
    (unitOfWork, clock) => new ChangeRoles({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
  bind(ManageApiKeys).toResolvedValue(
    (unitOfWork, clock, ids, secretTokens) => new ManageApiKeys({ unitOfWork, clock, ids, secretTokens }),
    [UNIT_OF_WORK, CLOCK, IDS, SECRET_TOKENS],
  );
  bind(RecogniseApiKey).toResolvedValue(
    ({ apiKeys, unitOfWork }, clock, secretTokens) => new RecogniseApiKey({ apiKeys, unitOfWork, clock, secretTokens }),
    [STORE, CLOCK, SECRET_TOKENS],
  );
  bind(RecordRefusal).toResolvedValue(({ unitOfWork }) => new RecordRefusal({ unitOfWork }), [STORE]);
  bind(AdministerUser).toResolvedValue(
    (unitOfWork, clock) => new AdministerUser({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
});
