import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { ExpireOrder } from '../checkout/expire-order.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderWork } from '../ports/orders.ts';
import { someAtATime } from './some-at-a-time.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly orderWork: OrderWork;
  readonly expireOrder: ExpireOrder;
  readonly settleOrder: SettleOrder;
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

  /** First the stock of all, which needs nobody else; then the money. */
  async tick(): Promise<number> {
    const { orderWork, expireOrder, settleOrder } = this.#ports;
    const expired: OrderSnapshot[] = [];
    for (const overdue of await orderWork.overdue(BATCH))
      await this.#orElseTell(overdue, async () => {
        const order = await expireOrder.execute(overdue);
        if (order) expired.push(order);
      });
    await someAtATime(expired, order => this.#orElseTell(order, () => settleOrder.settle(order)));
    return expired.length;
  }

  async #orElseTell({ id }: { readonly id: OrderId }, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#ports.logger.error('an order could not be expired', { order_id: id, error });
    }
  }
}
