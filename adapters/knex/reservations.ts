import { v7 as uuidv7 } from 'uuid';

import type { Clock } from '../../application/ports/clock.ts';
import type { Reservations } from '../../application/ports/reservations.ts';
import {
  alreadyRestocked,
  type ReservationLine,
  type ReservationState,
  type Shortage,
} from '../../domain/inventory/reservation.ts';
import type { MovementKind } from '../../domain/inventory/stock-item.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { orNone, type Refusals } from './errors.ts';
import { type Query, someOf, sql, type Tell } from './sql.ts';

/** What becomes of an order's units; the factors say what happens to the stock for each unit. */
interface Settlement {
  readonly from: readonly ReservationState[];
  readonly to: ReservationState;
  readonly onHand: -1 | 0 | 1;
  readonly reserved: -1 | 0;
  readonly movement: MovementKind | null;
}

const CONSUME: Settlement = { from: ['PINNED'], to: 'CONSUMED', onHand: -1, reserved: -1, movement: 'SALE' };
const RELEASE: Settlement = { from: ['HELD', 'PINNED'], to: 'RELEASED', onHand: 0, reserved: -1, movement: null };
const RESTOCK: Settlement = { from: ['CONSUMED'], to: 'CONSUMED', onHand: 1, reserved: 0, movement: 'RETURN' };

/**
 * Each verb is one statement. Stock is locked by a sub-select in ascending order of variant id, and the update joins
 * that sub-select: it meets only rows that are locked already. Its numbers must come from there, too, because the table
 * itself still looks to this statement as it did before the wait, also to the CHECKs on what is written.
 */
export class KnexReservations implements Reservations {
  readonly #query: Query;
  readonly #tell: Tell;
  readonly #clock: Clock;

  constructor(query: Query, tell: Tell, clock: Clock) {
    this.#query = query;
    this.#tell = tell;
    this.#clock = clock;
  }

  async reserve(orderId: OrderId, lines: readonly ReservationLine[]): Promise<readonly Shortage[]> {
    const variants = lines.map(line => line.variantId);
    const quantities = lines.map(line => line.quantity);
    return this.#query<Shortage>(sql`
      WITH wanted AS (
        SELECT * FROM unnest(${variants}::uuid[], ${quantities}::integer[]) AS w (variant_id, qty)
      ), locked AS MATERIALIZED (
        SELECT variant_id, on_hand, reserved, version FROM inventory
         WHERE variant_id = ANY(${variants}::uuid[]) ORDER BY variant_id FOR NO KEY UPDATE
      ), taken AS (
        UPDATE inventory i
           SET on_hand = l.on_hand, reserved = l.reserved + w.qty, version = l.version + 1,
               updated_at = ${this.#clock.now()}, updated_by = NULL
          FROM locked l JOIN wanted w ON w.variant_id = l.variant_id
         WHERE i.variant_id = l.variant_id AND l.on_hand - l.reserved >= w.qty
        RETURNING i.variant_id, w.qty
      ), held AS (
        INSERT INTO reservations (order_id, variant_id, qty, state)
        SELECT ${orderId}::uuid, variant_id, qty, 'HELD' FROM taken
      )
      SELECT w.variant_id AS "variantId", w.qty AS requested, COALESCE(l.on_hand - l.reserved, 0) AS available
        FROM wanted w LEFT JOIN locked l ON l.variant_id = w.variant_id
       WHERE NOT EXISTS (SELECT FROM taken t WHERE t.variant_id = w.variant_id)
       ORDER BY w.variant_id`);
  }

  async pin(orderId: OrderId): Promise<void> {
    this.#tell(
      sql`
      WITH pinned AS (
        UPDATE reservations SET state = 'PINNED' WHERE order_id = ${orderId} AND state = 'HELD' RETURNING variant_id
      )
      ${someOf('pinned')}`,
      orNone(`Order ${orderId} has no reservation that can be pinned.`),
    );
  }

  consume(orderId: OrderId): Promise<void> {
    return this.#settle(orderId, CONSUME);
  }

  release(orderId: OrderId): Promise<void> {
    return this.#settle(orderId, RELEASE);
  }

  /** A second time it breaks on the ledger, which shows each return of an order at most once. */
  restock(orderId: OrderId): Promise<void> {
    return this.#settle(orderId, RESTOCK, { stock_ledger_once: () => alreadyRestocked(orderId) });
  }

  async #settle(orderId: OrderId, settlement: Settlement, refusals?: Refusals): Promise<void> {
    const { from, to, onHand, reserved, movement } = settlement;
    const now = this.#clock.now();
    // How many lines there are only the database knows: they are counted in the last three digits of one new id.
    this.#tell(
      sql`
      WITH mine AS MATERIALIZED (
        SELECT variant_id, qty FROM reservations
         WHERE order_id = ${orderId} AND state = ANY(${[...from]}::text[]) ORDER BY variant_id FOR NO KEY UPDATE
      ), moved AS (
        UPDATE reservations r SET state = ${to} FROM mine m WHERE r.order_id = ${orderId} AND r.variant_id = m.variant_id
      ), locked AS MATERIALIZED (
        SELECT variant_id, on_hand, reserved, version FROM inventory
         WHERE variant_id IN (SELECT variant_id FROM mine) ORDER BY variant_id FOR NO KEY UPDATE
      ), changed AS (
        UPDATE inventory i
           SET on_hand = l.on_hand + m.qty * ${onHand}::integer, reserved = l.reserved + m.qty * ${reserved}::integer,
               version = l.version + 1, updated_at = ${now}, updated_by = NULL
          FROM locked l JOIN mine m ON m.variant_id = l.variant_id
         WHERE i.variant_id = l.variant_id
        RETURNING i.variant_id, m.qty
      ), written AS (
        INSERT INTO stock_ledger (id, variant_id, delta, kind, ref_type, ref_id, created_at)
        SELECT (left(${uuidv7()}, -3) || lpad(to_hex(row_number() OVER (ORDER BY variant_id)), 3, '0'))::uuid,
               variant_id, qty * ${onHand}::integer, ${movement}::text, 'order', ${orderId}::uuid, ${now}::timestamptz
          FROM changed WHERE ${movement}::text IS NOT NULL
      )
      ${someOf('changed')}`,
      orNone(`Order ${orderId} has no reservation that can be ${to.toLowerCase()}.`, refusals),
    );
  }
}
