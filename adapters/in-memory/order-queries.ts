import type { OrderCriteria, OrderQueries } from '../../application/ports/order-queries.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import { newestFirst, pageOf } from './paging.ts';
import type { View } from './tables.ts';

export class InMemoryOrderQueries implements OrderQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async list(criteria: OrderCriteria, request: PageRequest): Promise<Page<OrderSnapshot>> {
    const orders = this.#candidates(criteria).filter(order => this.#matches(order, criteria));
    return pageOf(
      orders,
      newestFirst(order => order.id),
      request,
      order => order,
    );
  }

  async find(id: OrderId, userId?: UserId): Promise<OrderSnapshot | undefined> {
    const order = this.#view.orders.get(id)?.order;
    return userId === undefined || order?.userId === userId ? order : undefined;
  }

  async findByPayment(ref: PaymentId): Promise<OrderSnapshot | undefined> {
    const id = this.#view.ordersByPayment.get(ref);
    return id && this.#view.orders.get(id)!.order;
  }

  #candidates({ number, userId }: OrderCriteria): readonly OrderSnapshot[] {
    const { orders, ordersByNumber, ordersByUser } = this.#view;
    if (number !== undefined) {
      const id = ordersByNumber.get(number);
      return id ? [orders.get(id)!.order] : [];
    }
    if (userId !== undefined) return ordersByUser.of(userId).map(id => orders.get(id)!.order);
    return [...orders.values()].map(row => row.order);
  }

  #matches(order: OrderSnapshot, { userId, state, from, to, email }: OrderCriteria): boolean {
    return (
      (userId === undefined || order.userId === userId) &&
      (state === undefined || order.state === state) &&
      (from === undefined || order.createdAt >= from) &&
      (to === undefined || order.createdAt < to) &&
      (email === undefined || order.email === email || this.#emailOfAccount(order) === email)
    );
  }

  #emailOfAccount({ userId }: OrderSnapshot): string | undefined {
    return userId ? this.#view.users.get(userId)?.email : undefined;
  }
}
