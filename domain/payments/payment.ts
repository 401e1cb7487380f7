import { DomainError } from '../shared/domain-error.ts';
import type { PaymentId } from '../shared/ids.ts';
import { Money } from '../shared/money.ts';

export type PaymentState = 'NEW' | 'AUTHORIZED' | 'CAPTURED' | 'DECLINED' | 'VOIDED' | 'REFUNDED';

/** The legal moves of the money behind an order; every pair that is not here is refused. */
export const PAYMENT_MOVES = {
  NEW: ['AUTHORIZED', 'DECLINED', 'VOIDED'],
  AUTHORIZED: ['CAPTURED', 'VOIDED'],
  CAPTURED: ['REFUNDED'],
  DECLINED: ['AUTHORIZED'],
  VOIDED: ['AUTHORIZED'],
  REFUNDED: [],
} as const satisfies Record<PaymentState, readonly PaymentState[]>;

/** What the customer must do before the gateway decides, such as 3-D Secure. */
export interface CustomerAction {
  readonly type: string;
  readonly clientSecret: string | null;
  readonly url: string | null;
}

export type RefundState = 'PENDING' | 'DONE' | 'REFUSED';

/** Money on its way back. It counts against what was captured from the moment it is asked for. */
export interface Refund {
  /** From 1; part of the key that the gateway knows it by. */
  readonly number: number;
  readonly amount: Money;
  readonly state: RefundState;
  /** Null if nobody gave one, and once the customer has been erased. */
  readonly reason: string | null;
}

export interface PaymentSnapshot {
  /** The reference that the gateway knows it by, committed before the first call. */
  readonly id: PaymentId;
  readonly state: PaymentState;
  readonly amount: Money;
  /** What the customer pays with, as the gateway names it; never a card number. */
  readonly method: string;
  readonly authorizationId: string | null;
  readonly captureId: string | null;
  readonly declineReason: string | null;
  readonly action: CustomerAction | null;
  /** In order of number. */
  readonly refunds: readonly Refund[];
}

export function movePayment(
  payment: PaymentSnapshot,
  to: PaymentState,
  facts: Partial<PaymentSnapshot> = {},
): PaymentSnapshot {
  const legal: readonly PaymentState[] = PAYMENT_MOVES[payment.state];
  if (!legal.includes(to))
    throw new DomainError('conflict', 'INVALID_TRANSITION', `A payment that is ${payment.state} cannot become ${to}.`);
  return { ...payment, ...facts, state: to };
}

const sumOf = ({ amount, refunds }: PaymentSnapshot, states: readonly RefundState[]): Money =>
  Money.sum(
    refunds.filter(refund => states.includes(refund.state)).map(refund => refund.amount),
    amount.currency,
  );

/** Given back, or promised. */
export const refundedOf = (payment: PaymentSnapshot): Money => sumOf(payment, ['PENDING', 'DONE']);

/** Given back for certain. */
export const returnedOf = (payment: PaymentSnapshot): Money => sumOf(payment, ['DONE']);

export const pendingRefund = ({ refunds }: PaymentSnapshot): Refund | undefined =>
  refunds.find(refund => refund.state === 'PENDING');

/** @param amount all that is left when undefined */
export function askRefund(payment: PaymentSnapshot, amount: Money | undefined, reason: string | null): PaymentSnapshot {
  const left = payment.amount.minus(refundedOf(payment));
  const asked = amount ?? left;
  if (payment.state !== 'CAPTURED')
    throw new DomainError('conflict', 'INVALID_TRANSITION', `A payment that is ${payment.state} cannot be refunded.`);
  if (asked.currency !== left.currency || asked.amount <= 0 || asked.isMoreThan(left))
    throw new DomainError('invalid', 'REFUND_TOO_LARGE', 'A refund is more than nothing and at most what is left.', {
      refundable: left.toJSON(),
    });
  const refund: Refund = { number: payment.refunds.length + 1, amount: asked, state: 'PENDING', reason };
  return { ...payment, refunds: [...payment.refunds, refund] };
}

/**
 * Promises all that is left. What cost nothing has gone back by that alone.
 * @throws DomainError when all of it is promised already
 */
export function askRest(payment: PaymentSnapshot, reason: string | null): PaymentSnapshot {
  if (payment.amount.amount === 0) return movePayment(payment, 'REFUNDED');
  if (pendingRefund(payment) && refundedOf(payment).equals(payment.amount))
    throw new DomainError('conflict', 'INVALID_TRANSITION', 'All of the money is on its way back already.');
  return askRefund(payment, undefined, reason);
}

/** The payment is REFUNDED once all of it has gone back. */
export function settleRefund(payment: PaymentSnapshot, number: number, state: 'DONE' | 'REFUSED'): PaymentSnapshot {
  const refunds = payment.refunds.map(refund => (refund.number === number ? { ...refund, state } : refund));
  const settled = { ...payment, refunds };
  return returnedOf(settled).equals(payment.amount) ? movePayment(settled, 'REFUNDED') : settled;
}
