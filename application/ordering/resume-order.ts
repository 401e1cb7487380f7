import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import { endCheckout } from '../checkout/give-back.ts';
import { lockCartAndOrder } from '../checkout/lock-order.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
}

interface Command {
  readonly orderId: OrderId;
  readonly by: UserId;
  readonly reason: string;
  /** Whether the order comes to nothing instead of going on; only before it is paid. */
  readonly giveBack: boolean;
  readonly expectedVersion?: number | undefined;
}

/** A person has looked at an order that was put aside: it goes on at once, or what it holds goes back. */
export class ResumeOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ orderId, by, reason, giveBack, expectedVersion }: Command): Promise<OrderSnapshot> {
    const { unitOfWork, orders, settleOrder, answers, clock } = this.#ports;
    const known = await orders.find(orderId);
    if (!known) throw notFound('Order');
    const act = { at: clock.now(), by };
    const resumed = await unitOfWork.run(async collections => {
      const order = await lockCartAndOrder(collections, known);
      requireVersion(order.snapshot().version, expectedVersion);
      if (giveBack) order.giveUp(reason, act);
      else order.resume(reason, act);
      const changed = order.snapshot();
      await collections.orders.save(order);
      await collections.outbox.add(order.events());
      if (giveBack) await endCheckout(collections, changed, { act, answers });
      return changed;
    });
    return (await settleOrder.settleWhileWaiting(resumed)).order;
  }
}
