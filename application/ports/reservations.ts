import type { ReservationLine, Shortage } from '../../domain/inventory/reservation.ts';
import type { OrderId } from '../../domain/shared/ids.ts';

/**
 * Units held back for orders. Each verb acts on all lines of the order at once, locks stock in ascending order of
 * variant id, counts up the version of each stock item that it changes, and throws when the order has no reservation
 * in the state that it starts from.
 */
export interface Reservations {
  /**
   * Holds every line, or names what is short. `lines` has each variant once. When the answer is not empty the unit of
   * work must be abandoned (throw): some lines may have been taken already. An unknown variant is short of everything.
   */
  reserve(orderId: OrderId, lines: readonly ReservationLine[]): Promise<readonly Shortage[]>;
  /** HELD → PINNED: it can no longer expire. */
  pin(orderId: OrderId): Promise<void>;
  /** PINNED → CONSUMED: the units leave the shop, and the ledger shows a SALE of each. */
  consume(orderId: OrderId): Promise<void>;
  /** HELD or PINNED → RELEASED: the units are for sale again. */
  release(orderId: OrderId): Promise<void>;
  /**
   * After CONSUMED: the units come back on hand, and the ledger shows a RETURN of each.
   * @throws DomainError INVALID_TRANSITION when they have come back before
   */
  restock(orderId: OrderId): Promise<void>;
}
