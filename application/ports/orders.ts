import type { Order } from '../../domain/ordering/order.ts';
import type { CartId, OrderId } from '../../domain/shared/ids.ts';

export interface Orders {
  find(id: OrderId): Promise<Order | undefined>;
  /** The order that the cart became, unless that was cancelled. */
  findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined>;
  /**
   * Adds an order that holds its stock for so many seconds by the store's clock.
   * @throws DomainError CART_NOT_OPEN when the cart has a live order already
   */
  add(order: Order, holdSeconds: number): Promise<void>;
  save(order: Order): Promise<void>;
}
