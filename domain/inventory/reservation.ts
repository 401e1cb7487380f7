import { DomainError } from '../shared/domain-error.ts';
import type { OrderId, VariantId } from '../shared/ids.ts';

/**
 * Units that an order holds back. `HELD` may expire, `PINNED` may not: the money for it is being taken.
 * `CONSUMED` has left the shop, `RELEASED` is for sale again.
 */
export type ReservationState = 'HELD' | 'PINNED' | 'CONSUMED' | 'RELEASED';

/** The legal moves; every pair that is not here is refused. */
export const RESERVATION_MOVES = {
  HELD: ['PINNED', 'RELEASED'],
  PINNED: ['CONSUMED', 'RELEASED'],
  CONSUMED: [],
  RELEASED: [],
} as const satisfies Record<ReservationState, readonly ReservationState[]>;

/** Lines to reserve: one for each variant, quantities already added up. */
export interface ReservationLine {
  readonly variantId: VariantId;
  readonly quantity: number;
}

export interface Shortage {
  readonly variantId: VariantId;
  readonly requested: number;
  readonly available: number;
}

/** The rule that keeps a unit from being sold twice. A store may decide it by a conditional update instead. */
export const canReserve = (stock: { onHand: number; reserved: number }, quantity: number): boolean =>
  stock.onHand - stock.reserved >= quantity;

/** Goods come back once: whoever counts them a second time sells what is not there. */
export const alreadyRestocked = (orderId: OrderId): DomainError =>
  new DomainError('conflict', 'INVALID_TRANSITION', 'The goods of this order are back on the shelf already.', {
    order_id: orderId,
  });
