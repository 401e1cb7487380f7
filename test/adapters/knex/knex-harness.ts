import type { Knex } from 'knex';

import type { ReservationState } from '../../../domain/inventory/reservation.ts';
import type { DomainEvent } from '../../../domain/shared/event.ts';
import type { OrderId, VariantId } from '../../../domain/shared/ids.ts';
import type { OutboxRow, ReservationRow, StoreHarness } from '../../contracts/store-harness.ts';
import type { TestPostgres } from '../../support/postgres.ts';
import { openDatabase } from './knex-database.ts';

export const knexHarness = (postgres: TestPostgres): StoreHarness => ({
  name: `Knex on ${postgres.name}`,
  open: async () => {
    const database = await openDatabase(postgres);
    const { knex, store } = database;
    return {
      store,
      inspect: {
        outbox: () => outboxOf(knex),
        reservations: orderId => reservationsOf(knex, orderId),
        age: seconds => age(knex, seconds),
      },
      clear: () => clear(knex),
      close: () => database.close(),
    };
  },
});

/** Deleting is faster than TRUNCATE for tables that hold a handful of rows. What is owned goes with its owner. */
const clear = (knex: Knex): Promise<void> =>
  knex.raw(
    [...TABLES.split(' ').map(table => `DELETE FROM ${table}`), ...BUILT_IN_ROLES_ONLY, ...CLEAR_AUDIT_LOG].join('; '),
  );

/** Only a superuser can, and only by switching off all triggers, those of foreign keys as well: so it comes last. */
const CLEAR_AUDIT_LOG = ['SET LOCAL session_replication_role = replica', 'DELETE FROM audit_log'];

const BUILT_IN_ROLES_ONLY = [
  'DELETE FROM roles WHERE NOT built_in',
  `UPDATE roles SET version = 1, permissions =
     '{products:write,inventory:read,inventory:write,orders:read,orders:write}' WHERE name = 'staff'`,
];

/** Those that own rows before those that are owned by nobody else. */
const TABLES =
  'idempotency_keys orders carts products categories users revoked_tokens session_cutoff product_imports ' +
  'gateway_events outbox consumed_events user_emails search_documents search_words';

/** What the database measures from its own clock. */
const DEADLINES = {
  orders: ['expires_at', 'next_attempt_at', 'unsettled_since', 'saved_at'],
  idempotency_keys: ['locked_until', 'completed_at'],
  outbox: ['stored_at', 'next_attempt_at', 'published_at'],
  gateway_events: ['received_at', 'next_attempt_at', 'processed_at'],
  revoked_tokens: ['expires_at'],
  one_time_tokens: ['expires_at'],
  search_changes: ['noted_at', 'next_attempt_at'],
};

const age = (knex: Knex, seconds: number): Promise<void> =>
  knex.raw(
    Object.entries(DEADLINES)
      .map(([table, columns]) => {
        const earlier = columns.map(column => `${column} = ${column} - interval '${seconds} seconds'`);
        return `UPDATE ${table} SET ${earlier.join(', ')}`;
      })
      .join('; '),
  );

interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregate_type: DomainEvent['aggregateType'];
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly dedupe_key: string | null;
  readonly payload: DomainEvent['payload'];
  readonly created_at: Date;
  readonly published_at: Date | null;
  readonly attempts: number;
}

async function outboxOf(knex: Knex): Promise<OutboxRow[]> {
  const rows: StoredEvent[] = await knex('outbox').orderBy('id');
  return rows.map(row => ({
    id: row.id,
    event: {
      type: row.type,
      aggregateType: row.aggregate_type,
      aggregateId: row.aggregate_id,
      aggregateVersion: row.aggregate_version,
      ...(row.dedupe_key !== null && { dedupeKey: row.dedupe_key }),
      payload: row.payload,
    },
    createdAt: row.created_at,
    publishedAt: row.published_at,
    attempts: row.attempts,
  }));
}

async function reservationsOf(knex: Knex, orderId: OrderId): Promise<ReservationRow[]> {
  const rows: { variant_id: VariantId; qty: number; state: ReservationState }[] = await knex('reservations')
    .where('order_id', orderId)
    .orderBy('variant_id');
  return rows.map(row => ({ variantId: row.variant_id, quantity: row.qty, state: row.state }));
}
