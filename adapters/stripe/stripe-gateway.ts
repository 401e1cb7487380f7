import Stripe from 'stripe';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type {
  AuthorizeAnswer,
  CaptureAnswer,
  ListAnswer,
  LookupAnswer,
  PaymentGateway,
  RefundAnswer,
  Unknown,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { Currency } from '../../domain/shared/currency.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import { BoundedHttpClient, type Bounds } from './bounded-http-client.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import {
  authorizationOf,
  captureOf,
  type Intent,
  INTENT_ID,
  lookupOf,
  mostTelling,
  type StripeRefund,
  UNKNOWN,
  voidOf,
} from './stripe-answers.ts';
import { StripeCall } from './stripe-call.ts';
import { listHeld } from './stripe-list.ts';
import { factsOf, isKeyConflict, refusalOf } from './stripe-errors.ts';

export interface StripeGatewaySettings {
  readonly secretKey: string;
  /** The currency of the shop: tombstones are written in it. */
  readonly currency: Currency;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Scheme, host and port only. */
  readonly apiBase?: string;
  /** Where the bank sends the customer back to. Unset: the page of the shop asks for 3-D Secure with the client secret. */
  readonly returnUrl?: string;
  /**
   * Which payments of the account are this shop's: it writes the first of these on each, and lists those that bear any
   * of them. Without one it lists nothing, for it could not tell its own from those of another shop.
   */
  readonly marks?: readonly string[];
  /** For one call with all its requests. */
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly agents?: Bounds['agents'];
}

type AuthorizeRequest = Parameters<PaymentGateway['authorize']>[0];
type CaptureRequest = Parameters<PaymentGateway['capture']>[0];
type RefundRequest = Parameters<PaymentGateway['refund']>[0];

/** What the answers are read as. A newer library is only taken with a look at this. */
const API_VERSION = '2026-10-28.endive';

const LONGEST_ANSWER = 512 * 1024;

/**
 * Of a payment that was never seen we know no amount. Nobody ever confirms a tombstone, but Stripe checks when it is
 * made that it is neither below the smallest charge in any currency nor longer than eight digits.
 */
const TOMBSTONE_AMOUNT = 10_000_000;

/**
 * Stripe, by PaymentIntents that are captured by hand. A payment is made in two steps, create and confirm, so that to
 * cancel its intent is the tombstone of G3.
 *
 * The intent of a payment is found without any memory of ours. While Stripe remembers keys, `${ref}:intent` admits only
 * one creation, whether it is for the payment or for its tombstone: who comes second is refused by the key and has to
 * find the first. Finding is by search and list, see `StripeCall.find`; what cannot be found yet is `unknown`, never
 * "not there". When the keys may be forgotten, nothing is created before search, which is up to date by then, has been
 * asked. In the same way a refund carries its key as metadata and is looked for before it is made.
 */
export class StripeGateway implements PaymentGateway {
  readonly #stripe: Stripe;
  readonly #settings: StripeGatewaySettings;

  constructor(settings: StripeGatewaySettings) {
    const { protocol, hostname, port } = new URL(settings.apiBase ?? 'https://api.stripe.com');
    const { connectTimeoutMs = 2000, agents } = settings;
    const bounds = { connectTimeoutMs, longestAnswer: LONGEST_ANSWER, ...(agents && { agents }) };
    this.#settings = settings;
    this.#stripe = new Stripe(settings.secretKey, {
      apiVersion: API_VERSION,
      host: hostname,
      protocol: protocol === 'http:' ? 'http' : 'https',
      port: port || (protocol === 'http:' ? 80 : 443),
      maxNetworkRetries: 0,
      telemetry: false,
      httpClient: new BoundedHttpClient(bounds),
    });
  }

  authorize({ ref, amount, method, key }: AuthorizeRequest): Promise<AuthorizeAnswer> {
    return this.#call('authorize', ref, async call => {
      const units = toStripeAmount(amount);
      if (units === undefined) return { outcome: 'declined', reason: 'amount_not_expressible' };
      const intent = await intentOf(call, amount, units);
      if ('outcome' in intent) return intent;
      if (intent.status === 'canceled') return authorizationOf(intent);
      if (!intent.amount.equals(amount)) return UNKNOWN;
      return this.#confirm(call, intent, method, key);
    });
  }

  capture({ ref, authorizationId, amount, key }: CaptureRequest): Promise<CaptureAnswer> {
    return this.#call('capture', ref, async call => {
      const units = toStripeAmount(amount);
      if (units === undefined) return refused('amount_not_expressible');
      if (!INTENT_ID.test(authorizationId)) return refused('unknown_authorization');
      try {
        return captureOf(await call.capture(authorizationId, { amount_to_capture: units }, key));
      } catch (error) {
        const reason = refusalReason(error);
        const now = await retrieveOrRefuse(call, authorizationId);
        if (!now) return refused(reason);
        return now.status === 'succeeded' || now.status === 'processing' ? captureOf(now) : refused(reason);
      }
    });
  }

  void(ref: PaymentId): Promise<VoidAnswer> {
    return this.#call('void', ref, async call => {
      const found = await call.find();
      const intents = found.length > 0 ? found : [await this.#tombstone(call)];
      const answers: VoidAnswer[] = [];
      for (const intent of intents) answers.push(await cancel(call, intent));
      return mostUrgent(answers);
    });
  }

  refund({ ref, captureId, amount, key }: RefundRequest): Promise<RefundAnswer> {
    return this.#call('refund', ref, async call => {
      const units = toStripeAmount(amount);
      if (units === undefined) return refused('amount_not_expressible');
      if (!INTENT_ID.test(captureId)) return refused('unknown_capture');
      try {
        const known = (await call.refunds(captureId)).find(refund => refund.key === key);
        if (known && !known.amount.equals(amount)) return refused('key_reused');
        return refundOf(known ?? (await call.refund(captureId, units, key)));
      } catch (error) {
        return refused(refusalReason(error));
      }
    });
  }

  lookup(ref: PaymentId): Promise<LookupAnswer> {
    return this.#call('lookup', ref, async call => lookupOf(mostTelling(await call.find())));
  }

  list(request: Parameters<PaymentGateway['list']>[0]): Promise<ListAnswer> {
    const { marks = [], timeoutMs: timeout = 8000 } = this.#settings;
    return this.#guard('list', {}, () => listHeld(this.#stripe, request, { marks, timeout }));
  }

  async #confirm(call: StripeCall, { id }: Intent, method: string, key: string): Promise<AuthorizeAnswer> {
    const { returnUrl } = this.#settings;
    const customer = returnUrl === undefined ? { use_stripe_sdk: true } : { return_url: returnUrl };
    try {
      return authorizationOf(await call.confirm(id, { payment_method: method, ...customer }, key));
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      const declined: AuthorizeAnswer = { outcome: 'declined', reason: refusal.reason };
      if (refusal.by === 'card') return declined;
      // It may have moved on since it was created, and then this is no refusal of the method.
      const now = await call.retrieve(id);
      const untried = now.status === 'requires_payment_method' || now.status === 'requires_confirmation';
      return untried ? declined : authorizationOf(now);
    }
  }

  /** @throws when an authorisation was faster, but cannot be seen yet */
  #tombstone(call: StripeCall): Promise<Intent> {
    const currency = this.#settings.currency.toLowerCase();
    return call.create({ amount: TOMBSTONE_AMOUNT, currency, description: 'Voided before it was authorised' });
  }

  #call<Answer extends { readonly outcome: string }>(
    name: string,
    ref: PaymentId,
    work: (call: StripeCall) => Promise<Answer | Unknown>,
  ): Promise<Answer | Unknown> {
    const { clock, marks = [], timeoutMs = 8000 } = this.#settings;
    const settings = { ref, mark: marks[0], now: clock.now(), timeoutMs };
    return this.#guard(name, { ref }, () => work(new StripeCall(this.#stripe, settings)));
  }

  async #guard<Answer extends { readonly outcome: string }>(
    call: string,
    about: { readonly ref?: PaymentId },
    work: () => Promise<Answer | Unknown>,
  ): Promise<Answer | Unknown> {
    requireOutsideUnitOfWork('The payment gateway');
    const { logger } = this.#settings;
    try {
      const answer = await work();
      if (answer.outcome === 'unknown') logger.warn('Stripe gave no clear answer', { call, ...about });
      return answer;
    } catch (error) {
      logger.warn('Stripe gave no clear answer', { call, ...about, ...factsOf(error) });
      return UNKNOWN;
    }
  }
}

const refused = (reason: string): { outcome: 'refused'; reason: string } => ({ outcome: 'refused', reason });

/** @throws the error itself when it is no definite no */
function refusalReason(error: unknown): string {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  return refusal.reason;
}

/** The one intent of this payment, made unless it is there. Or why there can be none. */
async function intentOf(call: StripeCall, amount: Money, units: number): Promise<Intent | AuthorizeAnswer> {
  if (call.keysMayBeForgotten) {
    const known = mostTelling(await call.find());
    if (known) return known;
  }
  try {
    return await call.create({
      amount: units,
      currency: amount.currency.toLowerCase(),
      capture_method: 'manual',
      allowed_payment_method_types: ['card'],
    });
  } catch (error) {
    if (isKeyConflict(error)) return mostTelling(await call.find()) ?? UNKNOWN;
    return { outcome: 'declined', reason: refusalReason(error) };
  }
}

/** Undefined when there is definitely no such intent. */
async function retrieveOrRefuse(call: StripeCall, id: string): Promise<Intent | undefined> {
  try {
    return await call.retrieve(id);
  } catch (error) {
    refusalReason(error);
    return undefined;
  }
}

/** Where it cannot be cancelled, its state tells why. */
async function cancel(call: StripeCall, intent: Intent): Promise<VoidAnswer> {
  if (intent.status === 'canceled' || intent.status === 'succeeded') return voidOf(intent);
  try {
    return voidOf(await call.cancel(intent.id));
  } catch (error) {
    refusalReason(error);
    return voidOf(await call.retrieve(intent.id));
  }
}

/** Money that was taken comes before what is not known, which is asked again. */
const mostUrgent = (answers: readonly VoidAnswer[]): VoidAnswer =>
  (['already_captured', 'unknown', 'already_refunded', 'voided'] as const)
    .map(outcome => answers.find(answer => answer.outcome === outcome))
    .find(answer => answer !== undefined) ?? UNKNOWN;

function refundOf({ status }: StripeRefund): RefundAnswer {
  if (status === 'succeeded' || status === 'pending') return { outcome: 'refunded' };
  return status === 'requires_action' ? UNKNOWN : refused(`refund_${status}`);
}
