import type { Order, OrderSnapshot } from '../../domain/ordering/order.ts';
import type { SagaState } from '../../domain/ordering/order-states.ts';
import { type CustomerAction, pendingRefund, type Refund } from '../../domain/payments/payment.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { Money } from '../../domain/shared/money.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredAnswer } from '../ports/idempotency-records.ts';
import type { LookupAnswer, PaymentGateway } from '../ports/payment-gateway.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';
import { checkoutAnswer } from './checkout-answer.ts';
import { giveStockAndCartBack } from './give-back.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly gateway: PaymentGateway;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
}

export interface Settled {
  readonly order: OrderSnapshot;
  /** What the caller of the checkout is to be told, if this settled it. */
  readonly answer: StoredAnswer | undefined;
  /** Nothing more can be done now: the customer has to act. */
  readonly waits?: boolean;
}

/** The change that one answer of the gateway brings about, all in one unit of work. */
type Change = (order: Order, collections: Collections, act: Act) => Promise<void> | void;

const MOST_STEPS = 8;

/**
 * The only code that talks to a payment gateway about an order. Any number of processes may settle the same order at
 * once: they use the same gateway keys, and each change happens only if the order still is where the question was asked.
 * It stops where only time, the customer or a later attempt can help.
 */
export class SettleOrder {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async settle(order: OrderSnapshot, attempt?: 'first attempt'): Promise<Settled> {
    let now: Settled = { order, answer: undefined };
    for (let steps = 0; steps < MOST_STEPS && !now.order.needsReview; steps += 1) {
      const next = await this.#step(now.order, attempt === 'first attempt' && steps === 0);
      if (!next) break;
      now = { order: next.order, answer: next.answer ?? now.answer };
      if (next.waits) break;
    }
    return now;
  }

  /**
   * For a cancelled order that the gateway may hold money for all the same: an authorisation that was carried out late,
   * or a notice that says so. What is found goes back.
   */
  async settleCancelled(order: OrderSnapshot): Promise<Settled> {
    const found = await this.#ports.gateway.lookup(order.payment.id);
    if (found.outcome !== 'authorized' && found.outcome !== 'captured') return { order, answer: undefined };
    const reopened = await this.#change(order, 'CANCELLED', (current, _collections, act) =>
      current.moneyFound(found.authorizationId, act),
    );
    return this.settle(reopened.order);
  }

  #step(order: OrderSnapshot, first: boolean): Promise<Settled | undefined> {
    const refund = pendingRefund(order.payment);
    if (refund) return this.#refund(order, refund);
    switch (order.saga) {
      case 'RESERVED':
        return this.#authorize(order, first);
      case 'CAPTURE_PENDING':
        return this.#capture(order);
      case 'CANCEL_PENDING':
        return this.#giveBack(order);
      case 'PAID':
      case 'CANCELLED':
        return Promise.resolve(undefined);
    }
  }

  async #authorize(order: OrderSnapshot, first: boolean): Promise<Settled | undefined> {
    const answer = await this.#authorization(order, first);
    switch (answer.outcome) {
      case 'authorized':
      case 'captured':
        return this.#pinned(order, answer.authorizationId, answer.amount);
      case 'declined':
        return this.#change(order, 'RESERVED', async (current, collections, act) => {
          current.declined(answer.reason, act);
          await giveStockAndCartBack(collections, current.snapshot(), act);
        });
      case 'voided':
      case 'refunded':
        return this.#change(order, 'RESERVED', async (current, collections, act) => {
          current.declined('voided', act);
          await giveStockAndCartBack(collections, current.snapshot(), act);
        });
      case 'requires_action':
        return order.payment.action ? undefined : this.#awaitCustomer(order, answer.action);
      case 'not_found':
      case 'unknown':
        return undefined;
    }
  }

  /** Looks before it asks, because an earlier attempt may have got through; the very first has nothing to look for. */
  async #authorization({ totals, payment }: OrderSnapshot, first: boolean): Promise<LookupAnswer> {
    const { gateway } = this.#ports;
    const known: LookupAnswer = first ? { outcome: 'not_found' } : await gateway.lookup(payment.id);
    if (known.outcome !== 'not_found') return known;
    return gateway.authorize({
      ref: payment.id,
      amount: totals.total,
      method: payment.method,
      key: `${payment.id}:auth`,
    });
  }

  async #awaitCustomer(order: OrderSnapshot, action: CustomerAction): Promise<Settled> {
    const settled = await this.#change(order, 'RESERVED', (current, _collections, act) =>
      current.awaitCustomer(action, act),
    );
    return { ...settled, waits: true };
  }

  #pinned(order: OrderSnapshot, authorizationId: string, amount: Money): Promise<Settled | undefined> {
    if (!amount.equals(order.totals.total)) return this.#park(order, 'authorised amount differs from the total');
    return this.#change(
      order,
      'RESERVED',
      async (current, { reservations }, act) => {
        current.authorized(authorizationId, act);
        await reservations.pin(order.id);
      },
      (current, _collections, act) => current.noteAuthorization(authorizationId, act),
    );
  }

  async #capture(order: OrderSnapshot): Promise<Settled | undefined> {
    const { id: ref, authorizationId } = order.payment;
    const amount = order.totals.total;
    const request = { ref, authorizationId: authorizationId!, amount, key: `${ref}:capture` };
    const answer = await this.#ports.gateway.capture(request);
    if (answer.outcome === 'unknown') return undefined;
    if (answer.outcome === 'refused')
      return this.#change(order, 'CAPTURE_PENDING', async (current, collections, act) => {
        current.captureRefused(answer.reason, act);
        await giveStockAndCartBack(collections, current.snapshot(), act);
      });
    if (!answer.amount.equals(amount)) return this.#park(order, 'captured amount differs from the total');
    return this.#change(order, 'CAPTURE_PENDING', async (current, { reservations }, act) => {
      current.paid(answer.captureId, act);
      await reservations.consume(order.id);
    });
  }

  async #giveBack(order: OrderSnapshot): Promise<Settled | undefined> {
    if (order.payment.state === 'REFUNDED') return this.#released(order);
    const answer = await this.#ports.gateway.void(order.payment.id);
    switch (answer.outcome) {
      case 'voided':
      case 'already_refunded':
        return this.#released(order);
      case 'already_captured':
        return this.#change(order, 'CANCEL_PENDING', (current, _collections, act) =>
          current.foundCaptured(answer.captureId, act),
        );
      case 'unknown':
        return undefined;
    }
  }

  #released(order: OrderSnapshot): Promise<Settled> {
    return this.#change(order, 'CANCEL_PENDING', (current, _collections, act) => current.released(act));
  }

  async #refund(order: OrderSnapshot, { number, amount }: Refund): Promise<Settled | undefined> {
    const { id: ref, captureId } = order.payment;
    const request = { ref, captureId: captureId!, amount, key: `${ref}:refund:${number}` };
    const answer = await this.#ports.gateway.refund(request);
    if (answer.outcome === 'unknown') return undefined;
    return this.#change(order, order.saga, (current, _collections, act) =>
      answer.outcome === 'refunded'
        ? current.refundDone(number, act)
        : current.refundRefused(number, answer.reason, act),
    );
  }

  #park(order: OrderSnapshot, why: string): Promise<Settled | undefined> {
    return this.#change(order, order.saga, (current, _collections, act) => current.park(why, act));
  }

  /** `otherwise` is for an order that has moved on since: somebody else was faster, or it was cancelled. */
  #change({ id, cartId }: OrderSnapshot, from: SagaState, change: Change, otherwise?: Change): Promise<Settled> {
    const { unitOfWork, answers, clock } = this.#ports;
    return unitOfWork.run(async collections => {
      await collections.carts.find(cartId); // Carts are locked before orders, by everybody.
      const order = (await collections.orders.find(id))!;
      const apply = order.saga === from ? change : otherwise;
      if (!apply) return { order: order.snapshot(), answer: undefined };
      await apply(order, collections, { at: clock.now(), by: null });
      await collections.orders.save(order);
      await collections.outbox.add(order.events());
      const changed = order.snapshot();
      const decided = changed.state !== 'PENDING' && apply === change;
      const answer = decided
        ? await collections.idempotency.completeForOrder(id, requestId => checkoutAnswer(answers, changed, requestId))
        : undefined;
      return { order: changed, answer };
    });
  }
}
