import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { DomainError, notFound } from '../../domain/shared/domain-error.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { SettleOrder } from '../checkout/settle-order.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly settleOrder: SettleOrder;
  readonly clock: Clock;
}

interface Command {
  readonly orderId: OrderId;
  readonly by: UserId;
  /** All that is left when undefined. */
  readonly amount?: Money | undefined;
  readonly reason: string | null;
  /** Whether the goods are for sale again; only where the whole order is refunded at once. */
  readonly restock: boolean;
  readonly expectedVersion?: number | undefined;
}

/** Gives money back, all or some. It is promised at once and carried out as soon as the gateway can be reached. */
export class RefundOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ orderId, by, amount, reason, restock, expectedVersion }: Command): Promise<OrderSnapshot> {
    const { unitOfWork, settleOrder, clock } = this.#ports;
    const promised = await unitOfWork.run(async collections => {
      const order = await collections.orders.find(orderId);
      if (!order) throw notFound('Order');
      requireVersion(order.snapshot().version, expectedVersion);
      order.refund(amount, reason, { at: clock.now(), by });
      const refunded = order.snapshot();
      if (restock && !refunded.payment.refunds.at(-1)!.amount.equals(refunded.totals.total))
        throw new DomainError('invalid', 'RULE_VIOLATION', 'Only a refund of the whole order can restock it.');
      await collections.orders.save(order);
      if (restock) await collections.reservations.restock(orderId);
      return refunded;
    });
    return (await settleOrder.settleWhileWaiting(promised)).order;
  }
}
