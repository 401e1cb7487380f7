import type { CustomerAction } from '../../domain/payments/payment.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';

/** We do not know whether it took effect: no answer in time, or one that makes no sense. Never "failed". */
export interface Unknown {
  readonly outcome: 'unknown';
}

export type AuthorizeAnswer =
  | { readonly outcome: 'authorized'; readonly authorizationId: string; readonly amount: Money }
  | { readonly outcome: 'declined'; readonly reason: string }
  | { readonly outcome: 'requires_action'; readonly action: CustomerAction }
  | Unknown;

export type CaptureAnswer =
  | { readonly outcome: 'captured'; readonly captureId: string; readonly amount: Money }
  | { readonly outcome: 'refused'; readonly reason: string }
  | Unknown;

export type VoidAnswer =
  | { readonly outcome: 'voided' }
  | { readonly outcome: 'already_captured'; readonly captureId: string }
  | { readonly outcome: 'already_refunded' }
  | Unknown;

export type RefundAnswer =
  { readonly outcome: 'refunded' } | { readonly outcome: 'refused'; readonly reason: string } | Unknown;

export type LookupAnswer =
  | AuthorizeAnswer
  | { readonly outcome: 'not_found' }
  | {
      readonly outcome: 'captured';
      readonly authorizationId: string;
      readonly captureId: string;
      readonly amount: Money;
    }
  | { readonly outcome: 'voided' }
  | { readonly outcome: 'refunded' };

/** Money that the gateway holds under a reference of ours, or has taken and not given back, or only in part. */
export interface HeldPayment {
  readonly ref: PaymentId;
  readonly outcome: 'authorized' | 'captured';
  /** All that is held, or what is left of what was taken. */
  readonly amount: Money;
}

export type ListAnswer =
  | {
      readonly outcome: 'listed';
      /** May be fewer than asked for, or none, before the end. */
      readonly payments: readonly HeldPayment[];
      /** Where the next page goes on; undefined at the end. */
      readonly next?: string | undefined;
    }
  | Unknown;

/**
 * Takes money. Never called inside a unit of work.
 *
 * - G1: the same `key` gives the same answer and has no second effect.
 * - G2: `lookup` only reads.
 * - G3: `void` is a tombstone: it also succeeds when nothing is known under `ref`, and a later `authorize` is refused.
 * - G4: every call ends within its deadline (connect 2 s, 8 s in all); a time-out is `unknown`. It never rejects.
 * - G5: `list` only reads, too, page by page: every payment that was first asked for since then and that holds money, the
 *   newest first. What bears no reference of this shop is left out, also where others share the account. The pages come
 *   to an end; what is asked for in the meantime may be missing from them.
 */
export interface PaymentGateway {
  authorize(request: { ref: PaymentId; amount: Money; method: string; key: string }): Promise<AuthorizeAnswer>;
  capture(request: { ref: PaymentId; authorizationId: string; amount: Money; key: string }): Promise<CaptureAnswer>;
  void(ref: PaymentId): Promise<VoidAnswer>;
  refund(request: { ref: PaymentId; captureId: string; amount: Money; key: string }): Promise<RefundAnswer>;
  lookup(ref: PaymentId): Promise<LookupAnswer>;
  list(request: { since: Date; after?: string | undefined; limit: number }): Promise<ListAnswer>;
}
