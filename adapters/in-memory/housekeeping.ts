import type { Clock } from '../../application/ports/clock.ts';
import type { Housekeeping } from '../../application/ports/housekeeping.ts';
import { later } from './later.ts';
import type { Draft } from './table.ts';
import type { Drafts } from './tables.ts';

/** In seconds. */
const KEYS_KEPT = 72 * 3600;
const DELIVERIES_KEPT = 30 * 24 * 3600;

export class InMemoryHousekeeping implements Housekeeping {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async reap(limit: number): Promise<number> {
    const now = this.#clock.now();
    const { idempotency, idempotencyByOrder, notices, outbox, outboxByDedupeKey, consumedEvents } = this.#drafts;
    const { revokedTokens, oneTimeTokens } = this.#drafts;
    const keysUntil = later(now, -KEYS_KEPT);
    const deliveriesUntil = later(now, -DELIVERIES_KEPT);
    let left = limit;
    left -= reapFrom(
      idempotency,
      left,
      row => isBefore(row.completedAt, keysUntil),
      row => {
        if (row.orderId) idempotencyByOrder.delete(row.orderId);
      },
    );
    left -= reapFrom(notices, left, row => isBefore(row.readAt, deliveriesUntil));
    left -= reapFrom(
      outbox,
      left,
      row => isBefore(row.publishedAt, deliveriesUntil),
      ({ id, event }) => {
        if (event.dedupeKey !== undefined) outboxByDedupeKey.delete(event.dedupeKey);
        if (consumedEvents.get(id)) consumedEvents.delete(id);
      },
    );
    left -= reapFrom(revokedTokens, left, expiresAt => isBefore(expiresAt, now));
    left -= reapFrom(oneTimeTokens, left, token => isBefore(token.expiresAt, now));
    return limit - left;
  }
}

const isBefore = (moment: Date | null, limit: Date): boolean => moment !== null && moment < limit;

function reapFrom<Key, Row>(
  rows: Draft<Key, Row>,
  limit: number,
  isOld: (row: Row) => boolean,
  andThen: (row: Row) => void = () => undefined,
): number {
  const old: [Key, Row][] = [];
  for (const [key, row] of rows.entries()) {
    if (old.length >= limit) break;
    if (isOld(row)) old.push([key, row]);
  }
  for (const [key, row] of old) {
    rows.delete(key);
    andThen(row);
  }
  return old.length;
}
