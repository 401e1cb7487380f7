import type { Clock } from '../ports/clock.ts';
import type { SecretTokens } from '../ports/secret-tokens.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { tokenInvalid } from './reset-password.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly secretTokens: SecretTokens;
  readonly clock: Clock;
}

export class VerifyEmail {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: { token: string }): Promise<void> {
    const { unitOfWork, secretTokens, clock } = this.#ports;
    const now = clock.now();
    await unitOfWork.run(async ({ oneTimeTokens, users, audit }) => {
      const token = await oneTimeTokens.find(secretTokens.hash(command.token));
      if (!token?.isGoodFor('email-verification', now)) throw tokenInvalid();
      const { userId } = token.snapshot();
      const user = await users.find(userId);
      if (!user) throw tokenInvalid();
      token.spend(now);
      await oneTimeTokens.save(token);
      user.verifyEmail({ at: now, by: userId });
      await users.save(user);
      audit.add({ action: 'email.verified', outcome: 'done', subject: { type: 'user', id: userId } });
    });
  }
}
