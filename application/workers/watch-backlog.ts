import type { Backlog, Ledgers } from '../ports/ledgers.ts';
import type { Logger } from '../ports/logger.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly ledgers: Ledgers;
  readonly logger: Logger;
  readonly holdSeconds: number;
}

/** A customer may take the whole hold at the bank; promise 4 gives the shop 15 minutes more. */
const ORDERS_AFTER_HOLD_SECONDS = 900;
/** In a healthy shop these wait for a second or two; after this long, leases of the dead included, nobody works. */
const DELIVERIES_SECONDS = 120;

/** Says so when work waits for too long or for a person. It changes nothing. */
export class WatchBacklog implements Worker {
  readonly name = 'lookout';
  readonly everyMs = 60_000;
  readonly #ports: Ports;
  /** What waited for a person when this process last looked: it is told when that changes. */
  #told = '';

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const { ledgers, logger } = this.#ports;
    const backlog = await ledgers.backlog();
    if (this.#isTooLong(backlog)) logger.warn('work waits for too long', waitingOf(backlog));
    const parked = JSON.stringify(backlog.parked);
    if (parked !== this.#told && isAnything(backlog.parked))
      logger.warn('work waits for a person', { ...backlog.parked });
    this.#told = parked;
    return 0;
  }

  #isTooLong({ oldestUnsettledSeconds, oldestUnpublishedSeconds, oldestUnreadSeconds }: Backlog): boolean {
    return (
      oldestUnsettledSeconds > this.#ports.holdSeconds + ORDERS_AFTER_HOLD_SECONDS ||
      Math.max(oldestUnpublishedSeconds, oldestUnreadSeconds) > DELIVERIES_SECONDS
    );
  }
}

const isAnything = (counts: Backlog['parked']): boolean => Object.values(counts).some(count => count > 0);

const waitingOf = (backlog: Backlog) => ({
  orders: backlog.unsettledOrders,
  oldest_order_seconds: Math.floor(backlog.oldestUnsettledSeconds),
  events: backlog.unpublishedEvents,
  oldest_event_seconds: Math.floor(backlog.oldestUnpublishedSeconds),
  notices: backlog.unreadNotices,
  oldest_notice_seconds: Math.floor(backlog.oldestUnreadSeconds),
});
