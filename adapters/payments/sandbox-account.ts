import type {
  AuthorizeAnswer,
  CaptureAnswer,
  HeldPayment,
  LookupAnswer,
  RefundAnswer,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import { Money } from '../../domain/shared/money.ts';

/** A line of the customer's bank statement. */
export interface Movement {
  readonly kind: 'held' | 'captured' | 'released' | 'refunded';
  readonly amount: Money;
}

type Decision = 'authorized' | 'requires_action' | { readonly declined: string };

/** What the bank decides at once; every other method is unknown and declined. */
const DECISIONS: ReadonlyMap<string, Decision> = new Map<string, Decision>([
  ['tok_ok', 'authorized'],
  ['tok_slow', 'authorized'],
  ['tok_timeout', 'authorized'],
  ['tok_capture_timeout', 'authorized'],
  ['tok_capture_refused', 'authorized'],
  ['tok_requires_action', 'requires_action'],
  ['tok_decline', { declined: 'card_declined' }],
  ['tok_insufficient_funds', { declined: 'insufficient_funds' }],
]);

type HoldState = 'requires_action' | 'authorized' | 'declined' | 'captured' | 'refunded' | 'voided';

interface Hold {
  readonly id: string;
  readonly amount: Money;
  readonly method: string;
  state: HoldState;
  declineReason: string;
  captured: Money;
  refunded: Money;
}

/** All that the bank knows under one reference. Everything follows from what it was asked, in that order. */
export class SandboxAccount {
  readonly #ref: PaymentId;
  readonly #holds: Hold[] = [];
  readonly #movements: Movement[] = [];
  #closed = false;

  constructor(ref: PaymentId) {
    this.#ref = ref;
  }

  get movements(): readonly Movement[] {
    return this.#movements;
  }

  /** Holds the money once more each time it is asked, as a bank would that has never seen the key. */
  authorize(amount: Money, method: string): AuthorizeAnswer {
    if (this.#closed) return { outcome: 'declined', reason: 'voided' };
    const decision = DECISIONS.get(method) ?? { declined: 'unknown_payment_method' };
    const zero = Money.zero(amount.currency);
    const hold: Hold = {
      id: `sandbox_auth_${this.#ref}_${this.#holds.length + 1}`,
      amount,
      method,
      state: typeof decision === 'string' ? decision : 'declined',
      declineReason: typeof decision === 'string' ? '' : decision.declined,
      captured: zero,
      refunded: zero,
    };
    this.#holds.push(hold);
    if (hold.state === 'authorized') this.#move('held', amount);
    return this.#authorization(hold);
  }

  /** Captured already, under whatever key, is captured: that is what the shop has to know. */
  capture(authorizationId: string, amount: Money): CaptureAnswer {
    const hold = this.#holds.find(({ id }) => id === authorizationId);
    if (!hold) return refused('unknown_authorization');
    if (hold.state === 'captured') return { outcome: 'captured', captureId: captureIdOf(hold), amount: hold.captured };
    if (hold.state !== 'authorized') return refused(`authorization_${hold.state}`);
    if (hold.method === 'tok_capture_refused') return refused('capture_refused');
    if (!isPartOf(amount, hold.amount)) return refused('not_the_amount_held');
    hold.state = 'captured';
    hold.captured = amount;
    this.#move('captured', amount);
    return { outcome: 'captured', captureId: captureIdOf(hold), amount };
  }

  methodOf(authorizationId: string): string | undefined {
    return this.#holds.find(({ id }) => id === authorizationId)?.method;
  }

  void(): VoidAnswer {
    this.#closed = true;
    const captured = this.#in('captured');
    if (captured) return { outcome: 'already_captured', captureId: captureIdOf(captured) };
    if (this.#in('refunded')) return { outcome: 'already_refunded' };
    for (const hold of this.#holds) {
      if (hold.state === 'authorized') this.#move('released', hold.amount);
      hold.state = 'voided';
    }
    return { outcome: 'voided' };
  }

  refund(captureId: string, amount: Money): RefundAnswer {
    const hold = this.#holds.find(one => one.state === 'captured' && captureIdOf(one) === captureId);
    if (!hold) return refused('nothing_captured');
    if (!isPartOf(amount, hold.captured.minus(hold.refunded))) return refused('more_than_captured');
    hold.refunded = hold.refunded.plus(amount);
    if (hold.refunded.equals(hold.captured)) hold.state = 'refunded';
    this.#move('refunded', amount);
    return { outcome: 'refunded' };
  }

  lookup(): LookupAnswer {
    const captured = this.#in('captured');
    if (captured) {
      const { id: authorizationId, captured: amount } = captured;
      return { outcome: 'captured', authorizationId, captureId: captureIdOf(captured), amount };
    }
    if (this.#in('refunded')) return { outcome: 'refunded' };
    if (this.#closed) return { outcome: 'voided' };
    const hold = this.#in('authorized') ?? this.#holds.at(-1);
    return hold ? this.#authorization(hold) : { outcome: 'not_found' };
  }

  /** Undefined when there is nothing that could be given back. */
  get held(): HeldPayment | undefined {
    const captured = this.#in('captured');
    if (captured) return { ref: this.#ref, outcome: 'captured', amount: captured.captured.minus(captured.refunded) };
    const hold = this.#in('authorized');
    return hold && { ref: this.#ref, outcome: 'authorized', amount: hold.amount };
  }

  /** The customer passes, or fails, what the bank asked for. False when it asked for nothing. */
  answerAction(passed: boolean): boolean {
    const hold = this.#in('requires_action');
    if (!hold) return false;
    hold.state = passed ? 'authorized' : 'declined';
    if (passed) this.#move('held', hold.amount);
    else hold.declineReason = 'authentication_failed';
    return true;
  }

  #authorization({ id, state, amount, declineReason }: Hold): AuthorizeAnswer {
    if (state === 'authorized') return { outcome: 'authorized', authorizationId: id, amount };
    if (state === 'declined') return { outcome: 'declined', reason: declineReason };
    return { outcome: 'requires_action', action: { type: 'three_d_secure', clientSecret: `${id}_secret`, url: null } };
  }

  #in(state: HoldState): Hold | undefined {
    return this.#holds.find(hold => hold.state === state);
  }

  #move(kind: Movement['kind'], amount: Money): void {
    this.#movements.push({ kind, amount });
  }
}

const captureIdOf = ({ id }: Hold): string => id.replace('sandbox_auth_', 'sandbox_capture_');

const refused = (reason: string): { outcome: 'refused'; reason: string } => ({ outcome: 'refused', reason });

const isPartOf = (amount: Money, whole: Money): boolean =>
  amount.currency === whole.currency && amount.amount >= 0 && !amount.isMoreThan(whole);
