import { PERMISSIONS, requireHeld, type Rights } from '../../domain/identity/permissions.ts';
import { invalidValue, notFound } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';
import { requireReach } from './reach.ts';

/** After an incident: signs somebody out everywhere, or everybody who signed in before a moment. */
export class RevokeSessions {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async ofUser(command: { userId: UserId; rights: Rights }): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#ports.unitOfWork.run(async collections => {
      const { users, sessions, audit } = collections;
      const user = await users.find(command.userId);
      if (!user) throw notFound('User');
      await requireReach(collections, command.rights, [user.snapshot().role]);
      for (const session of await sessions.findOpenOf(command.userId)) await endSession(collections, session, now);
      audit.add({ action: 'sessions.revoked', outcome: 'done', subject: { type: 'user', id: command.userId } });
    });
  }

  /** One moment for all, kept once: however many sessions there are, it takes no longer. */
  async ofEverybody(command: { issuedBefore?: Date | undefined; rights: Rights }): Promise<void> {
    requireHeld(command.rights, PERMISSIONS); // Administrators are among them.
    const now = this.#ports.clock.now();
    const moment = command.issuedBefore ?? now;
    if (moment > now) throw invalidValue('issued_before', 'must not be in the future');
    await this.#ports.unitOfWork.run(async ({ sessionCutoff, audit }) => {
      await sessionCutoff.raise(moment);
      const after = { issued_before: moment.toISOString() };
      audit.add({ action: 'sessions.revoked', outcome: 'done', subject: null, after });
    });
  }
}
