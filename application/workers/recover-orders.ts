import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { DueOrder } from '../ports/orders.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { someAtATime } from './some-at-a-time.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly everyMs: number;
}

/** Few enough to be through, even when the gateway is silent, before they are due again. */
const BATCH = 20;

/** Carries on what a process left unfinished when it died, or when the gateway gave no answer. */
export class RecoverOrders implements Worker {
  readonly name = 'recovery';
  readonly everyMs: number;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.everyMs = ports.everyMs;
  }

  async tick(): Promise<number> {
    const due = await this.#ports.unitOfWork.run(({ orders }) => orders.claimDue(BATCH));
    await someAtATime(due, order => this.#attempt(order));
    return due.length;
  }

  /** One order that fails must not keep the others waiting; its next attempt has been set already. */
  async #attempt(due: DueOrder): Promise<void> {
    const { orders, logger } = this.#ports;
    try {
      const order = (await orders.find(due.id))!;
      const settled = await this.#settle(order);
      if (due.stuck && settled.version === order.version) await this.#park(order);
    } catch (error) {
      logger.error('an order could not be settled', { order_id: due.id, error });
    }
  }

  /** What always fails is stuck like what never gets an answer. */
  async #settle(order: OrderSnapshot): Promise<OrderSnapshot> {
    const { settleOrder, logger } = this.#ports;
    try {
      return (await settleOrder.settle(order)).order;
    } catch (error) {
      logger.error('an order could not be settled', { order_id: order.id, error });
      return order;
    }
  }

  async #park({ id, version }: OrderSnapshot): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ orders, outbox }) => {
      const order = await orders.find(id);
      if (order?.snapshot().version !== version) return;
      order.park('unsettled for 72 hours', { at: clock.now(), by: null });
      await orders.save(order);
      await outbox.add(order.events());
    });
  }
}
