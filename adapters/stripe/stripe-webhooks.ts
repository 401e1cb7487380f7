import Stripe from 'stripe';
import type { GatewayNotice, GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import { PaymentId } from '../../domain/shared/ids.ts';

const TOLERANCE_SECONDS = 300;
const LONGEST_HEADER = 4096;

type Headers = Parameters<GatewayWebhooks['read']>[1];

/** What Stripe sends to `/payments/webhooks/stripe`. */
export class StripeWebhooks implements GatewayWebhooks {
  readonly gateway = 'stripe';
  readonly #secrets: readonly string[];

  /** @param secrets all that are current, such as the old and the new one while they are being changed */
  constructor({ secrets }: { readonly secrets: readonly string[] }) {
    this.#secrets = secrets;
  }

  read(body: Buffer, headers: Headers, now: Date): GatewayNotice | undefined {
    const signature = headers['stripe-signature'];
    if (typeof signature !== 'string' || signature.length > LONGEST_HEADER) return undefined;
    if (!isFromThePast(signature, now) || !isPlainUtf8(body)) return undefined;
    if (!this.#secrets.some(secret => isSigned(body, signature, secret, now))) return undefined;
    return noticeIn(parsed(body));
  }
}

/** Without the tolerance and the time, the library would take signatures of any age, or go by a clock of its own. */
function isSigned(body: Buffer, signature: string, secret: string, now: Date): boolean {
  try {
    const { signature: library } = Stripe.webhooks;
    return library?.verifyHeader(body, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime()) ?? false;
  } catch {
    return false;
  }
}

/** The library minds old signatures only; one from the future would stay good until then. */
function isFromThePast(signature: string, now: Date): boolean {
  const times = [...signature.matchAll(/(?:^|,)t=(\d{1,12})(?=,|$)/g)];
  return times.length === 1 && Number(times[0]![1]) - now.getTime() / 1000 <= TOLERANCE_SECONDS;
}

/** The library signs the text: it overlooks a byte order mark, and takes any two broken bytes for the same. */
const isPlainUtf8 = (body: Buffer): boolean =>
  body.length > 0 && Buffer.from(new TextDecoder().decode(body)).equals(body);

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function noticeIn(event: unknown): GatewayNotice | undefined {
  const { id, type, livemode, data } = fieldsOf(event);
  if (typeof id !== 'string' || typeof type !== 'string') return undefined;
  const about = fieldsOf(fieldsOf(data)['object']);
  const { object, id: objectId, status, amount, currency } = about;
  return {
    eventId: id,
    type,
    ref: refIn(fieldsOf(about['metadata'])['ref']),
    facts: onlyPlain({ livemode, object, objectId, status, amount, currency }),
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Others may use the same account of Stripe, and mean something else by it. */
function refIn(value: unknown): PaymentId | null {
  try {
    return typeof value === 'string' ? PaymentId(value) : null;
  } catch {
    return null;
  }
}

const onlyPlain = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
