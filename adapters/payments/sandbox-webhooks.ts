import Joi from 'joi';
import type { GatewayNotice, GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import { PaymentId } from '../../domain/shared/ids.ts';
import { isSignedBy, SIGNATURE_HEADER } from './notice-signature.ts';

interface Notice {
  readonly id: string;
  readonly type: string;
  readonly ref?: unknown;
  readonly created?: number;
}

const printable = Joi.string()
  .max(200)
  .pattern(/^[\x20-\x7e]+$/);

const NOTICE = Joi.object<Notice>({
  id: printable.required(),
  type: printable.required(),
  ref: Joi.any(),
  created: Joi.number().integer(),
}).unknown();

/** What a sandbox bank sends to `/payments/webhooks/sandbox`, see `SandboxNotices`. */
export class SandboxWebhooks implements GatewayWebhooks {
  readonly gateway = 'sandbox';
  readonly #secrets: readonly string[];

  constructor({ secrets }: { readonly secrets: readonly string[] }) {
    this.#secrets = secrets;
  }

  read(body: Buffer, headers: Parameters<GatewayWebhooks['read']>[1], now: Date): GatewayNotice | undefined {
    const signature = headers[SIGNATURE_HEADER.toLowerCase()];
    if (typeof signature !== 'string' || !isSignedBy(this.#secrets, body, signature, now)) return undefined;
    const { value, error } = NOTICE.validate(parsed(body), { convert: false });
    if (error || value === undefined) return undefined;
    const { id, type, ref, created } = value;
    return { eventId: id, type, ref: refIn(ref), facts: created === undefined ? {} : { created } };
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Only a hint, as everything here: a strange one is none. */
function refIn(value: unknown): PaymentId | null {
  try {
    return typeof value === 'string' ? PaymentId(value) : null;
  } catch {
    return null;
  }
}
