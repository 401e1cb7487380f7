import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { CartId, OrderId } from '../../domain/shared/ids.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { endCheckout } from './give-back.ts';
import { lockCartAndOverdueOrder } from './lock-order.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
}

/**
 * Gives the stock of an order back whose payment took too long; whatever the gateway holds for it is still to be
 * settled. One that waits for a person is no exception: nothing was taken for it yet, and to release money nobody has to
 * look.
 */
export class ExpireOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Undefined when the order has moved on since it was found. */
  execute({ id, cartId }: { readonly id: OrderId; readonly cartId: CartId }): Promise<OrderSnapshot | undefined> {
    const { unitOfWork, answers, clock } = this.#ports;
    return unitOfWork.run(async collections => {
      const order = await lockCartAndOverdueOrder(collections, { id, cartId });
      if (!order) return undefined;
      const act = { at: clock.now(), by: null };
      order.expired(act);
      const changed = order.snapshot();
      await collections.orders.save(order);
      await collections.outbox.add(order.events());
      await endCheckout(collections, changed, { act, answers });
      return changed;
    });
  }
}
