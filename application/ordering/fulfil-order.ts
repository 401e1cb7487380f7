import type { Order, OrderSnapshot, Shipment } from '../../domain/ordering/order.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface Move {
  readonly orderId: OrderId;
  readonly by: UserId;
  readonly expectedVersion?: number | undefined;
}

/** What staff do with an order that is paid. */
export class FulfilOrder {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  ship({ shipment, ...move }: Move & { shipment: Shipment }): Promise<OrderSnapshot> {
    return this.#move(move, (order, act) => order.ship(shipment, act));
  }

  deliver(move: Move): Promise<OrderSnapshot> {
    return this.#move(move, (order, act) => order.deliver(act));
  }

  #move({ orderId, by, expectedVersion }: Move, verb: (order: Order, act: Act) => void): Promise<OrderSnapshot> {
    const act = { at: this.#ports.clock.now(), by };
    return this.#ports.unitOfWork.run(async ({ orders, outbox }) => {
      const order = await orders.find(orderId);
      if (!order) throw notFound('Order');
      requireVersion(order.snapshot().version, expectedVersion);
      verb(order, act);
      await orders.save(order);
      await outbox.add(order.events());
      return order.snapshot();
    });
  }
}
