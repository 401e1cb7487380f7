import type { Order } from '../../domain/ordering/order.ts';
import type { CartId, OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';

export interface Orders {
  find(id: OrderId): Promise<Order | undefined>;
  /** The order that the cart became, unless that was cancelled. */
  findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined>;
  /** The customer's orders that hold stock and are not paid (RESERVED), the oldest first. Locks nothing. */
  unpaidOf(userId: UserId): Promise<readonly OrderId[]>;
  /**
   * Adds an order that holds its stock for so many seconds by the store's clock.
   * @throws DomainError CART_NOT_OPEN when the cart has a live order already
   */
  add(order: Order, holdSeconds: number): Promise<void>;
  save(order: Order): Promise<void>;
  /**
   * Unsettled orders (see `isUnsettled`) whose next attempt is due, the most overdue first; those that somebody else is
   * claiming are passed over. Counts the attempt and puts the next one off: 20 s, 60 s, 5 min, then every 10 min, each up
   * to a quarter longer, so that no money is left with the gateway for 15 min after it can be reached again. An order's
   * first attempt is due 20 s after it was last saved, by the store's clock.
   */
  claimDue(limit: number): Promise<readonly DueOrder[]>;
  /** The order, if it is still RESERVED and its hold is over by the store's clock; locked as by `find`. */
  findOverdue(id: OrderId): Promise<Order | undefined>;
}

export interface DueOrder {
  readonly id: OrderId;
  /** It has been unsettled for 72 hours, however often it was saved in that time. */
  readonly stuck: boolean;
}

/** What workers look for, without locks. */
export interface OrderWork {
  /** RESERVED orders whose hold is over, also those that wait for a person, the oldest first. */
  overdue(limit: number): Promise<readonly { readonly id: OrderId; readonly cartId: CartId }[]>;
  /**
   * Orders whose checkout is CANCELLED, last saved within so many seconds by the store's clock, after the given one and
   * in order of id; for the reconciler.
   */
  cancelledSince(seconds: number, after: OrderId | undefined, limit: number): Promise<readonly OrderId[]>;
  /** Those of the references that no order has, however it ended. */
  withoutOrder(refs: readonly PaymentId[]): Promise<readonly PaymentId[]>;
}
