import type { Clock } from '../../application/ports/clock.ts';
import type { DueOrder, Orders } from '../../application/ports/orders.ts';
import { cartNotOpen } from '../../domain/cart/cart.ts';
import { isUnsettled, Order, type OrderSnapshot } from '../../domain/ordering/order.ts';
import type { SagaState } from '../../domain/ordering/order-states.ts';
import { refundedOf } from '../../domain/payments/payment.ts';
import type { CartId, OrderId, UserId } from '../../domain/shared/ids.ts';
import { keptOf } from './forgotten-orders.ts';
import { later, secondsBetween } from './later.ts';
import { isOverdue } from './order-work.ts';
import { requireFree, requireRow, requireUser } from './references.ts';
import type { Drafts, OrderRow } from './tables.ts';

const ENDED: ReadonlySet<SagaState> = new Set<SagaState>(['CANCEL_PENDING', 'CANCELLED']);

/** In seconds. */
const FIRST_ATTEMPT = 20;
const WAITS = [20, 60, 300, 600] as const;
const STUCK_AFTER = 72 * 3600;

export class InMemoryOrders implements Orders {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async find(id: OrderId): Promise<Order | undefined> {
    const row = this.#drafts.orders.get(id);
    return row && Order.restore(row.order);
  }

  async findLiveOrderOf(cartId: CartId): Promise<OrderId | undefined> {
    return this.#drafts.liveOrdersByCart.get(cartId);
  }

  async unpaidOf(userId: UserId): Promise<readonly OrderId[]> {
    const { ordersByUser, unfinishedOrders, orders } = this.#drafts;
    return ordersByUser
      .of(userId)
      .filter(id => unfinishedOrders.get(id) && orders.get(id)!.order.saga === 'RESERVED')
      .toSorted();
  }

  async add(order: Order, holdSeconds: number): Promise<void> {
    const row = order.snapshot();
    const { orders, ordersByNumber, ordersByPayment, ordersByUser, carts } = this.#drafts;
    requireRow(carts, row.cartId, 'cart');
    requireUser(this.#drafts, row.userId);
    if (orders.get(row.id)) throw new Error(`Order ${row.id} was added already.`);
    requireFree(ordersByNumber, row.number, row.id, 'order number');
    requireFree(ordersByPayment, row.payment.id, row.id, 'payment');
    ordersByNumber.set(row.number, row.id);
    ordersByPayment.set(row.payment.id, row.id);
    if (row.userId) ordersByUser.append(row.userId, row.id);
    this.#put(row, later(this.#clock.now(), holdSeconds), null);
  }

  async save(order: Order): Promise<void> {
    const row = order.snapshot();
    const before = this.#drafts.orders.get(row.id);
    if (!before) throw new Error(`Order ${row.id} was never added.`);
    this.#put(row, before.holdsUntil, before.unsettledSince);
  }

  async claimDue(limit: number): Promise<readonly DueOrder[]> {
    const now = this.#clock.now();
    const due = [...this.#drafts.unfinishedOrders.values()]
      .map(id => this.#drafts.orders.get(id)!)
      .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
      .toSorted((a, b) => a.nextAttemptAt!.getTime() - b.nextAttemptAt!.getTime() || (a.order.id < b.order.id ? -1 : 1))
      .slice(0, limit);
    for (const row of due) {
      const attempts = row.attempts + 1;
      const nextAttemptAt = later(now, waitAfter(attempts, row.order.id));
      this.#drafts.orders.set(row.order.id, { ...row, attempts, nextAttemptAt });
    }
    return due.map(({ order: { id }, unsettledSince }) => ({
      id,
      stuck: secondsBetween(unsettledSince!, now) >= STUCK_AFTER,
    }));
  }

  async findOverdue(id: OrderId): Promise<Order | undefined> {
    const row = this.#drafts.orders.get(id);
    return row && isOverdue(row, this.#clock.now()) ? Order.restore(row.order) : undefined;
  }

  #put(order: OrderSnapshot, holdsUntil: Date, unsettledSince: Date | null): void {
    if (refundedOf(order.payment).isMoreThan(order.payment.amount))
      throw new Error(`The refunds of order ${order.id} are more than its payment.`);
    this.#keepOneLive(order);
    const now = this.#clock.now();
    const kept = keptOf(this.#drafts, order);
    const row: OrderRow = {
      order: kept,
      holdsUntil,
      savedAt: now,
      attempts: 0,
      unsettledSince: null,
      nextAttemptAt: null,
    };
    const { orders, unfinishedOrders } = this.#drafts;
    if (isUnsettled(order)) {
      orders.set(order.id, {
        ...row,
        unsettledSince: unsettledSince ?? now,
        nextAttemptAt: later(now, FIRST_ATTEMPT),
      });
    } else orders.set(order.id, row);
    if (isUnsettled(order) || order.saga === 'RESERVED') unfinishedOrders.set(order.id, order.id);
    else if (unfinishedOrders.get(order.id)) unfinishedOrders.delete(order.id);
  }

  #keepOneLive({ id, cartId, saga }: OrderSnapshot): void {
    const { liveOrdersByCart } = this.#drafts;
    const live = liveOrdersByCart.get(cartId);
    if (!ENDED.has(saga)) {
      if (live && live !== id) throw cartNotOpen(live);
      if (!live) liveOrdersByCart.set(cartId, id);
    } else if (live === id) liveOrdersByCart.delete(cartId);
  }
}

/** Up to a quarter longer, so that orders that failed together do not come back together; by no chance, though. */
function waitAfter(attempts: number, id: OrderId): number {
  const wait = WAITS[Math.min(attempts, WAITS.length) - 1]!;
  const share = ((Number.parseInt(id.slice(-4), 16) + attempts * 97) % 256) / 256;
  return wait * (1 + share / 4);
}
