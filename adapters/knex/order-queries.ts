import type { OrderCriteria, OrderQueries } from '../../application/ports/order-queries.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import type { Sealing } from './person-keys.ts';
import { orderOf, type OrderRow, SELECT_ORDERS } from './order-rows.ts';
import { newestFirst, positionById, readPage } from './pages.ts';
import { type Query, sql, type Sql } from './sql.ts';
import { userOfEmail } from './users.ts';

export class KnexOrderQueries implements OrderQueries {
  readonly #query: Query;

  readonly #cipher: PersonalDataCipher;

  constructor(query: Query, { cipher }: Pick<Sealing, 'cipher'>) {
    this.#query = query;
    this.#cipher = cipher;
  }

  list(criteria: OrderCriteria, page: PageRequest): Promise<Page<OrderSnapshot>> {
    return readPage<OrderRow, OrderSnapshot>(this.#query, {
      select: SELECT_ORDERS,
      from: sql`orders o`,
      where: conditionsOf(this.#cipher, criteria),
      order: newestFirst(sql`o.id`),
      page,
      positionOf: positionById,
      itemOf: row => orderOf(this.#cipher, row),
    });
  }

  async find(id: OrderId, userId?: UserId): Promise<OrderSnapshot | undefined> {
    const mine = userId === undefined ? sql`TRUE` : sql`o.user_id = ${userId}`;
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE o.id = ${id} AND ${mine}`);
    return row && orderOf(this.#cipher, row);
  }

  async findByPayment(ref: PaymentId): Promise<OrderSnapshot | undefined> {
    const [row] = await this.#query<OrderRow>(sql`${SELECT_ORDERS} WHERE p.id = ${ref}`);
    return row && orderOf(this.#cipher, row);
  }
}

/** An order is found by the address that it was sent to, and by that of the account that it belongs to. */
const byEmail = (cipher: PersonalDataCipher, email: EmailAddress): Sql =>
  sql`(o.email_index = ANY(${[...cipher.emailIndexes(email)]}::text[]) OR o.user_id = ${userOfEmail(cipher, email)})`;

function conditionsOf(cipher: PersonalDataCipher, criteria: OrderCriteria): Sql[] {
  const { userId, state, from, to, email, number } = criteria;
  const conditions: Sql[] = [];
  if (userId !== undefined) conditions.push(sql`o.user_id = ${userId}`);
  if (state !== undefined) conditions.push(sql`o.state = ${state}`);
  if (from !== undefined) conditions.push(sql`o.created_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`o.created_at < ${to}`);
  if (email !== undefined) conditions.push(byEmail(cipher, EmailAddress(email)));
  if (number !== undefined) conditions.push(sql`o.number = ${number}`);
  return conditions;
}
