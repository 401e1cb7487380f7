import type { Clock } from '../../application/ports/clock.ts';
import type { OrderWork } from '../../application/ports/orders.ts';
import type { CartId, OrderId, PaymentId } from '../../domain/shared/ids.ts';
import { later } from './later.ts';
import type { OrderRow, View } from './tables.ts';

export const isOverdue = ({ order, holdsUntil }: OrderRow, now: Date): boolean =>
  order.saga === 'RESERVED' && holdsUntil <= now;

export class InMemoryOrderWork implements OrderWork {
  readonly #view: View;
  readonly #clock: Clock;

  constructor(view: View, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  async overdue(limit: number): Promise<readonly { readonly id: OrderId; readonly cartId: CartId }[]> {
    const now = this.#clock.now();
    return [...this.#view.unfinishedOrders.values()]
      .map(id => this.#view.orders.get(id)!)
      .filter(row => isOverdue(row, now))
      .toSorted((a, b) => a.holdsUntil.getTime() - b.holdsUntil.getTime() || (a.order.id < b.order.id ? -1 : 1))
      .slice(0, limit)
      .map(({ order: { id, cartId } }) => ({ id, cartId }));
  }

  async cancelledSince(seconds: number, after: OrderId | undefined, limit: number): Promise<readonly OrderId[]> {
    const since = later(this.#clock.now(), -seconds);
    return [...this.#view.orders.values()]
      .filter(({ order, savedAt }) => order.saga === 'CANCELLED' && savedAt >= since)
      .map(({ order }) => order.id)
      .filter(id => after === undefined || id > after)
      .toSorted()
      .slice(0, limit);
  }

  async withoutOrder(refs: readonly PaymentId[]): Promise<readonly PaymentId[]> {
    return refs.filter(ref => this.#view.ordersByPayment.get(ref) === undefined);
  }
}
