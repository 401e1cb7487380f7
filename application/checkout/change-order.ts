import type { Order, OrderSnapshot } from '../../domain/ordering/order.ts';
import type { SagaState } from '../../domain/ordering/order-states.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredAnswer } from '../ports/idempotency-records.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import { checkoutAnswer } from './checkout-answer.ts';
import { giveStockAndCartBack } from './give-back.ts';
import { lockCartAndOrder, lockOrder } from './lock-order.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
}

/** The change that one answer of the gateway brings about, all in one unit of work. */
export interface Change {
  readonly from: SagaState;
  readonly apply: Apply;
  /** For an order that has moved on since: somebody else was faster, or it was cancelled. */
  readonly otherwise?: Apply;
  /** What becomes of the stock that it holds. */
  readonly stock?: 'pinned' | 'consumed' | 'given back with the cart';
}

type Apply = (order: Order, act: Act) => void;

export interface Changed {
  readonly order: OrderSnapshot;
  /** What the caller of the checkout is to be told, if this settled it. */
  readonly answer: StoredAnswer | undefined;
}

/** Happens only if the order still is where the gateway was asked; else it is handed out as it is. */
export function changeOrder(
  { unitOfWork, answers, clock }: Ports,
  known: OrderSnapshot,
  { from, apply, otherwise, stock }: Change,
): Promise<Changed> {
  return unitOfWork.run(async collections => {
    const lock = stock === 'given back with the cart' ? lockCartAndOrder : lockOrder;
    const order = await lock(collections, known);
    const asAsked = order.saga === from;
    const change = asAsked ? apply : otherwise;
    if (!change) return { order: order.snapshot(), answer: undefined };
    const act = { at: clock.now(), by: null };
    change(order, act);
    const changed = order.snapshot();
    await collections.orders.save(order);
    await collections.outbox.add(order.events());
    const answer =
      asAsked && changed.state !== 'PENDING'
        ? await collections.idempotency.completeForOrder(known.id, id => checkoutAnswer(answers, changed, id))
        : undefined;
    if (asAsked) await moveStock(stock, collections, changed, act);
    return { order: changed, answer };
  });
}

/** Last of all, because its rows are the busiest. */
async function moveStock(
  how: Change['stock'],
  collections: Collections,
  order: OrderSnapshot,
  act: Act,
): Promise<void> {
  switch (how) {
    case 'pinned':
      return collections.reservations.pin(order.id);
    case 'consumed':
      return collections.reservations.consume(order.id);
    case 'given back with the cart':
      return giveStockAndCartBack(collections, order, act);
    case undefined:
  }
}
