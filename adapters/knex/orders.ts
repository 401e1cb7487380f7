import type { DueOrder, Orders } from '../../application/ports/orders.ts';
import type { PersonKey } from '../../application/ports/personal-data.ts';
import { cartNotOpen } from '../../domain/cart/cart.ts';
import { isUnsettled, Order, type OrderSnapshot } from '../../domain/ordering/order.ts';
import type { CartId, OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import { refusing } from './errors.ts';
import type { PersonKeys } from './person-keys.ts';
import {
  itemRows,
  mayHaveRefunds,
  orderOf,
  orderRow,
  type OrderRow,
  paymentRow,
  type RefundRow,
  refundRows,
  SELECT_ORDERS,
} from './order-rows.ts';
import { customerRow, isWrittenAbout, nothingToSeal, personOf, type Seal, sealingFor } from './sealed-orders.ts';
import { insert, type Query, sql, someOf, type Sql, type Tell, upsert, verbatim } from './sql.ts';

/** How long whoever has saved an order may go on with it before a worker looks after it. */
const FIRST_ATTEMPT = verbatim(`interval '20 seconds'`);

/** How long to wait after the first attempt, the second, and so on; the last goes for all others, too. */
const WAITS = verbatim(`ARRAY[interval '20 seconds', '1 minute', '5 minutes', '10 minutes']`);

const STUCK = verbatim(`interval '72 hours'`);

const REFUSE = refusing({ orders_one_live_per_cart: () => cartNotOpen() });

export class KnexOrders implements Orders {
  readonly #query: Query;
  readonly #tell: Tell;
  readonly #keys: PersonKeys;
  /** The keys of the orders that have been locked: who saves one has read it before. */
  readonly #wrapped = new Map<OrderId, string | null>();

  constructor(query: Query, tell: Tell, keys: PersonKeys) {
    this.#query = query;
    this.#tell = tell;
    this.#keys = keys;
  }

  find(id: OrderId): Promise<Order | undefined> {
    return this.#locked(sql`o.id = ${id}`);
  }

  findOverdue(id: OrderId): Promise<Order | undefined> {
    return this.#locked(sql`o.id = ${id} AND o.saga = 'RESERVED' AND o.expires_at <= now()`);
  }

  async findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined> {
    const [row] = await this.#query<{ id: OrderId }>(sql`
      SELECT id FROM orders WHERE cart_id = ${cartId} AND saga NOT IN ('CANCEL_PENDING', 'CANCELLED')
         FOR NO KEY UPDATE`);
    return row?.id;
  }

  async unpaidOf(userId: UserId): Promise<readonly OrderId[]> {
    const rows = await this.#query<{ id: OrderId }>(sql`
      SELECT id FROM orders WHERE user_id = ${userId} AND saga = 'RESERVED' ORDER BY id`);
    return rows.map(({ id }) => id);
  }

  async add(order: Order, holdSeconds: number): Promise<void> {
    const snapshot = order.snapshot();
    const { key, keyed } = await this.#keyOf(snapshot);
    const { cipher } = this.#keys;
    const row = { ...orderRow(sealingFor(cipher, key), snapshot), ...customerRow(cipher, key, snapshot) };
    const columns = verbatim(Object.keys(row).join(', '));
    const { unsettledSince, nextAttemptAt } = attemptsOf(snapshot, sql`now()`);
    const placed = sql`
      INSERT INTO orders (${columns}, expires_at, unsettled_since, next_attempt_at)
      SELECT ${columns}, now() + make_interval(secs => ${holdSeconds}), ${unsettledSince}, ${nextAttemptAt}
        FROM json_populate_record(NULL::orders, ${JSON.stringify(row)})`;
    this.#tell(
      sql`
      WITH ${keyed}placed AS (${placed}), paid_by AS (${insert('payments', [paymentRow(snapshot)])})
      ${insert('order_items', itemRows(snapshot))}`,
      REFUSE,
    );
  }

  async save(order: Order): Promise<void> {
    const snapshot = order.snapshot();
    const seal = isWrittenAbout(snapshot)
      ? sealingFor(this.#keys.cipher, await this.#keyOfSaved(snapshot))
      : nothingToSeal;
    const { state, saga, needs_review, resumed, updated_at, updated_by, version, ...row } = orderRow(seal, snapshot);
    const { unsettledSince, nextAttemptAt } = attemptsOf(snapshot, sql`COALESCE(unsettled_since, now())`);
    this.#tell(
      sql`
      WITH ${moneyOf(seal, snapshot)}, saved AS (
      UPDATE orders SET state = ${state}, saga = ${saga}, sealed_shipment = ${row.sealed_shipment},
             sealed_cancel_reason = ${row.sealed_cancel_reason},
             sealed_resume_reason = ${row.sealed_resume_reason}, needs_review = ${needs_review},
             resumed = ${resumed && JSON.stringify(resumed)}, updated_at = ${updated_at},
             updated_by = ${updated_by}, version = ${version}, saved_at = now(), attempts = 0,
             unsettled_since = ${unsettledSince}, next_attempt_at = ${nextAttemptAt}
       WHERE id = ${snapshot.id} RETURNING id)
      ${someOf('saved')}`,
      REFUSE,
    );
  }

  /** Counts on from what was locked: to this statement the table looks as it did before. */
  claimDue(limit: number): Promise<readonly DueOrder[]> {
    return this.#query<DueOrder>(sql`
      WITH due AS MATERIALIZED (
        SELECT id, attempts + 1 AS attempt, next_attempt_at, unsettled_since FROM orders
         WHERE next_attempt_at <= now() ORDER BY next_attempt_at, id
           FOR NO KEY UPDATE SKIP LOCKED LIMIT ${limit}
      ), claimed AS (
        UPDATE orders o SET attempts = d.attempt, next_attempt_at =
               now() + (${WAITS})[LEAST(d.attempt, cardinality(${WAITS}))] * (1 + random() / 4)
          FROM due d WHERE o.id = d.id
      )
      SELECT id, COALESCE(unsettled_since <= now() - ${STUCK}, false) AS stuck FROM due
       ORDER BY next_attempt_at, id`);
  }

  /** Refunds may be added while one waits for the lock, so they are read when it is there. */
  async #locked(condition: Sql): Promise<Order | undefined> {
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE ${condition} FOR NO KEY UPDATE OF o, p`);
    if (!row) return undefined;
    this.#wrapped.set(row.id, row.wrapped);
    const refunds = mayHaveRefunds(row) ? await this.#refundsOf(row.payment_id) : [];
    return Order.restore(orderOf(this.#keys.cipher, { ...row, refunds }));
  }

  /** A guest's key goes in with the order; that of a customer has been seen, unless another process signed them in. */
  async #keyOf(order: OrderSnapshot): Promise<{ key: PersonKey; keyed: Sql }> {
    const { cipher } = this.#keys;
    const fresh = () => cipher.newKey(personOf(order));
    // Whoever is erased at this very moment: nobody is to read it, so nobody needs the key.
    if (order.userId) return { key: (await this.#keys.find(order.userId)) ?? fresh(), keyed: verbatim('') };
    const key = fresh();
    const keyed = sql`
      keyed AS (INSERT INTO person_keys (person_id, wrapped) VALUES (${key.personId}, ${key.wrapped})), `;
    return { key, keyed };
  }

  /** What is written about somebody who has been erased is sealed for nobody. */
  async #keyOfSaved(order: OrderSnapshot): Promise<PersonKey> {
    const personId = personOf(order);
    const wrapped = this.#wrapped.get(order.id);
    if (typeof wrapped === 'string') return { personId, wrapped };
    const found = wrapped === undefined ? await this.#keys.find(personId) : undefined;
    return found ?? this.#keys.cipher.newKey(personId);
  }

  #refundsOf(paymentId: PaymentId): Promise<RefundRow[]> {
    return this.#query<RefundRow>(sql`SELECT * FROM refunds WHERE payment_id = ${paymentId} ORDER BY number`);
  }
}

/** When somebody has to look at it next if nobody saves it before, by the clock of the database. */
function attemptsOf(order: OrderSnapshot, since: Sql): { unsettledSince: Sql; nextAttemptAt: Sql } {
  const unsettled = sql`${isUnsettled(order)}::boolean`;
  return {
    unsettledSince: sql`CASE WHEN ${unsettled} THEN ${since} END`,
    nextAttemptAt: sql`CASE WHEN ${unsettled} THEN now() + ${FIRST_ATTEMPT} END`,
  };
}

/** The parts of WITH that write the payment and what of it goes back. */
function moneyOf(seal: Seal, order: OrderSnapshot): Sql {
  const paid = paymentRow(order);
  const paidBy = sql`
    paid_by AS (
      UPDATE payments SET state = ${paid.state}, amount = ${paid.amount}, gateway_auth_id = ${paid.gateway_auth_id},
             gateway_capture_id = ${paid.gateway_capture_id}, decline_reason = ${paid.decline_reason},
             action = ${paid.action && JSON.stringify(paid.action)}, refunded_amount = ${paid.refunded_amount},
             updated_at = ${paid.updated_at}, updated_by = ${paid.updated_by}, version = ${paid.version}
       WHERE id = ${paid.id} AND order_id = ${order.id})`;
  const refunds = refundRows(seal, order);
  if (refunds.length === 0) return paidBy;
  return sql`${paidBy}, given_back AS (${upsert('refunds', 'payment_id, number', refunds)})`;
}
