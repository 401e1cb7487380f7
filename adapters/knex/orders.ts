import type { Orders } from '../../application/ports/orders.ts';
import { cartNotOpen } from '../../domain/cart/cart.ts';
import { Order } from '../../domain/ordering/order.ts';
import type { CartId, OrderId } from '../../domain/shared/ids.ts';
import { refusing } from './errors.ts';
import { itemRows, orderOf, orderRow, type OrderRow, paymentRow, SELECT_ORDERS } from './order-rows.ts';
import { insert, type Query, sql, verbatim } from './sql.ts';

/** How long the request that placed an order may work on it before a worker looks after it. */
const FIRST_ATTEMPT = verbatim(`interval '20 seconds'`);

export class KnexOrders implements Orders {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: OrderId): Promise<Order | undefined> {
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE o.id = ${id} FOR NO KEY UPDATE OF o, p`);
    return row && Order.restore(orderOf(row));
  }

  async findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined> {
    const [row] = await this.#query<{ id: OrderId }>(sql`
      SELECT id FROM orders WHERE cart_id = ${cartId} AND saga NOT IN ('CANCEL_PENDING', 'CANCELLED')
         FOR NO KEY UPDATE`);
    return row?.id;
  }

  async add(order: Order, holdSeconds: number): Promise<void> {
    const snapshot = order.snapshot();
    const { columns, values } = columnsOf(orderRow(snapshot));
    const added = sql`
      INSERT INTO orders (${columns}, expires_at, next_attempt_at)
      SELECT ${columns}, now() + make_interval(secs => ${holdSeconds}), now() + ${FIRST_ATTEMPT}
        FROM json_populate_record(NULL::orders, ${values})`;
    await this.#query(
      sql`
      WITH added AS (${added}), paid_by AS (${insert('payments', [paymentRow(snapshot)])})
      ${insert('order_items', itemRows(snapshot))}`,
    ).catch(refusing({ orders_one_live_per_cart: () => cartNotOpen() }));
  }

  async save(order: Order): Promise<void> {
    const snapshot = order.snapshot();
    const { state, saga, shipment, cancel_reason, needs_review, updated_at, updated_by, version } = orderRow(snapshot);
    const paid = paymentRow(snapshot);
    const saved = await this.#query(
      sql`
      WITH paid_by AS (
        UPDATE payments SET state = ${paid.state}, gateway_auth_id = ${paid.gateway_auth_id},
               gateway_capture_id = ${paid.gateway_capture_id}, decline_reason = ${paid.decline_reason},
               action = ${paid.action && JSON.stringify(paid.action)}, updated_at = ${updated_at},
               updated_by = ${updated_by}, version = ${version}
         WHERE id = ${paid.id} AND order_id = ${snapshot.id})
      UPDATE orders SET state = ${state}, saga = ${saga}, shipment = ${shipment && JSON.stringify(shipment)},
             cancel_reason = ${cancel_reason}, needs_review = ${needs_review}, updated_at = ${updated_at},
             updated_by = ${updated_by}, version = ${version}
       WHERE id = ${snapshot.id} RETURNING id`,
    ).catch(refusing({ orders_one_live_per_cart: () => cartNotOpen() }));
    if (saved.length === 0) throw new Error(`Order ${snapshot.id} was never added.`);
  }
}

const columnsOf = (row: object) => ({
  columns: verbatim(Object.keys(row).join(', ')),
  values: JSON.stringify(row),
});
