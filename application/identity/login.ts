import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { currentOrigin, withOrigin } from '../audit/origin.ts';
import { mergeGuestCart } from '../cart/merge-guest-cart.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { OneTimeCodes } from '../ports/one-time-codes.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Guess, Guessing } from './guessing.ts';
import { isAnother } from './same-account.ts';
import { takeCode } from './second-factor-check.ts';
import type { SessionTokens, SignedIn, Starting } from './session-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly passwords: PasswordHasher;
  readonly guessing: Guessing;
  readonly codes: OneTimeCodes;
  readonly sessionTokens: SessionTokens;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Command {
  readonly email: EmailAddress;
  readonly password: string;
  /** A code of the second factor, where one is on. */
  readonly otp?: string | undefined;
  readonly cartToken?: string | undefined;
  readonly network: string;
}

/** Signs a customer in and takes the guest's cart along. */
export class Login {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  execute(command: Command): Promise<SignedIn> {
    return this.#ports.guessing.take(command, guess => this.#look(command, guess));
  }

  async #look(command: Command, guess: Guess): Promise<SignedIn> {
    const { unitOfWork, passwords, sessionTokens } = this.#ports;
    const user = (await unitOfWork.run(({ users }) => users.findByEmail(command.email)))?.snapshot();
    const right = await (user
      ? passwords.verify(command.password, user.passwordHash)
      : passwords.verifyNothing(command.password));
    if (!user || !right || user.disabled) return this.#refuse(guess, user);
    const rehashed = passwords.isOutdated(user.passwordHash) ? await passwords.hash(command.password) : undefined;
    // Before the unit of work: one that holds a connection must not wait for another.
    const start = await sessionTokens.starting(user);
    const outcome = await unitOfWork.run(collections => this.#signIn(collections, { command, user, rehashed, start }));
    if (outcome === 'refused') return this.#refuse(guess, user);
    if (outcome === 'code-missing') {
      await guess.void();
      throw new DomainError('forbidden', 'MFA_REQUIRED', 'Send a code of your second factor as otp, too.');
    }
    await guess.right();
    return outcome;
  }

  async #signIn(
    collections: Collections,
    {
      command,
      user,
      rehashed,
      start,
    }: { command: Command; user: UserSnapshot; rehashed: string | undefined; start: Starting },
  ): Promise<SignedIn | 'refused' | 'code-missing'> {
    const { codes, secretTokens, clock, ids } = this.#ports;
    const at = clock.now();
    const current = await collections.users.find(user.id);
    if (!current || isAnother(current, user)) return 'refused';
    const factor = await collections.secondFactors.find(user.id);
    if (factor?.isOn) {
      if (command.otp === undefined) return 'code-missing';
      if (!(await takeCode(collections, { factor, code: command.otp, at }, { codes, secretTokens }))) return 'refused';
    }
    if (rehashed !== undefined && current.snapshot().passwordHash === user.passwordHash) {
      current.rehash(rehashed);
      await collections.users.save(current);
    }
    const { session, signedIn } = start(current.snapshot());
    await collections.sessions.save(session);
    // From here on it is known who it is.
    withOrigin({ ...currentOrigin(), userId: user.id }, () =>
      collections.audit.add({ action: 'sign-in.done', outcome: 'done', subject: { type: 'user', id: user.id } }),
    );
    if (command.cartToken)
      await mergeGuestCart(collections, { tokenHash: secretTokens.hash(command.cartToken), userId: user.id, ids, at });
    return signedIn;
  }

  /** Unknown address, wrong password, wrong code and disabled account are told apart by nobody. */
  async #refuse(guess: Guess, user: UserSnapshot | undefined): Promise<never> {
    const subject = user ? { type: 'user', id: user.id } : null;
    await this.#ports.unitOfWork.run(async ({ audit }) => {
      audit.add({ action: 'sign-in.failed', outcome: 'refused', subject });
      if (guess.isLast) audit.add({ action: 'sign-in.locked', outcome: 'refused', subject });
    });
    throw new DomainError('forbidden', 'INVALID_CREDENTIALS', 'E-mail or password is wrong.');
  }
}
