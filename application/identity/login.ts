import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { mergeGuestCart } from '../cart/merge-guest-cart.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { SessionTokens, SignedIn } from './session-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly passwords: PasswordHasher;
  readonly sessionTokens: SessionTokens;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Unknown address, wrong password and disabled account are told apart by nobody. */
const refused = () => new DomainError('forbidden', 'INVALID_CREDENTIALS', 'E-mail or password is wrong.');

/** Signs a customer in and takes the guest's cart along. */
export class Login {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: { email: EmailAddress; password: string; cartToken?: string | undefined }): Promise<SignedIn> {
    const { unitOfWork, passwords, sessionTokens, secretTokens, clock, ids } = this.#ports;
    const user = (await unitOfWork.run(({ users }) => users.findByEmail(command.email)))?.snapshot();
    const right = await (user
      ? passwords.verify(command.password, user.passwordHash)
      : passwords.verifyNothing(command.password));
    if (!user || !right || user.disabled) throw refused();
    const { session, signedIn } = await sessionTokens.start(user);
    await unitOfWork.run(async collections => {
      await collections.sessions.save(session);
      if (command.cartToken) {
        const tokenHash = secretTokens.hash(command.cartToken);
        await mergeGuestCart(collections, { tokenHash, userId: user.id, ids, at: clock.now() });
      }
    });
    return signedIn;
  }
}
