import { ContainerModule } from 'inversify';
import { AddressBook } from '../../application/identity/address-book.ts';
import { AdministerUser } from '../../application/identity/administer-user.ts';
import { ChangePassword } from '../../application/identity/change-password.ts';
import { EraseAccount } from '../../application/identity/erase-account.ts';
import { ExportAccount } from '../../application/identity/export-account.ts';
import { Login } from '../../application/identity/login.ts';
import { Logout } from '../../application/identity/logout.ts';
import { RefreshSession } from '../../application/identity/refresh-session.ts';
import { Register } from '../../application/identity/register.ts';
import { SessionTokens } from '../../application/identity/session-tokens.ts';
import { UpdateProfile } from '../../application/identity/update-profile.ts';
import { ACCESS_TOKENS, CLOCK, IDS, PASSWORDS, SECRET_TOKENS, STORE, UNIT_OF_WORK } from '../tokens.ts';

/** Who is who, and may do what. */
export const identity = new ContainerModule(({ bind }) => {
  bind(SessionTokens).toResolvedValue(
    (clock, ids, accessTokens, secretTokens) => new SessionTokens({ clock, ids, accessTokens, secretTokens }),
    [CLOCK, IDS, ACCESS_TOKENS, SECRET_TOKENS],
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
  bind(EraseAccount).toResolvedValue(
    (unitOfWork, clock) => new EraseAccount({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
  bind(ExportAccount).toResolvedValue(
    ({ users, orders, carts, offers }) => new ExportAccount({ users, orders, carts, offers }),
    [STORE],
  );
  bind(AdministerUser).toResolvedValue(
    (unitOfWork, clock) => new AdministerUser({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
});
