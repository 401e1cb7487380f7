import type { Drift } from '../../application/ports/ledgers.ts';
import type { CartId, OrderId, VariantId } from '../../domain/shared/ids.ts';
import type { View } from './tables.ts';

/** I1: never more reserved than there is. I2: reserved is what orders hold. I3: on hand is what the ledger says. */
export function* driftOfStock(view: View): Iterable<Drift> {
  const held = heldByVariant(view);
  for (const { variantId: subject, onHand, reserved } of view.stock.values()) {
    if (onHand < 0 || reserved < 0 || reserved > onHand)
      yield { invariant: 'I1', subject, facts: { on_hand: onHand, reserved } };
    const holds = held.get(subject) ?? 0;
    if (holds !== reserved) yield { invariant: 'I2', subject, facts: { reserved, held: holds } };
    const moved = view.ledger.of(subject).reduce((sum, movement) => sum + movement.delta, 0);
    if (moved !== onHand) yield { invariant: 'I3', subject, facts: { on_hand: onHand, ledger: moved } };
  }
}

function heldByVariant({ reservations }: View): Map<VariantId, number> {
  const held = new Map<VariantId, number>();
  for (const { state, lines } of reservations.values())
    if (state === 'HELD' || state === 'PINNED')
      for (const { variantId, quantity } of lines) held.set(variantId, (held.get(variantId) ?? 0) + quantity);
  return held;
}

/** I4: at most one live order of each cart. */
export function* driftOfCarts({ orders }: View): Iterable<Drift> {
  const live = new Map<CartId, OrderId[]>();
  for (const { order } of orders.values())
    if (order.saga !== 'CANCEL_PENDING' && order.saga !== 'CANCELLED')
      live.set(order.cartId, [...(live.get(order.cartId) ?? []), order.id]);
  for (const [subject, ids] of live) if (ids.length > 1) yield { invariant: 'I4', subject, facts: { orders: ids } };
}
