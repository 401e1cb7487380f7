import type { OrderRow } from '../../adapters/in-memory/tables.ts';
import { isUnsettled } from '../../domain/ordering/order.ts';
import { returnedOf } from '../../domain/payments/payment.ts';
import type { OrderId, PaymentId } from '../../domain/shared/ids.ts';
import type { Bank } from './bank.ts';
import type { Cluster } from './cluster.ts';
import type { World } from './world.ts';

/** In milliseconds: what promise 4 in docs/explanation/checkout.md allows from when the gateway can be reached. */
const PATIENCE = 15 * 60_000;

const ACCEPTED = new Set(['CANCELLED', 'PAID']);

/** L1: soon after nothing goes wrong any more everything is settled. */
export class Quiescence {
  readonly #world: World;
  readonly #bank: Bank;
  /** Whether no message is under way any more. */
  readonly #isSilent: () => boolean;

  constructor(world: World, bank: Bank, isSilent: () => boolean) {
    this.#world = world;
    this.#bank = bank;
    this.#isSilent = isSilent;
  }

  /** Lets the workers work, and time go by, until nothing is left to do; by then somebody may have seen to the rest. */
  async reach(cluster: Cluster, desk?: 'with a clear desk'): Promise<void> {
    const { scheduler } = this.#world;
    const deadline = scheduler.now + PATIENCE;
    while (!this.#world.over && scheduler.now < deadline) {
      await cluster.round();
      const next = this.#nextDue();
      if (next !== undefined) scheduler.now = Math.max(scheduler.now + 1000, next);
      else if (this.#isSilent()) break;
      // Late messages come when everything is settled: that must stay as it is.
      else await scheduler.run(() => this.#world.over || this.#isSilent(), cluster.strike);
    }
    if (!this.#world.over) this.#check(desk !== undefined);
  }

  /** When something is due that is still to be done; undefined when there is nothing. */
  #nextDue(): number | undefined {
    const { unfinishedOrders, orders, ordersByPayment, outbox, unpublishedEvents, notices, unreadNotices } =
      this.#world.store.tables;
    let next: number | undefined;
    const due = (at: Date | null) => {
      if (at) next = Math.min(next ?? Infinity, at.getTime());
    };
    for (const id of unfinishedOrders.values()) {
      const { order, holdsUntil, nextAttemptAt } = orders.get(id)!;
      due(nextAttemptAt);
      if (order.saga === 'RESERVED') due(holdsUntil);
    }
    for (const id of unpublishedEvents.values()) due(outbox.get(id)!.dueAt);
    for (const key of unreadNotices.values()) {
      const { ref, dueAt } = notices.get(key)!;
      // What names no payment of ours is kept for 72 hours, in case that it is only early.
      if (ref === null || ordersByPayment.get(ref as PaymentId) !== undefined) due(dueAt);
    }
    return next;
  }

  #check(isDeskClear: boolean): void {
    const { tables } = this.#world.store;
    for (const row of tables.orders.values()) this.#checkOrder(row, isDeskClear);
    for (const id of tables.unpublishedEvents.values())
      this.#world.violate('L1', `event ${tables.outbox.get(id)!.event.type} is never delivered`, [id]);
    for (const { claim, answer, applied, orderId } of tables.idempotency.values())
      if (!answer && !applied && !this.#isParked(orderId))
        this.#world.violate('L1', `${claim.key} of ${claim.owner} is never completed`, orderId ? [orderId] : []);
    this.#checkConfirmations();
  }

  #isParked(id: OrderId | null): boolean {
    return id !== null && this.#world.store.tables.orders.get(id)!.order.needsReview !== null;
  }

  #checkOrder({ order }: OrderRow, isDeskClear: boolean): void {
    const { id, state, saga, payment, needsReview } = order;
    if (needsReview) {
      if (isDeskClear || state !== 'PENDING' || !this.#bank.isMistakenAbout(payment.id))
        this.#world.violate('L1', `${id} waits for a person: ${needsReview}`, [id]);
      return;
    }
    if (!ACCEPTED.has(saga) || isUnsettled(order)) this.#world.violate('L1', `${id} is never settled: ${saga}`, [id]);
    const outstanding = this.#bank.outstanding(payment.id);
    if (outstanding !== 0)
      this.#world.violate('L1', `the bank still holds ${outstanding} for ${id}, which is ${saga}`, [id]);
    const kept = this.#bank.sum(payment.id, 'captured') - this.#bank.sum(payment.id, 'refunded');
    if (saga === 'CANCELLED' && kept !== 0)
      this.#world.violate('I8', `the shop keeps ${kept} of ${id}, which is cancelled`, [id]);
    if (this.#bank.sum(payment.id, 'refunded') !== returnedOf(payment).amount)
      this.#world.violate('I8', `the bank and the shop disagree on what went back for ${id}`, [id]);
  }

  /** I7, at the other end: one effect of each `order.paid`. */
  #checkConfirmations(): void {
    const { outbox, outboxByDedupeKey, orders } = this.#world.store.tables;
    const confirmed = new Map<string, number>();
    for (const { event } of outbox.values())
      if (event.type === 'order.confirmed')
        confirmed.set(event.aggregateId, (confirmed.get(event.aggregateId) ?? 0) + 1);
    for (const { order } of orders.values()) {
      const expected = outboxByDedupeKey.get(`paid:${order.id}`) === undefined ? 0 : 1;
      const count = confirmed.get(order.id) ?? 0;
      if (count !== expected)
        this.#world.violate('I7', `${order.id} was confirmed ${count} times instead of ${expected}`, [order.id]);
    }
  }
}
