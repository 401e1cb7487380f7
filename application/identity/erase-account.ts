import { accountGone } from './account-gone.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { ownerOf } from '../ports/idempotency-records.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endSession } from './end-session.ts';

/**
 * Somebody asks to be forgotten: sessions end, and what tells who they are goes for good. Their orders stay, with what
 * was sold for how much; those under way go on.
 */
export class EraseAccount {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  async execute({ userId }: { userId: UserId }): Promise<void> {
    const now = this.#ports.clock.now();
    await this.#ports.unitOfWork.run(async collections => {
      const { users, addresses, sessions, secondFactors, oneTimeTokens, idempotency } = collections;
      // First, and always: two of them who go at once lock the same rows in the same order.
      const administrators = await users.administrators();
      const user = await users.find(userId);
      if (!user) throw accountGone();
      user.requireErasable(administrators);
      for (const session of await sessions.findOpenOf(userId)) await endSession(collections, session, now);
      await addresses.removeAllOf(userId);
      await secondFactors.remove(userId);
      await oneTimeTokens.removeAllOf(userId);
      await idempotency.forget(ownerOf(userId));
      await users.erase(user, now);
      collections.audit.add({ action: 'user.erased', outcome: 'done', subject: { type: 'user', id: userId } });
    });
  }
}
