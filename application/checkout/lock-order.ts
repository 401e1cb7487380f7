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

const lockCart = ({ idempotency, carts }: Collections, { id, cartId }: Known): Promise<unknown> =>
  Promise.all([idempotency.lockForOrder(id), carts.find(cartId)]);

export async function lockCartAndOrder(collections: Collections, known: Known): Promise<Order> {
  const [, order] = await Promise.all([lockCart(collections, known), collections.orders.find(known.id)]);
  return order!;
}

/** Undefined when its hold is not over any more. */
export async function lockCartAndOverdueOrder(collections: Collections, known: Known): Promise<Order | undefined> {
  const [, order] = await Promise.all([lockCart(collections, known), collections.orders.findOverdue(known.id)]);
  return order;
}
