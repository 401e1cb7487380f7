import { PaymentId } from '../../domain/shared/ids.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { ClaimedNotice } from '../ports/gateway-notices.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { someAtATime } from './some-at-a-time.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  readonly logger: Logger;
}

/** Few enough to be through, even when the gateway is silent, before the lease is over. */
const BATCH = 20;
const LEASE_SECONDS = 30;

/**
 * Takes gateways' notices as hints to look at an order: what is true, the gateway is asked again. So their order, their
 * contents and how often they come do not matter.
 */
export class ReadNotices implements Worker {
  readonly name = 'inbox';
  readonly everyMs = 1000;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const { unitOfWork } = this.#ports;
    const notices = await unitOfWork.run(({ gatewayNotices }) => gatewayNotices.claim(BATCH, LEASE_SECONDS));
    let read = 0;
    await someAtATime(notices, async notice => {
      if (await this.#read(notice)) read += 1;
    });
    return read;
  }

  async #read(notice: ClaimedNotice): Promise<boolean> {
    const { unitOfWork, logger } = this.#ports;
    const about = { gateway: notice.gateway, event_id: notice.eventId, type: notice.type };
    try {
      const found = await this.#settle(notice.ref);
      if (found === 'nothing' && notice.parked) logger.error('a notice names no payment of ours', about);
      if (found !== 'looked at') return false;
      await unitOfWork.run(({ gatewayNotices }) => gatewayNotices.markRead(notice));
      return true;
    } catch (error) {
      logger.error('a notice could not be followed', { ...about, error });
      return false;
    }
  }

  /** A notice without a reference speaks of nothing that we could look at: it is kept, and done with. */
  async #settle(ref: string | null): Promise<'looked at' | 'not answered' | 'nothing'> {
    const { orders, settleOrder } = this.#ports;
    if (ref === null) return 'looked at';
    const order = UUID.test(ref) ? await orders.findByPayment(PaymentId(ref)) : undefined;
    if (!order) return 'nothing';
    if (order.saga === 'CANCELLED') return (await settleOrder.settleCancelled(order)) ? 'looked at' : 'not answered';
    await settleOrder.settle(order);
    return 'looked at';
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
