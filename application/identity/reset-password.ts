import type { UserSnapshot } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { accountEvent } from './account-event.ts';
import type { ChoosePassword } from './choose-password.ts';
import { endSession } from './end-session.ts';
import type { Guessing } from './guessing.ts';
import { spendTokens } from './spend-tokens.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly choosePassword: ChoosePassword;
  readonly secretTokens: SecretTokens;
  readonly guessing: Guessing;
  readonly clock: Clock;
}

interface Command {
  readonly token: string;
  readonly newPassword: string;
  readonly network: string;
}

/** Used, over, of another kind or never sent: nobody learns which. */
export const tokenInvalid = (): DomainError =>
  new DomainError('invalid', 'TOKEN_INVALID', 'This token is not good, or not any more: ask for a new one.');

/** A new password for whoever reads the mail of the account. The second factor stays on. */
export class ResetPassword {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ token, newPassword, network }: Command): Promise<void> {
    const { choosePassword, secretTokens, guessing } = this.#ports;
    const tokenHash = secretTokens.hash(token);
    // Looked at before it is spent: a password that is refused must not cost the token, nor a bad token a slow hash.
    const person = await this.#ownerOf(tokenHash);
    const passwordHash = await choosePassword.hash({ password: newPassword, field: 'new_password', person });
    await this.#reset({ tokenHash, passwordHash });
    await guessing.unlock({ email: person.email, network });
  }

  #ownerOf(tokenHash: string): Promise<UserSnapshot> {
    const { unitOfWork, clock } = this.#ports;
    return unitOfWork.run(async ({ oneTimeTokens, users }) => {
      const found = await oneTimeTokens.find(tokenHash);
      if (!found?.isGoodFor('password-reset', clock.now())) throw tokenInvalid();
      const user = (await users.find(found.snapshot().userId))?.snapshot();
      if (!user || user.disabled) throw tokenInvalid();
      return user;
    });
  }

  async #reset({ tokenHash, passwordHash }: { tokenHash: string; passwordHash: string }): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#ports.unitOfWork.run(async collections => {
      const { oneTimeTokens, users, sessions, outbox, audit } = collections;
      const found = await oneTimeTokens.find(tokenHash);
      if (!found?.isGoodFor('password-reset', now)) throw tokenInvalid();
      const { userId } = found.snapshot();
      const user = await users.find(userId);
      if (!user || user.snapshot().disabled) throw tokenInvalid();
      await spendTokens(collections, { userId, purpose: 'password-reset' }, now);
      user.setPassword(passwordHash, { at: now, by: userId });
      user.verifyEmail({ at: now, by: userId });
      await users.save(user);
      for (const session of await sessions.findOpenOf(userId)) await endSession(collections, session, now);
      await outbox.add([accountEvent('user.password_changed', user.snapshot())]);
      audit.add({ action: 'password.reset', outcome: 'done', subject: { type: 'user', id: userId } });
    });
  }
}
