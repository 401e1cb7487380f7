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
  /** Set when a customer asks: other customers' orders are not found. */
  readonly ownerId?: UserId | undefined;
  readonly reason: string;
  readonly expectedVersion?: number | undefined;
}

/** Stock comes back at once; the money follows, now or as soon as the gateway can be reached. */
export class CancelOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<OrderSnapshot> {
    const { unitOfWork, orders, settleOrder, answers, clock } = this.#ports;
    const known = await orders.find(command.orderId, command.ownerId);
    if (!known) throw notFound('Order');
    const act = { at: clock.now(), by: command.by };
    const cancelled = await unitOfWork.run(async collections => {
      const order = await lockCartAndOrder(collections, known);
      const before = order.snapshot();
      requireVersion(before.version, command.expectedVersion);
      order.cancel(command.reason, act);
      const changed = order.snapshot();
      await collections.orders.save(order);
      await collections.outbox.add(order.events());
      if (before.state === 'PAID') await collections.reservations.restock(known.id);
      else await endCheckout(collections, changed, { act, answers });
      return changed;
    });
    return (await settleOrder.settleWhileWaiting(cancelled)).order;
  }
}
