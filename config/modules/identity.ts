import { ContainerModule } from 'inversify';
import { RecordRefusal } from '../../application/audit/record-refusal.ts';
import { AddressBook } from '../../application/identity/address-book.ts';
import { AdministerUser } from '../../application/identity/administer-user.ts';
import { AskForMail } from '../../application/identity/ask-for-mail.ts';
import { ChangePassword } from '../../application/identity/change-password.ts';
import { EraseAccount } from '../../application/identity/erase-account.ts';
import { ExportAccount } from '../../application/identity/export-account.ts';
import { ChoosePassword } from '../../application/identity/choose-password.ts';
import { Guessing } from '../../application/identity/guessing.ts';
import { Login } from '../../application/identity/login.ts';
import { Logout } from '../../application/identity/logout.ts';
import { ChangeRoles } from '../../application/identity/change-roles.ts';
import { ManageApiKeys } from '../../application/identity/manage-api-keys.ts';
import { RecogniseApiKey } from '../../application/identity/recognise-api-key.ts';
import { RefreshSession } from '../../application/identity/refresh-session.ts';
import { Register } from '../../application/identity/register.ts';
import { RemoveSecondFactor } from '../../application/identity/remove-second-factor.ts';
import { ResetPassword } from '../../application/identity/reset-password.ts';
import { RevokeSessions } from '../../application/identity/revoke-sessions.ts';
import { SessionTokens } from '../../application/identity/session-tokens.ts';
import { SetUpSecondFactor } from '../../application/identity/set-up-second-factor.ts';
import { UpdateProfile } from '../../application/identity/update-profile.ts';
import { VerifyEmail } from '../../application/identity/verify-email.ts';
import {
  ACCESS_TOKENS,
  CLOCK,
  IDS,
  ONE_TIME_CODES,
  PASSWORD_STRENGTH,
  PASSWORDS,
  RATE_LIMITS,
  SECRET_TOKENS,
  SETTINGS,
  STORE,
  UNIT_OF_WORK,
} from '../tokens.ts';

/** Who is who, and may do what. */
export const identity = new ContainerModule(({ bind }) => {
  bind(SessionTokens).toResolvedValue(
    (clock, ids, accessTokens, secretTokens, { roles }) =>
      new SessionTokens({ clock, ids, accessTokens, secretTokens, roles }),
    [CLOCK, IDS, ACCESS_TOKENS, SECRET_TOKENS, STORE],
  );
  bind(ChoosePassword).toResolvedValue(
    (strength, passwords) => new ChoosePassword({ strength, passwords }),
    [PASSWORD_STRENGTH, PASSWORDS],
  );
  bind(Guessing).toResolvedValue(
    (rateLimits, { rateLimit: countsAddresses }) => new Guessing({ rateLimits, countsAddresses }),
    [RATE_LIMITS, SETTINGS],
  );
  bind(Register).toResolvedValue(
    (unitOfWork, choosePassword, clock, ids) => new Register({ unitOfWork, choosePassword, clock, ids }),
    [UNIT_OF_WORK, ChoosePassword, CLOCK, IDS],
  );
  bind(Login).toResolvedValue(
    (unitOfWork, passwords, guessing, codes, sessionTokens, secretTokens, clock, ids) =>
      new Login({ unitOfWork, passwords, guessing, codes, sessionTokens, secretTokens, clock, ids }),
    [UNIT_OF_WORK, PASSWORDS, Guessing, ONE_TIME_CODES, SessionTokens, SECRET_TOKENS, CLOCK, IDS],
  );
  bind(RefreshSession).toResolvedValue(
    (unitOfWork, sessionTokens, secretTokens, clock) =>
      new RefreshSession({ unitOfWork, sessionTokens, secretTokens, clock }),
    [UNIT_OF_WORK, SessionTokens, SECRET_TOKENS, CLOCK],
  );
  bind(Logout).toResolvedValue((unitOfWork, clock) => new Logout({ unitOfWork, clock }), [UNIT_OF_WORK, CLOCK]);
  bind(ChangePassword).toResolvedValue(
    (unitOfWork, { users }, passwords, choosePassword, guessing, clock) =>
      new ChangePassword({ unitOfWork, users, passwords, choosePassword, guessing, clock }),
    [UNIT_OF_WORK, STORE, PASSWORDS, ChoosePassword, Guessing, CLOCK],
  );
  bind(AskForMail).toResolvedValue(
    (unitOfWork, rateLimits, ids) => new AskForMail({ unitOfWork, rateLimits, ids }),
    [UNIT_OF_WORK, RATE_LIMITS, IDS],
  );
  bind(ResetPassword).toResolvedValue(
    (unitOfWork, choosePassword, secretTokens, guessing, clock) =>
      new ResetPassword({ unitOfWork, choosePassword, secretTokens, guessing, clock }),
    [UNIT_OF_WORK, ChoosePassword, SECRET_TOKENS, Guessing, CLOCK],
  );
  bind(VerifyEmail).toResolvedValue(
    (unitOfWork, secretTokens, clock) => new VerifyEmail({ unitOfWork, secretTokens, clock }),
    [UNIT_OF_WORK, SECRET_TOKENS, CLOCK],
  );
  bind(SetUpSecondFactor).toResolvedValue(
    (unitOfWork, { users }, codes, secretTokens, guessing, clock) =>
      new SetUpSecondFactor({ unitOfWork, users, codes, secretTokens, guessing, clock }),
    [UNIT_OF_WORK, STORE, ONE_TIME_CODES, SECRET_TOKENS, Guessing, CLOCK],
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
    ({ users, orders, carts, offers, apiKeys, secondFactors, auditLog }) =>
      new ExportAccount({ users, orders, carts, offers, apiKeys, secondFactors, auditLog }),
    [STORE],
  );
  bind(RemoveSecondFactor).toResolvedValue(
    (unitOfWork, clock) => new RemoveSecondFactor({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
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
