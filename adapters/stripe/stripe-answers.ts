import Joi from 'joi';
import type {
  AuthorizeAnswer,
  CaptureAnswer,
  HeldPayment,
  LookupAnswer,
  Unknown,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import { Currency, CURRENCIES } from '../../domain/shared/currency.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import { fromStripeAmount } from './stripe-amounts.ts';

/** In the order in which one of several intents of the same payment tells most about it. */
const STATUSES = [
  'succeeded',
  'requires_capture',
  'processing',
  'requires_action',
  'canceled',
  'requires_payment_method',
  'requires_confirmation',
] as const;

/** What we need to know of a PaymentIntent, once it has been found to make sense. */
export interface Intent {
  readonly id: string;
  readonly status: (typeof STATUSES)[number];
  readonly amount: Money;
  readonly capturable: Money;
  readonly received: Money;
  readonly clientSecret: string | null;
  /** Where the customer has to go; null when the page of the shop does it with the client secret. */
  readonly redirectUrl: string | null;
  readonly declineReason: string | undefined;
  /** All of it. Known only when the charge was asked for, too. */
  readonly refunded: boolean;
  /** What was taken and not given back; undefined when the charge was not asked for. */
  readonly left: Money | undefined;
}

export interface StripeRefund {
  readonly key: unknown;
  readonly amount: Money;
  readonly status: 'succeeded' | 'pending' | 'requires_action' | 'failed' | 'canceled';
}

/** Something came that Stripe would not say. Its message names fields only. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

export const INTENT_ID = /^pi_\w{1,250}$/;

interface RawIntent {
  readonly object: 'payment_intent';
  readonly id: string;
  readonly status: Intent['status'];
  readonly amount: number;
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly currency: string;
  readonly client_secret?: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly latest_charge?: string | { readonly refunded: boolean; readonly amount_refunded: number } | null;
  readonly last_payment_error?: { readonly code?: string; readonly decline_code?: string } | null;
  readonly next_action?: { readonly redirect_to_url?: { readonly url?: string } } | null;
}

interface RawRefund {
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: string;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
  readonly status: StripeRefund['status'];
}

interface RawList {
  readonly data: readonly RawListed[];
  readonly has_more: boolean;
}

interface RawListed {
  readonly id: string;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

const units = Joi.number().integer().min(0);

const failure = Joi.object({ code: Joi.string(), decline_code: Joi.string() }).unknown();

const INTENT = Joi.object<RawIntent>({
  id: Joi.string().pattern(INTENT_ID).required(),
  object: Joi.valid('payment_intent').required(),
  status: Joi.valid(...STATUSES).required(),
  amount: units.required(),
  amount_capturable: units.required(),
  amount_received: units.required(),
  currency: Joi.string().lowercase().required(),
  client_secret: Joi.string().allow(null),
  metadata: Joi.object().unknown().required(),
  latest_charge: Joi.alternatives(
    Joi.string(),
    Joi.object({ refunded: Joi.boolean().required(), amount_refunded: units.required() }).unknown(),
  ).allow(null),
  last_payment_error: failure.allow(null),
  next_action: Joi.object({ redirect_to_url: Joi.object({ url: Joi.string().uri({ scheme: 'https' }) }).unknown() })
    .unknown()
    .allow(null),
}).unknown();

const REFUND = Joi.object<RawRefund>({
  object: Joi.valid('refund').required(),
  amount: units.required(),
  currency: Joi.string().lowercase().required(),
  payment_intent: Joi.string().required(),
  metadata: Joi.object().unknown().allow(null),
  status: Joi.valid('succeeded', 'pending', 'requires_action', 'failed', 'canceled').required(),
}).unknown();

const LIST = Joi.object<RawList>({
  data: Joi.array()
    .items(Joi.object({ id: Joi.string().required(), metadata: Joi.object().unknown().allow(null) }).unknown())
    .required(),
  has_more: Joi.boolean().required(),
}).unknown();

/** @throws UnreadableAnswer when it is no PaymentIntent, or that of another payment */
export function readIntent(answer: unknown, ref: PaymentId): Intent {
  const { id, status, currency, metadata, ...intent } = checked(INTENT, answer);
  if (metadata['ref'] !== ref) throw new UnreadableAnswer('metadata.ref is that of another payment');
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    id,
    status,
    amount: money(intent.amount, currency),
    capturable: money(intent.amount_capturable, currency),
    received: money(intent.amount_received, currency),
    clientSecret: intent.client_secret ?? null,
    redirectUrl: intent.next_action?.redirect_to_url?.url ?? null,
    declineReason: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code,
    refunded: charge?.refunded === true,
    left: charge ? money(intent.amount_received - charge.amount_refunded, currency) : undefined,
  };
}

/** @throws UnreadableAnswer when it is no refund of that intent */
export function readRefund(answer: unknown, intentId: string): StripeRefund {
  const { status, amount, currency, metadata, payment_intent } = checked(REFUND, answer);
  if (payment_intent !== intentId) throw new UnreadableAnswer('payment_intent is another one');
  return { status, amount: money(amount, currency), key: metadata?.['key'] };
}

/** @throws UnreadableAnswer when it is no list, nor a result of a search */
export const readList = (answer: unknown): RawList => checked(LIST, answer);

/** The one of several intents that decides, which is hardly ever more than one. */
export const mostTelling = (intents: readonly Intent[]): Intent | undefined =>
  STATUSES.map(status => intents.find(intent => intent.status === status)).find(Boolean);

export const UNKNOWN: Unknown = { outcome: 'unknown' };

export function authorizationOf(intent: Intent): AuthorizeAnswer {
  switch (intent.status) {
    case 'requires_capture':
      return { outcome: 'authorized', authorizationId: intent.id, amount: intent.capturable };
    case 'succeeded':
      if (intent.refunded) return { outcome: 'declined', reason: 'refunded' };
      return { outcome: 'authorized', authorizationId: intent.id, amount: intent.received };
    case 'requires_action':
      return { outcome: 'requires_action', action: actionOf(intent) };
    case 'canceled':
      return { outcome: 'declined', reason: 'voided' };
    case 'requires_payment_method':
      return intent.declineReason ? { outcome: 'declined', reason: intent.declineReason } : UNKNOWN;
    case 'processing':
    case 'requires_confirmation':
      break;
  }
  return UNKNOWN;
}

export const captureOf = ({ id, status, received }: Intent): CaptureAnswer =>
  status === 'succeeded' ? { outcome: 'captured', captureId: id, amount: received } : UNKNOWN;

export function voidOf({ id, status, refunded }: Intent): VoidAnswer {
  if (status === 'canceled') return { outcome: 'voided' };
  if (status !== 'succeeded') return UNKNOWN;
  return refunded ? { outcome: 'already_refunded' } : { outcome: 'already_captured', captureId: id };
}

/** An intent that nobody has confirmed yet is as good as none: to authorise goes on with it. */
export function lookupOf(intent: Intent | undefined): LookupAnswer {
  if (!intent) return { outcome: 'not_found' };
  const { id, status, received, refunded, declineReason } = intent;
  if (status === 'succeeded')
    return refunded
      ? { outcome: 'refunded' }
      : { outcome: 'captured', authorizationId: id, captureId: id, amount: received };
  if (status === 'canceled') return { outcome: 'voided' };
  const untried = status === 'requires_confirmation' || (status === 'requires_payment_method' && !declineReason);
  return untried ? { outcome: 'not_found' } : authorizationOf(intent);
}

/** @throws UnreadableAnswer when it was listed without its charge */
export function heldOf({ status, capturable, received, left }: Intent): Omit<HeldPayment, 'ref'> | undefined {
  if (status === 'requires_capture') return { outcome: 'authorized', amount: capturable };
  if (status !== 'succeeded' || received.amount === 0) return undefined;
  if (!left) throw new UnreadableAnswer('latest_charge is missing');
  return left.amount === 0 ? undefined : { outcome: 'captured', amount: left };
}

const actionOf = ({ redirectUrl, clientSecret }: Intent) => ({
  type: redirectUrl ? 'redirect' : 'three_d_secure',
  clientSecret,
  url: redirectUrl,
});

function money(amount: number, code: string): Money {
  const currency = CURRENCIES.find(known => known === code.toUpperCase());
  const read = currency && fromStripeAmount(amount, Currency(currency));
  if (!read) throw new UnreadableAnswer('amount and currency do not go together');
  return read;
}

function checked<Shape>(schema: Joi.ObjectSchema<Shape>, answer: unknown): Shape {
  const { value, error } = schema.validate(answer, { convert: false });
  if (error) throw new UnreadableAnswer(error.details.map(({ path, type }) => `${path.join('.')} ${type}`).join(', '));
  return value;
}
