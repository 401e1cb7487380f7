import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { UserId } from '../../domain/shared/ids.ts';
import type { Ids } from '../ports/ids.ts';
import type { RateLimits } from '../ports/rate-limits.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { accountEvent } from './account-event.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly rateLimits: RateLimits;
  readonly ids: Ids;
}

/** Two wishes for a mail with a token. The mail itself is sent later, so that nobody learns here whether it is. */
export class AskForMail {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The same work for an address that nobody has: an event about nobody is stored, too. */
  async toResetPassword({ email }: { email: EmailAddress }): Promise<void> {
    const { unitOfWork, rateLimits, ids } = this.#ports;
    if (!(await rateLimits.take('mail', `reset ${email}`)).allowed) return;
    const nobody = { id: UserId(ids.next()), version: 1 };
    await unitOfWork.run(async ({ users, outbox, audit }) => {
      const user = (await users.findByEmail(email))?.snapshot();
      await outbox.add([accountEvent('user.password_forgotten', user ?? nobody)]);
      const subject = user ? { type: 'user', id: user.id } : null;
      audit.add({ action: 'password.reset-asked', outcome: 'done', subject });
    });
  }

  async toVerifyEmail({ userId }: { userId: UserId }): Promise<void> {
    const { unitOfWork, rateLimits } = this.#ports;
    if (!(await rateLimits.take('mail', `verify ${userId}`)).allowed) return;
    await unitOfWork.run(async ({ users, outbox }) => {
      const user = await users.find(userId);
      if (user) await outbox.add([accountEvent('user.verification_asked', user.snapshot())]);
    });
  }
}
