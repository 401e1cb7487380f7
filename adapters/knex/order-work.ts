import type { OrderWork } from '../../application/ports/orders.ts';
import type { CartId, OrderId, PaymentId } from '../../domain/shared/ids.ts';
import { type Query, sql } from './sql.ts';

export class KnexOrderWork implements OrderWork {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  overdue(limit: number): Promise<readonly { readonly id: OrderId; readonly cartId: CartId }[]> {
    return this.#query<{ id: OrderId; cartId: CartId }>(sql`
      SELECT id, cart_id AS "cartId" FROM orders WHERE saga = 'RESERVED' AND expires_at <= now()
       ORDER BY expires_at, id LIMIT ${limit}`);
  }

  async cancelledSince(seconds: number, after: OrderId | undefined, limit: number): Promise<readonly OrderId[]> {
    const rows = await this.#query<{ id: OrderId }>(sql`
      SELECT id FROM orders WHERE saga = 'CANCELLED' AND saved_at >= now() - make_interval(secs => ${seconds})
         AND (${after ?? null}::uuid IS NULL OR id > ${after ?? null}::uuid)
       ORDER BY id LIMIT ${limit}`);
    return rows.map(row => row.id);
  }

  async withoutOrder(refs: readonly PaymentId[]): Promise<readonly PaymentId[]> {
    const rows = await this.#query<{ ref: PaymentId }>(sql`
      SELECT ref FROM unnest(${[...refs]}::uuid[]) ref WHERE NOT EXISTS (SELECT FROM payments WHERE id = ref)`);
    return rows.map(row => row.ref);
  }
}
