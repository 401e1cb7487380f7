import type { Order } from '../../domain/ordering/order.ts';
import type { CartId, OrderId } from '../../domain/shared/ids.ts';
import type { Collections } from '../ports/unit-of-work.ts';

interface Known {
  readonly id: OrderId;
  readonly cartId: CartId;
}

/*
 * Everybody locks in this order, so nobody waits in a circle: the idempotency key, the cart, the order, what the order
 * holds, and last the stock by ascending id. Whatever is asked for together costs one round trip.
 */

/** For a change that leaves the cart alone. */
export async function lockOrder({ idempotency, orders }: Collections, { id }: Known): Promise<Order> {
  const [, order] = await Promise.all([idempotency.lockForOrder(id), orders.find(id)]);
  return order!;
}

export async function lockCartAndOrder(collections: Collections, { id, cartId }: Known): Promise<Order> {
  const { idempotency, carts, orders } = collections;
  const [, , order] = await Promise.all([idempotency.lockForOrder(id), carts.find(cartId), orders.find(id)]);
  return order!;
}

/** Undefined when its hold is not over any more. */
export async function lockCartAndOverdueOrder(collections: Collections, known: Known): Promise<Order | undefined> {
  const { idempotency, carts, orders } = collections;
  const { id, cartId } = known;
  const [, , order] = await Promise.all([idempotency.lockForOrder(id), carts.find(cartId), orders.findOverdue(id)]);
  return order;
}
