import type { PaymentGateway } from '../../application/ports/payment-gateway.ts';
import { PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import { nextId, usd } from '../support/builders.ts';

/** A line of the customer's bank statement: what was really done to the money. */
export interface MoneyMovement {
  readonly kind: 'held' | 'captured' | 'released' | 'refunded';
  readonly amount: Money;
}

export interface GatewayUnderTest {
  readonly gateway: PaymentGateway;
  /** Payment methods that bring these situations about. */
  readonly methods: {
    readonly pays: string;
    readonly declined: string;
    /** Waits for the customer. */
    readonly requiresAction: string;
    /** The authorisation takes effect, but no answer to it arrives in time. */
    readonly answerLost: string;
    /** The authorisation never arrives, and so no answer does. */
    readonly requestLost: string;
    /** Authorises; the first capture takes effect, but no answer to it arrives in time. */
    readonly captureAnswerLost: string;
    /** Authorises, and refuses the capture for good. */
    readonly captureRefused: string;
  };
  /** What the gateway itself holds to be true, from the first to the last. */
  movements(ref: PaymentId): Promise<readonly MoneyMovement[]>;
  /** The customer does what was asked of him, or fails to. */
  customer(ref: PaymentId, does: 'confirm' | 'fail'): Promise<void>;
  close(): Promise<void>;
}

/** What an integrator supplies to have a gateway examined. */
export interface GatewayHarness {
  readonly name: string;
  /** Called once for a whole run of `paymentGatewayContract`. */
  open(): Promise<GatewayUnderTest>;
}

export const PRICE = usd(4350);

const keyOf = (ref: PaymentId, use: 'auth' | 'capture' | 'refund:1' | 'refund:2'): string => `${ref}:${use}`;

/** One payment of one order, asked for the way that the shop does it. */
export class Payment {
  readonly ref = PaymentId(nextId());
  readonly #underTest: GatewayUnderTest;
  readonly #method: string;

  constructor(underTest: GatewayUnderTest, method = underTest.methods.pays) {
    this.#underTest = underTest;
    this.#method = method;
  }

  authorize(amount = PRICE, key = keyOf(this.ref, 'auth')) {
    return this.#underTest.gateway.authorize({ ref: this.ref, amount, method: this.#method, key });
  }

  capture(authorizationId: string, amount = PRICE) {
    const key = keyOf(this.ref, 'capture');
    return this.#underTest.gateway.capture({ ref: this.ref, authorizationId, amount, key });
  }

  refund(captureId: string, amount = PRICE, use: 'refund:1' | 'refund:2' = 'refund:1') {
    return this.#underTest.gateway.refund({ ref: this.ref, captureId, amount, key: keyOf(this.ref, use) });
  }

  void() {
    return this.#underTest.gateway.void(this.ref);
  }

  lookup() {
    return this.#underTest.gateway.lookup(this.ref);
  }

  /** Such as "held 4350, captured 4350". */
  async statement(): Promise<string> {
    const movements = await this.#underTest.movements(this.ref);
    return movements.map(({ kind, amount }) => `${kind} ${amount.amount}`).join(', ');
  }

  async authorized(): Promise<string> {
    const answer = await this.authorize();
    if (answer.outcome !== 'authorized') throw new Error(`This was expected to be authorised, not ${answer.outcome}.`);
    return answer.authorizationId;
  }

  async captured(): Promise<{ authorizationId: string; captureId: string }> {
    const authorizationId = await this.authorized();
    const answer = await this.capture(authorizationId);
    if (answer.outcome !== 'captured') throw new Error(`This was expected to be captured, not ${answer.outcome}.`);
    return { authorizationId, captureId: answer.captureId };
  }
}

export type GatewayTest = (title: string, test: (underTest: GatewayUnderTest) => Promise<void>) => void;
