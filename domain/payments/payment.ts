import { DomainError } from '../shared/domain-error.ts';
import type { PaymentId } from '../shared/ids.ts';
import type { Money } from '../shared/money.ts';

export type PaymentState = 'NEW' | 'AUTHORIZED' | 'CAPTURED' | 'DECLINED' | 'VOIDED' | 'REFUNDED';

/** The legal moves of the money behind an order; every pair that is not here is refused. */
export const PAYMENT_MOVES = {
  NEW: ['AUTHORIZED', 'DECLINED', 'VOIDED'],
  AUTHORIZED: ['CAPTURED', 'VOIDED'],
  CAPTURED: ['REFUNDED'],
  DECLINED: [],
  VOIDED: [],
  REFUNDED: [],
} as const satisfies Record<PaymentState, readonly PaymentState[]>;

/** What the customer must do before the gateway decides, such as 3-D Secure. */
export interface CustomerAction {
  readonly type: string;
  readonly clientSecret: string | null;
  readonly url: string | null;
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
