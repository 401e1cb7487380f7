import type { Drift } from '../../application/ports/ledgers.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { refundedOf, returnedOf } from '../../domain/payments/payment.ts';
import { Money } from '../../domain/shared/money.ts';
import type { OrderRow, ReservationRow, View } from './tables.ts';

/** So many units of so many variants, in a form that can be compared. */
type Units = ReadonlyMap<string, number>;

/**
 * I6: what is paid was captured in full and has left the shop. I7: whatever was paid was told of, and nothing else.
 * I8: totals add up, no more goes back than was taken, and nothing stays with the shop for a cancelled order.
 */
export function* driftOfOrders(view: View, eventsSince: Date): Iterable<Drift> {
  const sold = soldByOrder(view);
  for (const row of view.orders.values()) {
    const { order } = row;
    const reservation = view.reservations.get(order.id);
    if (order.saga === 'PAID' && !isSold(order, reservation, sold.get(order.id)))
      yield driftOf('I6', order, { reservation: reservation?.state ?? null });
    const told = view.outboxByDedupeKey.get(`paid:${order.id}`) !== undefined;
    if (told ? !wasPaid(order, reservation) : wasPaid(order, reservation) && isRecent(row, eventsSince))
      yield driftOf('I7', order, { told });
    if (!addsUp(order)) yield driftOf('I8', order, { total: order.totals.total.toJSON() });
  }
}

const driftOf = (invariant: string, { id, saga, payment }: OrderSnapshot, facts: Drift['facts']): Drift => ({
  invariant,
  subject: id,
  facts: { saga, payment: payment.state, ...facts },
});

/** Events of older orders may have been thrown away. */
const isRecent = ({ holdsUntil }: OrderRow, since: Date): boolean => holdsUntil >= since;

/** Also if it was cancelled later: its units left the shop in the moment in which it was paid. */
const wasPaid = ({ saga }: OrderSnapshot, reservation: ReservationRow | undefined): boolean =>
  saga === 'PAID' || reservation?.state === 'CONSUMED';

function soldByOrder({ stock, ledger }: View): Map<string, Map<string, number>> {
  const sold = new Map<string, Map<string, number>>();
  for (const { variantId } of stock.values())
    for (const { kind, refId, delta } of ledger.of(variantId)) {
      if (kind !== 'SALE' || refId === null) continue;
      const units = sold.get(refId) ?? new Map<string, number>();
      sold.set(refId, units.set(variantId, (units.get(variantId) ?? 0) - delta));
    }
  return sold;
}

function isSold({ items, totals, payment }: OrderSnapshot, reservation: ReservationRow | undefined, sold?: Units) {
  const isTaken = payment.state === 'CAPTURED' || payment.state === 'REFUNDED';
  if (!isTaken || !payment.amount.equals(totals.total) || reservation?.state !== 'CONSUMED') return false;
  return items.length === sold?.size && items.every(item => sold.get(item.variantId) === item.quantity);
}

function addsUp({ saga, items, totals, payment }: OrderSnapshot): boolean {
  const lines = items.map(item => item.unitPrice.times(item.quantity));
  const sum = Money.sum(lines, totals.total.currency);
  const { discount, shipping, tax, total } = totals;
  if (!sum.equals(totals.items) || !sum.minus(discount).plus(shipping).plus(tax).equals(total)) return false;
  if (!payment.amount.equals(total) || refundedOf(payment).isMoreThan(payment.amount)) return false;
  if (payment.state === 'REFUNDED' && !returnedOf(payment).equals(payment.amount)) return false;
  return saga !== 'CANCELLED' || !['AUTHORIZED', 'CAPTURED'].includes(payment.state);
}
