import type { Rights } from '../../domain/identity/permissions.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { accountEvent } from './account-event.ts';
import { endSession } from './end-session.ts';
import { requireReach } from './reach.ts';

interface Command {
  readonly userId: UserId;
  /** What whoever does it may do themselves. */
  readonly rights: Rights;
}

/**
 * Helps somebody who has lost their authenticator, or whose account got one from a thief: they are told by mail. Where none is on,
 * nothing happens.
 */
export class RemoveSecondFactor {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async execute({ userId, rights }: Command): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    const now = clock.now();
    await unitOfWork.run(async collections => {
      const { users, secondFactors, sessions, outbox, audit } = collections;
      const user = (await users.find(userId))?.snapshot();
      if (!user) throw notFound('User');
      await requireReach(collections, rights, [user.role]);
      if (!(await secondFactors.find(userId))?.isOn) return;
      await secondFactors.remove(userId);
      for (const session of await sessions.findOpenOf(userId)) await endSession(collections, session, now);
      await outbox.add([accountEvent('user.second_factor_removed', user)]);
      audit.add({ action: 'second-factor.off', outcome: 'done', subject: { type: 'user', id: userId } });
    });
  }
}
