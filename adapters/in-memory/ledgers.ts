import type { Clock } from '../../application/ports/clock.ts';
import type { Backlog, Drift, Ledgers } from '../../application/ports/ledgers.ts';
import { driftOfCarts, driftOfStock } from './drift-of-stock.ts';
import { driftOfOrders } from './drift-of-orders.ts';
import { later, secondsBetween } from './later.ts';
import { isParked } from './outbox.ts';
import type { View } from './tables.ts';

/** The reaper leaves events for 30 days; a day less is asked for. */
const EVENTS_KEPT_SECONDS = 29 * 24 * 3600;

export class InMemoryLedgers implements Ledgers {
  readonly #view: View;
  readonly #clock: Clock;

  constructor(view: View, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  async drift(): Promise<readonly Drift[]> {
    const eventsSince = later(this.#clock.now(), -EVENTS_KEPT_SECONDS);
    return [...driftOfStock(this.#view), ...driftOfCarts(this.#view), ...driftOfOrders(this.#view, eventsSince)];
  }

  async backlog(): Promise<Backlog> {
    const { orders, unfinishedOrders, outbox, unpublishedEvents, notices, unreadNotices } = this.#view;
    const unfinished = [...unfinishedOrders.values()].map(id => orders.get(id)!);
    const unsettled = unfinished.map(row => row.unsettledSince).filter(since => since !== null);
    const events = [...unpublishedEvents.values()].map(id => outbox.get(id)!);
    const unpublished = events.filter(row => !isParked(row));
    const unread = [...unreadNotices.values()].map(key => notices.get(key)!);
    const waiting = unread.filter(row => !row.parked);
    return {
      unsettledOrders: unsettled.length,
      oldestUnsettledSeconds: this.#ageOf(unsettled),
      unpublishedEvents: unpublished.length,
      oldestUnpublishedSeconds: this.#ageOf(unpublished.map(row => row.createdAt)),
      unreadNotices: waiting.length,
      oldestUnreadSeconds: this.#ageOf(waiting.map(row => row.receivedAt)),
      parked: {
        orders: [...orders.values()].filter(({ order }) => order.needsReview !== null).length,
        events: events.length - unpublished.length,
        notices: unread.length - waiting.length,
      },
    };
  }

  /** Of the oldest; 0 when there is none. */
  #ageOf(moments: readonly Date[]): number {
    const now = this.#clock.now();
    return moments.reduce((oldest, moment) => Math.max(oldest, secondsBetween(moment, now)), 0);
  }
}
