import type { Clock } from '../../application/ports/clock.ts';
import type { Reservations } from '../../application/ports/reservations.ts';
import {
  alreadyRestocked,
  canReserve,
  RESERVATION_MOVES,
  type ReservationLine,
  type ReservationState,
  type Shortage,
} from '../../domain/inventory/reservation.ts';
import type { OrderId, VariantId } from '../../domain/shared/ids.ts';
import { requireRow } from './references.ts';
import type { Ledger } from './stock.ts';
import type { Drafts, ReservationRow } from './tables.ts';

export class InMemoryReservations implements Reservations {
  readonly #drafts: Drafts;
  readonly #ledger: Ledger;
  readonly #clock: Clock;

  constructor(drafts: Drafts, ledger: Ledger, clock: Clock) {
    this.#drafts = drafts;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  async reserve(orderId: OrderId, lines: readonly ReservationLine[]): Promise<readonly Shortage[]> {
    const { reservations, orders, stock } = this.#drafts;
    requireRow(orders, orderId, 'order');
    if (reservations.get(orderId)) throw new Error(`Order ${orderId} has reserved its stock already.`);
    const ordered = lines
      .map(({ variantId, quantity }) => ({ variantId, quantity }))
      .toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1));
    const shortages: Shortage[] = [];
    for (const { variantId, quantity } of ordered) {
      const item = stock.get(variantId);
      if (item && canReserve(item, quantity)) this.#change(variantId, 0, quantity);
      else shortages.push({ variantId, requested: quantity, available: item ? item.onHand - item.reserved : 0 });
    }
    reservations.set(orderId, { orderId, lines: ordered, state: 'HELD', restocked: false });
    return shortages;
  }

  async pin(orderId: OrderId): Promise<void> {
    this.#move(orderId, 'PINNED');
  }

  async consume(orderId: OrderId): Promise<void> {
    for (const { variantId, quantity } of this.#move(orderId, 'CONSUMED').lines) {
      this.#change(variantId, -quantity, -quantity);
      this.#ledger.append({ variantId, delta: -quantity, kind: 'SALE', reason: null, by: null }, orderId);
    }
  }

  async release(orderId: OrderId): Promise<void> {
    for (const { variantId, quantity } of this.#move(orderId, 'RELEASED').lines) this.#change(variantId, 0, -quantity);
  }

  async restock(orderId: OrderId): Promise<void> {
    const row = this.#drafts.reservations.get(orderId);
    if (row?.state !== 'CONSUMED') throw new Error(`Order ${orderId} has nothing to bring back.`);
    if (row.restocked) throw alreadyRestocked(orderId);
    this.#drafts.reservations.set(orderId, { ...row, restocked: true });
    for (const { variantId, quantity } of row.lines) {
      this.#change(variantId, quantity, 0);
      this.#ledger.append({ variantId, delta: quantity, kind: 'RETURN', reason: null, by: null }, orderId);
    }
  }

  #move(orderId: OrderId, to: ReservationState): ReservationRow {
    const row = this.#drafts.reservations.get(orderId);
    const legal: readonly ReservationState[] = row ? RESERVATION_MOVES[row.state] : [];
    if (!row || !legal.includes(to))
      throw new Error(`The reservation of order ${orderId} is ${row?.state ?? 'missing'}: it cannot become ${to}.`);
    this.#drafts.reservations.set(orderId, { ...row, state: to });
    return row;
  }

  #change(variantId: VariantId, onHand: number, reserved: number): void {
    const item = this.#drafts.stock.get(variantId)!;
    this.#drafts.stock.set(variantId, {
      ...item,
      onHand: item.onHand + onHand,
      reserved: item.reserved + reserved,
      version: item.version + 1,
      updatedAt: this.#clock.now(),
      updatedBy: null,
    });
  }
}
