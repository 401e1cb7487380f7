import { v7 as uuidv7 } from 'uuid';

import type { Clock } from '../../application/ports/clock.ts';
import type { Outbox } from '../../application/ports/outbox.ts';
import type { DomainEvent } from '../../domain/shared/event.ts';
import { insert, type Query, sql } from './sql.ts';

export class KnexOutbox implements Outbox {
  readonly #query: Query;
  readonly #clock: Clock;

  constructor(query: Query, clock: Clock) {
    this.#query = query;
    this.#clock = clock;
  }

  async add(events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const at = this.#clock.now();
    const rows = events.map(event => ({
      id: uuidv7(),
      aggregate_type: event.aggregateType,
      aggregate_id: event.aggregateId,
      aggregate_version: event.aggregateVersion,
      type: event.type,
      payload: event.payload,
      dedupe_key: event.dedupeKey ?? null,
      created_at: at,
    }));
    await this.#query(sql`${insert('outbox', rows)} ON CONFLICT (dedupe_key) DO NOTHING`);
  }
}
