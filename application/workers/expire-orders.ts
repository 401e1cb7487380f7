import type { ExpireOrder } from '../checkout/expire-order.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderWork } from '../ports/orders.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly orderWork: OrderWork;
  readonly expireOrder: ExpireOrder;
  readonly logger: Logger;
  readonly everyMs: number;
}

const BATCH = 50;

/** Ends orders whose payment took too long. */
export class ExpireOrders implements Worker {
  readonly name = 'expiry';
  readonly everyMs: number;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.everyMs = ports.everyMs;
  }

  async tick(): Promise<number> {
    const { orderWork, expireOrder, logger } = this.#ports;
    let expired = 0;
    for (const order of await orderWork.overdue(BATCH)) {
      try {
        expired += (await expireOrder.execute(order)) ? 1 : 0;
      } catch (error) {
        logger.error('an order could not be expired', { order_id: order.id, error });
      }
    }
    return expired;
  }
}
