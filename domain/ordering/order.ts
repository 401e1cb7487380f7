import type { PricedLine } from '../cart/cart-pricing.ts';
import {
  askRefund,
  askRest,
  type CustomerAction,
  movePayment,
  type PaymentSnapshot,
  type PaymentState,
  pendingRefund,
  settleRefund,
} from '../payments/payment.ts';
import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError } from '../shared/domain-error.ts';
import type { DomainEvent } from '../shared/event.ts';
import type { CartId, OrderId, PaymentId, ProductId, UserId, VariantId } from '../shared/ids.ts';
import { Money } from '../shared/money.ts';
import type { PostalAddress } from '../shared/postal-address.ts';
import { type OrderNumber, orderNumberOf } from './order-number.ts';
import { ORDER_MOVES, type OrderState, SAGA_MOVES, type SagaEvent, type SagaState } from './order-states.ts';

/** A line as it was sold; later changes of the catalogue do not reach it. */
export interface OrderItem {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly lineTotal: Money;
}

/** `total` is items − discount + shipping + tax; the database holds it to that. */
export interface OrderTotals {
  readonly items: Money;
  readonly discount: Money;
  readonly shipping: Money;
  readonly tax: Money;
  readonly total: Money;
}

export interface Shipment {
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
}

/** How a person let it go on that had been put aside. */
export interface Resumption extends Act {
  /** Why it had to be looked at. */
  readonly review: string;
  /** Null once the customer has been erased. */
  readonly reason: string | null;
}

export interface OrderSnapshot extends Audit {
  readonly id: OrderId;
  readonly number: OrderNumber;
  readonly cartId: CartId;
  /** Null for a guest. */
  readonly userId: UserId | null;
  readonly state: OrderState;
  readonly saga: SagaState;
  readonly items: readonly OrderItem[];
  readonly totals: OrderTotals;
  /** Null once the customer has been erased. */
  readonly shippingAddress: PostalAddress | null;
  /** Of a guest; a customer is written to at the address of the account. */
  readonly email: string | null;
  readonly payment: PaymentSnapshot;
  /** Null until it is shipped, and once the customer has been erased. */
  readonly shipment: Shipment | null;
  /** Null until it is cancelled, and once the customer has been erased. */
  readonly cancelReason: string | null;
  /** Why a person has to look at it; null while nothing is wrong. */
  readonly needsReview: string | null;
  /** The last time. */
  readonly resumed: Resumption | null;
}

export interface OrderFacts {
  readonly id: OrderId;
  readonly cartId: CartId;
  readonly userId: UserId | null;
  readonly lines: readonly PricedLine[];
  readonly shippingAddress: PostalAddress;
  readonly email: string | null;
  readonly payment: { readonly id: PaymentId; readonly method: string };
}

const REFUNDABLE: readonly OrderState[] = ['PAID', 'SHIPPED', 'DELIVERED'];

/** Something sold, or about to be. Its payment is part of it: neither changes without the other being looked at. */
export class Order {
  #state: OrderSnapshot;
  #events: DomainEvent[] = [];

  private constructor(state: OrderSnapshot) {
    this.#state = state;
  }

  static place(facts: OrderFacts, act: Act): Order {
    const items = facts.lines.map(orderItem);
    const currency = items[0]!.unitPrice.currency;
    const sum = Money.sum(
      items.map(item => item.lineTotal),
      currency,
    );
    const zero = Money.zero(currency);
    const order = new Order({
      id: facts.id,
      number: orderNumberOf(facts.id),
      cartId: facts.cartId,
      userId: facts.userId,
      state: 'PENDING',
      saga: 'RESERVED',
      items,
      totals: { items: sum, discount: zero, shipping: zero, tax: zero, total: sum },
      shippingAddress: facts.shippingAddress,
      email: facts.email,
      payment: {
        id: facts.payment.id,
        state: 'NEW',
        amount: sum,
        method: facts.payment.method,
        authorizationId: null,
        captureId: null,
        declineReason: null,
        action: null,
        refunds: [],
      },
      shipment: null,
      cancelReason: null,
      needsReview: null,
      resumed: null,
      ...created(act),
    });
    order.#emit('order.created');
    return order;
  }

  static restore(snapshot: OrderSnapshot): Order {
    return new Order(snapshot);
  }

  snapshot(): OrderSnapshot {
    return this.#state;
  }

  /** What happened since it was loaded; the use case puts it into the outbox. */
  events(): readonly DomainEvent[] {
    return this.#events;
  }

  get saga(): SagaState {
    return this.#state.saga;
  }

  get payment(): PaymentSnapshot {
    return this.#state.payment;
  }

  authorized(authorizationId: string, act: Act): void {
    this.#advance('authorized', act);
    this.#pay('AUTHORIZED', { authorizationId, action: null });
  }

  /** The answer came too late to pin the stock: remember what must be given back. */
  noteAuthorization(authorizationId: string, act: Act): void {
    if (this.payment.state !== 'NEW') return;
    this.#state = revised(this.#state, act);
    this.#pay('AUTHORIZED', { authorizationId });
  }

  awaitCustomer(action: CustomerAction, act: Act): void {
    this.#state = revised({ ...this.#state, payment: { ...this.payment, action } }, act);
  }

  paid(captureId: string, act: Act): void {
    this.#advance('captured', act, 'PAID');
    this.#pay('CAPTURED', { captureId });
    this.#emit('order.paid', `paid:${this.#state.id}`);
  }

  declined(reason: string, act: Act): void {
    // Whoever was sent to confirm elsewhere may still do so there: then there is something to void.
    this.#advance(this.payment.action ? 'cancelled' : 'declined', act, 'CANCELLED');
    this.#pay('DECLINED', { declineReason: reason });
    this.#cancelled('payment_declined');
  }

  captureRefused(reason: string, act: Act): void {
    this.#advance('capture refused', act, 'CANCELLED');
    this.#state = { ...this.#state, payment: { ...this.payment, declineReason: reason } };
    this.#cancelled('capture_refused');
  }

  expired(act: Act): void {
    this.#advance('expired', act, 'CANCELLED');
    this.#cancelled('expired');
  }

  /** By the customer or by staff. What was captured goes back. */
  cancel(reason: string, act: Act): void {
    const payment = this.payment.state === 'CAPTURED' ? askRest(this.payment, reason) : this.payment;
    this.#advance('cancelled', act, 'CANCELLED');
    this.#state = { ...this.#state, payment };
    this.#cancelled(reason);
  }

  /** Staff give money back. @param amount all that is left when undefined */
  refund(amount: Money | undefined, reason: string | null, act: Act): void {
    if (!REFUNDABLE.includes(this.#state.state)) throw illegal(this.#state.state, 'refunded');
    if (this.#state.needsReview !== null) throw illegal('put aside for a person', 'refunded');
    this.#state = revised({ ...this.#state, payment: askRefund(this.payment, amount, reason) }, act);
  }

  refundDone(number: number, act: Act): void {
    if (!this.#isPending(number)) return;
    const payment = settleRefund(this.payment, number, 'DONE');
    this.#state = revised({ ...this.#state, payment }, act);
    if (payment.state === 'REFUNDED' && this.#state.saga === 'PAID') this.#become('REFUNDED');
    const { amount } = payment.refunds.find(refund => refund.number === number)!;
    this.#emit('order.refunded', `refunded:${this.#state.id}:${number}`, { refunded: amount.toJSON() });
  }

  /** The gateway will not give it back: a person has to. */
  refundRefused(number: number, why: string, act: Act): void {
    if (!this.#isPending(number)) return;
    this.#state = { ...this.#state, payment: settleRefund(this.payment, number, 'REFUSED') };
    this.park(`the gateway refused refund ${number}: ${why}`, act);
  }

  /** It was cancelled, but the gateway turns out to have taken the money: all of it goes back, once. */
  foundCaptured(captureId: string, act: Act): void {
    if (this.payment.state === 'REFUNDED' || pendingRefund(this.payment)) return;
    if (this.payment.state !== 'CAPTURED') {
      const authorizationId = this.payment.authorizationId ?? captureId;
      if (this.payment.state !== 'AUTHORIZED') this.#pay('AUTHORIZED', { authorizationId });
      this.#pay('CAPTURED', { captureId });
    }
    this.#state = revised({ ...this.#state, payment: askRest(this.payment, 'cancelled') }, act);
  }

  /** It was cancelled and done with, but the gateway turns out to hold money for it after all. */
  moneyFound(authorizationId: string, act: Act): void {
    this.#advance('money found', act);
    if (this.payment.state === 'DECLINED' || this.payment.state === 'VOIDED')
      this.#pay('AUTHORIZED', { authorizationId });
  }

  /** The gateway holds no money for it any more. What it had taken, somebody has returned there by hand. */
  released(act: Act): void {
    this.#advance('released', act);
    if (this.payment.state === 'NEW' || this.payment.state === 'AUTHORIZED') this.#pay('VOIDED');
    if (this.payment.state !== 'CAPTURED') return;
    const asked = askRest(this.payment, 'returned at the gateway');
    this.#state = { ...this.#state, payment: asked };
    this.refundDone(asked.refunds.length, act);
  }

  ship(shipment: Shipment, act: Act): void {
    this.#become('SHIPPED');
    this.#state = revised({ ...this.#state, shipment }, act);
    this.#emit('order.shipped');
  }

  deliver(act: Act): void {
    this.#become('DELIVERED');
    this.#state = revised(this.#state, act);
    this.#emit('order.delivered');
  }

  /** Money and order do not agree: nothing goes on by itself until a person has looked at it, or it ends. */
  park(why: string, act: Act): void {
    this.#state = revised({ ...this.#state, needsReview: why }, act);
    this.#emit('order.parked');
  }

  /** A person has looked at it: from here on it goes on by itself again. */
  resume(reason: string, act: Act): void {
    const { needsReview: review, state } = this.#state;
    if (review === null) throw illegal(state, 'resumed');
    this.#state = revised({ ...this.#state, needsReview: null, resumed: { review, reason, ...act } }, act);
    this.#emit('order.resumed', undefined, { review, resumed_by: act.by });
  }

  /** A person has looked at it, and it comes to nothing, even if its money is being taken. Whatever was taken goes back. */
  giveUp(reason: string, act: Act): void {
    if (this.#state.needsReview === null) throw illegal(this.#state.state, 'given up');
    this.#advance('given up', act, 'CANCELLED');
    this.resume(reason, act);
    this.#cancelled(reason);
  }

  #advance(event: SagaEvent, act: Act, state?: OrderState): void {
    const saga = SAGA_MOVES[this.#state.saga][event];
    if (!saga) throw illegal(this.#state.state, event);
    if (state) this.#become(state);
    this.#state = revised({ ...this.#state, saga }, act);
  }

  #become(state: OrderState): void {
    const legal: readonly OrderState[] = ORDER_MOVES[this.#state.state];
    if (!legal.includes(state)) throw illegal(this.#state.state, state);
    this.#state = { ...this.#state, state };
  }

  #pay(to: PaymentState, facts: Partial<PaymentSnapshot> = {}): void {
    this.#state = { ...this.#state, payment: movePayment(this.payment, to, facts) };
  }

  #isPending(number: number): boolean {
    return this.payment.refunds.some(refund => refund.number === number && refund.state === 'PENDING');
  }

  /**
   * Nobody has to look at it any more: from here on money only goes back, and whatever was wrong with it, that is right.
   * Where that fails, it is put aside again.
   */
  #cancelled(cancelReason: string): void {
    this.#state = { ...this.#state, cancelReason, needsReview: null };
    this.#emit('order.cancelled', `cancelled:${this.#state.id}`);
  }

  #emit(type: string, dedupeKey?: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const { id, number, userId, state, totals, version, items } = this.#state;
    this.#events.push({
      type,
      aggregateType: 'order',
      aggregateId: id,
      aggregateVersion: version,
      ...(dedupeKey && { dedupeKey }),
      payload: {
        order_id: id,
        order_number: number,
        user_id: userId,
        status: state,
        total: totals.total.toJSON(),
        items: items.map(item => ({ variant_id: item.variantId, quantity: item.quantity })),
        ...facts,
      },
    });
  }
}

/** Whether something is still to be done about its money. An order that a person has to look at waits for them. */
export const isUnsettled = ({ saga, payment, needsReview }: OrderSnapshot): boolean =>
  needsReview === null && (!['PAID', 'CANCELLED'].includes(saga) || pendingRefund(payment) !== undefined);

const illegal = (from: OrderState | 'put aside for a person', to: string): DomainError =>
  new DomainError('conflict', 'INVALID_TRANSITION', `An order that is ${from} cannot be ${to.toLowerCase()}.`, {
    status: from,
  });

function orderItem(line: PricedLine): OrderItem {
  const { variantId, productId, sku, name, quantity, unitPrice, lineTotal } = line;
  if (!productId || !sku || !name) throw new Error(`Variant ${variantId} is not for sale`);
  return { variantId, productId, sku, name, quantity, unitPrice, lineTotal };
}
