import type { Clock } from '../../application/ports/clock.ts';
import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyRecords,
  StoredAnswer,
} from '../../application/ports/idempotency-records.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { later } from './later.ts';
import { requireRow } from './references.ts';
import type { Drafts, IdempotencyRow } from './tables.ts';

/** In seconds. */
const LOST_AFTER = 24 * 3600;

export class InMemoryIdempotencyRecords implements IdempotencyRecords {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async claim(claim: IdempotencyClaim, leaseSeconds: number): Promise<ClaimResult> {
    const now = this.#clock.now();
    const row = this.#drafts.idempotency.get(keyOf(claim));
    if (row && row.claim.fingerprint !== claim.fingerprint) return { kind: 'reused' };
    if (row?.answer) return { kind: 'completed', answer: row.answer };
    if (row && row.leasedUntil > now) return { kind: 'in-progress' };
    const leasedUntil = new Date(now.getTime() + leaseSeconds * 1000);
    const { orderId = null, applied = false } = row ?? {};
    this.#put({ claim, leasedUntil, orderId, applied, answer: null, completedAt: null });
    if (orderId) return { kind: 'resume', orderId };
    return { kind: applied ? 'applied' : 'claimed' };
  }

  async bindOrder(claim: IdempotencyClaim, orderId: OrderId): Promise<void> {
    requireRow(this.#drafts.orders, orderId, 'order');
    this.#put({ ...this.#claimed(claim), orderId });
    this.#drafts.idempotencyByOrder.set(orderId, keyOf(claim));
  }

  async markApplied(claim: IdempotencyClaim): Promise<void> {
    this.#put({ ...this.#claimed(claim), applied: true });
  }

  async complete(claim: IdempotencyClaim, answer: StoredAnswer): Promise<StoredAnswer> {
    return this.#complete(this.#claimed(claim), () => answer);
  }

  /** A unit of work has everything to itself. */
  async lockForOrder(): Promise<void> {}

  async completeForOrder(
    orderId: OrderId,
    answer: (requestId: string) => StoredAnswer,
  ): Promise<StoredAnswer | undefined> {
    const key = this.#drafts.idempotencyByOrder.get(orderId);
    const row = key === undefined ? undefined : this.#drafts.idempotency.get(key);
    return row && this.#complete(row, answer);
  }

  async completeLost(limit: number, answer: (requestId: string) => StoredAnswer): Promise<number> {
    const until = later(this.#clock.now(), -LOST_AFTER);
    const lost = [...this.#drafts.idempotency.values()]
      .filter(row => row.applied && !row.answer && row.leasedUntil < until)
      .slice(0, limit);
    for (const row of lost) this.#complete(row, answer);
    return lost.length;
  }

  async forget(owner: string): Promise<void> {
    const { idempotency, idempotencyByOrder } = this.#drafts;
    for (const { claim, orderId } of [...idempotency.values()].filter(row => row.claim.owner === owner && row.answer)) {
      idempotency.delete(keyOf(claim));
      if (orderId) idempotencyByOrder.delete(orderId);
    }
  }

  #complete(row: IdempotencyRow, answer: (requestId: string) => StoredAnswer): StoredAnswer {
    if (row.answer) return row.answer;
    const given = { ...answer(row.claim.requestId) };
    this.#put({ ...row, answer: given, completedAt: this.#clock.now() });
    return given;
  }

  #claimed(claim: IdempotencyClaim): IdempotencyRow {
    const row = this.#drafts.idempotency.get(keyOf(claim));
    if (!row) throw new Error('This idempotency key was never claimed.');
    return row;
  }

  #put(row: IdempotencyRow): void {
    this.#drafts.idempotency.set(keyOf(row.claim), row);
  }
}

/** Keys are visible ASCII, so a line break cannot be part of one. */
const keyOf = ({ owner, key }: IdempotencyClaim): string => `${key}\n${owner}`;
