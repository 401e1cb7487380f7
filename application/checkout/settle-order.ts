import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { type CustomerAction, pendingRefund, type Refund } from '../../domain/payments/payment.ts';
import type { Money } from '../../domain/shared/money.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Clock } from '../ports/clock.ts';
import type { Patience } from '../ports/patience.ts';
import type { LookupAnswer, PaymentGateway } from '../ports/payment-gateway.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { changeOrder, type Changed } from './change-order.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly gateway: PaymentGateway;
  readonly answers: AnswerFormat;
  readonly clock: Clock;
  readonly patience: Patience;
}

export interface Settled extends Changed {
  /** Nothing more can be done now: the customer has to act. */
  readonly waits?: boolean;
}

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

  async settle(order: OrderSnapshot): Promise<Settled> {
    let now: Settled = { order, answer: undefined };
    for await (const next of this.#steps(order)) now = next;
    return now;
  }

  /** For somebody who waits for an answer: how far it has come when that takes too long. Then it goes on without them. */
  async settleWhileWaiting(order: OrderSnapshot, attempt?: 'first attempt'): Promise<Settled> {
    let now: Settled = { order, answer: undefined };
    const settling = async () => {
      for await (const next of this.#steps(order, attempt)) now = next;
    };
    await this.#ports.patience.waitFor(settling());
    return now;
  }

  /**
   * For a cancelled order that the gateway may hold money for all the same: an authorisation that was carried out late,
   * or a notice that says so. What is found goes back. Undefined when the gateway did not say: nobody else will ask.
   */
  async settleCancelled(order: OrderSnapshot): Promise<Settled | undefined> {
    const found = await this.#ports.gateway.lookup(order.payment.id);
    if (found.outcome === 'unknown') return undefined;
    if (found.outcome !== 'authorized' && found.outcome !== 'captured') return { order, answer: undefined };
    const reopened = await changeOrder(this.#ports, order, {
      from: 'CANCELLED',
      apply: (current, act) => current.moneyFound(found.authorizationId, act),
    });
    return this.settle(reopened.order);
  }

  async *#steps(order: OrderSnapshot, attempt?: 'first attempt'): AsyncGenerator<Settled> {
    let now: Settled = { order, answer: undefined };
    for (let steps = 0; steps < MOST_STEPS && !now.order.needsReview; steps += 1) {
      const next = await this.#step(now.order, attempt === 'first attempt' && steps === 0);
      if (!next) return;
      now = { order: next.order, answer: next.answer ?? now.answer };
      yield now;
      if (next.waits) return;
    }
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
        return this.#declined(order, answer.reason);
      case 'voided':
      case 'refunded':
        return this.#declined(order, 'voided');
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

  #declined(order: OrderSnapshot, reason: string): Promise<Settled> {
    return changeOrder(this.#ports, order, {
      from: 'RESERVED',
      apply: (current, act) => current.declined(reason, act),
      stock: 'given back with the cart',
    });
  }

  async #awaitCustomer(order: OrderSnapshot, action: CustomerAction): Promise<Settled> {
    const settled = await changeOrder(this.#ports, order, {
      from: 'RESERVED',
      apply: (current, act) => current.awaitCustomer(action, act),
    });
    return { ...settled, waits: true };
  }

  #pinned(order: OrderSnapshot, authorizationId: string, amount: Money): Promise<Settled | undefined> {
    if (!amount.equals(order.totals.total)) return this.#park(order, 'authorised amount differs from the total');
    return changeOrder(this.#ports, order, {
      from: 'RESERVED',
      apply: (current, act) => current.authorized(authorizationId, act),
      stock: 'pinned',
      otherwise: (current, act) => current.noteAuthorization(authorizationId, act),
    });
  }

  async #capture(order: OrderSnapshot): Promise<Settled | undefined> {
    const { id: ref, authorizationId } = order.payment;
    const amount = order.totals.total;
    const request = { ref, authorizationId: authorizationId!, amount, key: `${ref}:capture` };
    const answer = await this.#ports.gateway.capture(request);
    if (answer.outcome === 'unknown') return undefined;
    if (answer.outcome === 'refused')
      return changeOrder(this.#ports, order, {
        from: 'CAPTURE_PENDING',
        apply: (current, act) => current.captureRefused(answer.reason, act),
        stock: 'given back with the cart',
      });
    if (!answer.amount.equals(amount)) return this.#park(order, 'captured amount differs from the total');
    return changeOrder(this.#ports, order, {
      from: 'CAPTURE_PENDING',
      apply: (current, act) => current.paid(answer.captureId, act),
      stock: 'consumed',
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
        return changeOrder(this.#ports, order, {
          from: 'CANCEL_PENDING',
          apply: (current, act) => current.foundCaptured(answer.captureId, act),
        });
      case 'unknown':
        return undefined;
    }
  }

  #released(order: OrderSnapshot): Promise<Settled> {
    return changeOrder(this.#ports, order, { from: 'CANCEL_PENDING', apply: (current, act) => current.released(act) });
  }

  async #refund(order: OrderSnapshot, { number, amount }: Refund): Promise<Settled | undefined> {
    const { id: ref, captureId } = order.payment;
    const request = { ref, captureId: captureId!, amount, key: `${ref}:refund:${number}` };
    const answer = await this.#ports.gateway.refund(request);
    if (answer.outcome === 'unknown') return undefined;
    return changeOrder(this.#ports, order, {
      from: order.saga,
      apply: (current, act) =>
        answer.outcome === 'refunded'
          ? current.refundDone(number, act)
          : current.refundRefused(number, answer.reason, act),
    });
  }

  #park(order: OrderSnapshot, why: string): Promise<Settled | undefined> {
    return changeOrder(this.#ports, order, { from: order.saga, apply: (current, act) => current.park(why, act) });
  }
}
