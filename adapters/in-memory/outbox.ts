import type { Clock } from '../../application/ports/clock.ts';
import type { Outbox } from '../../application/ports/outbox.ts';
import type { DomainEvent } from '../../domain/shared/event.ts';
import type { Sequence } from './sequence.ts';
import type { Drafts } from './tables.ts';

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
    const { outbox, outboxByDedupeKey } = this.#drafts;
    for (const event of events) {
      if (event.dedupeKey !== undefined && outboxByDedupeKey.get(event.dedupeKey)) continue;
      const id = this.#ids.next();
      outbox.set(id, { id, event, createdAt: this.#clock.now(), publishedAt: null, attempts: 0 });
      if (event.dedupeKey !== undefined) outboxByDedupeKey.set(event.dedupeKey, id);
    }
  }
}
