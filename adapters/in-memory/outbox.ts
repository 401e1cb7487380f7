import type { Clock } from '../../application/ports/clock.ts';
import type { ConsumedEvents, Outbox, OutboxDelivery } from '../../application/ports/outbox.ts';
import type { DomainEvent, StoredEvent } from '../../domain/shared/event.ts';
import { later } from './later.ts';
import type { Sequence } from './sequence.ts';
import type { Drafts, OutboxRow } from './tables.ts';

const MOST_ATTEMPTS = 20;
const LONGEST_WAIT_SECONDS = 300;

export class InMemoryOutbox implements Outbox {
  readonly #drafts: Drafts;
  readonly #ids: Sequence;
  readonly #clock: Clock;

  constructor(drafts: Drafts, ids: Sequence, clock: Clock) {
    this.#drafts = drafts;
    this.#ids = ids;
    this.#clock = clock;
  }

  async add(events: readonly DomainEvent[]): Promise<void> {
    const { outbox, outboxByDedupeKey, unpublishedEvents } = this.#drafts;
    for (const event of events) {
      if (event.dedupeKey !== undefined && outboxByDedupeKey.get(event.dedupeKey)) continue;
      const id = this.#ids.next();
      const now = this.#clock.now();
      outbox.set(id, { id, event, createdAt: now, publishedAt: null, attempts: 0, dueAt: now, failure: null });
      unpublishedEvents.set(id, id);
      if (event.dedupeKey !== undefined) outboxByDedupeKey.set(event.dedupeKey, id);
    }
  }
}

export const isParked = ({ attempts, publishedAt }: OutboxRow): boolean =>
  publishedAt === null && attempts >= MOST_ATTEMPTS;

export class InMemoryOutboxDelivery implements OutboxDelivery {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async claim(limit: number, leaseSeconds: number): Promise<readonly StoredEvent[]> {
    const now = this.#clock.now();
    const due = [...this.#drafts.unpublishedEvents.values()]
      .map(id => this.#drafts.outbox.get(id)!)
      .filter(row => row.dueAt <= now && !isParked(row))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    for (const row of due) this.#put({ ...row, attempts: row.attempts + 1, dueAt: later(now, leaseSeconds) });
    return due.map(({ id, event, createdAt }) => ({ ...event, id, at: createdAt }));
  }

  async markPublished(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const row = this.#drafts.outbox.get(id);
      if (!row || row.publishedAt) continue;
      this.#put({ ...row, publishedAt: this.#clock.now() });
      this.#drafts.unpublishedEvents.delete(id);
    }
  }

  async markFailed(id: string, why: string): Promise<void> {
    const row = this.#drafts.outbox.get(id);
    if (!row || row.publishedAt) return;
    const wait = Math.min(2 ** (row.attempts - 1), LONGEST_WAIT_SECONDS);
    this.#put({ ...row, dueAt: later(this.#clock.now(), wait), failure: why });
  }

  #put(row: OutboxRow): void {
    this.#drafts.outbox.set(row.id, row);
  }
}

export class InMemoryConsumedEvents implements ConsumedEvents {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async claim(consumer: string, eventId: string): Promise<boolean> {
    const { consumedEvents } = this.#drafts;
    const before = consumedEvents.get(eventId) ?? [];
    if (before.includes(consumer)) return false;
    consumedEvents.set(eventId, [...before, consumer]);
    return true;
  }

  async has(consumer: string, eventId: string): Promise<boolean> {
    return this.#drafts.consumedEvents.get(eventId)?.includes(consumer) ?? false;
  }
}
