import type { OrderCriteria, OrderQueries } from '../../application/ports/order-queries.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import { orderOf, type OrderRow, SELECT_ORDERS } from './order-rows.ts';
import { newestFirst, positionById, readPage } from './pages.ts';
import { type Query, sql, type Sql } from './sql.ts';

export class KnexOrderQueries implements OrderQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  list(criteria: OrderCriteria, page: PageRequest): Promise<Page<OrderSnapshot>> {
    return readPage<OrderRow, OrderSnapshot>(this.#query, {
      select: SELECT_ORDERS,
      from: sql`orders o`,
      where: conditionsOf(criteria),
      order: newestFirst(sql`o.id`),
      page,
      positionOf: positionById,
      itemOf: orderOf,
    });
  }

  async find(id: OrderId, userId?: UserId): Promise<OrderSnapshot | undefined> {
    const mine = userId === undefined ? sql`TRUE` : sql`o.user_id = ${userId}`;
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE o.id = ${id} AND ${mine}`);
    return row && orderOf(row);
  }

  async findByPayment(ref: PaymentId): Promise<OrderSnapshot | undefined> {
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE p.id = ${ref}`);
    return row && orderOf(row);
  }
}

/** An order is found by the address that it was sent to, and by that of the account that it belongs to. */
const byEmail = (email: string): Sql =>
  sql`(o.email = ${email} OR o.user_id = (SELECT id FROM users WHERE email = ${email} AND deleted_at IS NULL))`;

function conditionsOf({ userId, state, from, to, email, number }: OrderCriteria): Sql[] {
  const conditions: Sql[] = [];
  if (userId !== undefined) conditions.push(sql`o.user_id = ${userId}`);
  if (state !== undefined) conditions.push(sql`o.state = ${state}`);
  if (from !== undefined) conditions.push(sql`o.created_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`o.created_at < ${to}`);
  if (email !== undefined) conditions.push(byEmail(email));
  if (number !== undefined) conditions.push(sql`o.number = ${number}`);
  return conditions;
}
