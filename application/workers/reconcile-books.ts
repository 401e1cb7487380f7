import type { OrderId } from '../../domain/shared/ids.ts';
import type { ReturnLostMoney } from '../checkout/return-lost-money.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { Ledgers } from '../ports/ledgers.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { OrderWork } from '../ports/orders.ts';
import { someAtATime } from './some-at-a-time.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly ledgers: Ledgers;
  readonly orderWork: OrderWork;
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  readonly returnLostMoney: ReturnLostMoney;
  readonly logger: Logger;
}

const BATCH = 100;
const SPAN_SECONDS = 48 * 3600;

/**
 * Holds the shop's books against each other and against the gateway's. Money that lies with the gateway for a cancelled
 * order, or for none at all, goes back; anything else that does not add up is told, never silently repaired.
 */
export class ReconcileBooks implements Worker {
  readonly name = 'reconciler';
  readonly everyMs = 600_000;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const { ledgers, returnLostMoney, logger } = this.#ports;
    for (const drift of await ledgers.drift()) logger.error('the books do not add up', { ...drift });
    await this.#sweep();
    await returnLostMoney.execute();
    return 0;
  }

  async #sweep(): Promise<void> {
    const { orderWork } = this.#ports;
    for (let after: OrderId | undefined; ;) {
      const ids: readonly OrderId[] = await orderWork.cancelledSince(SPAN_SECONDS, after, BATCH);
      await someAtATime(ids, id => this.#check(id));
      after = ids.at(-1);
      if (!after) return;
    }
  }

  async #check(id: OrderId): Promise<void> {
    const { orders, settleOrder, logger } = this.#ports;
    try {
      const order = await orders.find(id);
      const checked = await settleOrder.settleCancelled(order!);
      if (checked && checked.order.version !== order!.version)
        logger.warn('money was found for a cancelled order', { order_id: id });
    } catch (error) {
      logger.error('a cancelled order could not be checked', { order_id: id, error });
    }
  }
}
