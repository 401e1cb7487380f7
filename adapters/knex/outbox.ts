import { v7 as uuidv7 } from 'uuid';

import type { Clock } from '../../application/ports/clock.ts';
import type { ConsumedEvents, Outbox, OutboxDelivery } from '../../application/ports/outbox.ts';
import type { DomainEvent, StoredEvent } from '../../domain/shared/event.ts';
import { insert, type Query, sql, type Tell } from './sql.ts';

const MOST_ATTEMPTS = 20;
const LONGEST_WAIT_SECONDS = 300;

export class KnexOutbox implements Outbox {
  readonly #tell: Tell;
  readonly #clock: Clock;

  constructor(tell: Tell, clock: Clock) {
    this.#tell = tell;
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
    this.#tell(sql`${insert('outbox', rows)} ON CONFLICT (dedupe_key) DO NOTHING`);
  }
}

interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly aggregate_type: DomainEvent['aggregateType'];
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly dedupe_key: string | null;
  readonly payload: DomainEvent['payload'];
  readonly created_at: Date;
}

/** `next_attempt_at` is the end of the lease while somebody delivers, and after a failure when to try again. */
export class KnexOutboxDelivery implements OutboxDelivery {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async claim(limit: number, leaseSeconds: number): Promise<readonly StoredEvent[]> {
    const rows = await this.#query<EventRow>(sql`
      WITH due AS MATERIALIZED (
        SELECT id, type, aggregate_type, aggregate_id, aggregate_version, dedupe_key, payload, created_at,
               attempts + 1 AS attempt
          FROM outbox WHERE published_at IS NULL AND NOT parked AND next_attempt_at <= now()
         ORDER BY id FOR NO KEY UPDATE SKIP LOCKED LIMIT ${limit}
      ), claimed AS (
        UPDATE outbox o SET attempts = d.attempt, parked = d.attempt >= ${MOST_ATTEMPTS},
               next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
          FROM due d WHERE o.id = d.id
      )
      SELECT * FROM due ORDER BY id`);
    return rows.map(eventOf);
  }

  async markPublished(ids: readonly string[]): Promise<void> {
    await this.#query(sql`
      UPDATE outbox SET published_at = now() WHERE id = ANY(${[...ids]}::uuid[]) AND published_at IS NULL`);
  }

  async markFailed(id: string, why: string): Promise<void> {
    await this.#query(sql`
      UPDATE outbox SET failure = ${why}, next_attempt_at =
             now() + make_interval(secs => LEAST(2 ^ LEAST(attempts - 1, 30), ${LONGEST_WAIT_SECONDS}))
       WHERE id = ${id} AND published_at IS NULL`);
  }
}

const eventOf = (row: EventRow): StoredEvent => ({
  id: row.id,
  at: row.created_at,
  type: row.type,
  aggregateType: row.aggregate_type,
  aggregateId: row.aggregate_id,
  aggregateVersion: row.aggregate_version,
  ...(row.dedupe_key !== null && { dedupeKey: row.dedupe_key }),
  payload: row.payload,
});

export class KnexConsumedEvents implements ConsumedEvents {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** Waits for whoever is claiming it at this moment. */
  async claim(consumer: string, eventId: string): Promise<boolean> {
    const rows = await this.#query(sql`
      INSERT INTO consumed_events (consumer, event_id) VALUES (${consumer}, ${eventId})
      ON CONFLICT (event_id, consumer) DO NOTHING RETURNING 1`);
    return rows.length > 0;
  }

  async has(consumer: string, eventId: string): Promise<boolean> {
    const rows = await this.#query(sql`
      SELECT 1 FROM consumed_events WHERE event_id = ${eventId} AND consumer = ${consumer}`);
    return rows.length > 0;
  }
}
