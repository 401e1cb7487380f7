import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { type IdempotencyClaim, ownerOf as ownerOfUser } from '../../application/ports/idempotency-records.ts';
import { HttpRefusal } from './errors.ts';
import type { Identified } from './authentication.ts';
import type { IdempotencyRule } from './route.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** A quoted structured-field string and the bare value are the same key. */
export function keyOf(ctx: Context): string | undefined {
  const lines = ctx.req.headersDistinct['idempotency-key'];
  if (!lines) return undefined;
  const [sent = ''] = lines;
  const key = /^"((?:[^"\\]|\\["\\])*)"$/.exec(sent)?.[1]?.replace(/\\(["\\])/g, '$1') ?? sent;
  if (lines.length > 1 || !KEY.test(key)) throw new HttpRefusal('IDEMPOTENCY_KEY_INVALID');
  return key;
}

/**
 * The caller's wish to have this done once. Undefined without a key, and for callers who cannot be told apart: their
 * keys would meet, and one would be shown the other's answer.
 */
export function claimOf(
  ctx: Context,
  rule: IdempotencyRule,
  identified: Identified,
  body: unknown,
): IdempotencyClaim | undefined {
  const key = keyOf(ctx);
  if (key === undefined) {
    if (rule === 'required' || rule === 'own') throw new HttpRefusal('IDEMPOTENCY_KEY_MISSING');
    return undefined;
  }
  if (rule === 'ignored' || rule === 'derived') return undefined;
  const owner = ownerOf(identified);
  if (owner === undefined) return undefined;
  const fingerprint = fingerprintOf(`${ctx.method} ${ctx.path}`, body);
  return { owner, key, fingerprint, requestId: String(ctx.state['requestId']) };
}

function ownerOf({ caller, machine, cart }: Identified): string | undefined {
  if (machine) return `key:${machine.id}`;
  if (caller) return ownerOfUser(caller.userId);
  return cart && 'tokenHash' in cart ? `cart:${cart.tokenHash}` : undefined;
}

/** Two requests with the same one ask for the same thing. */
export const fingerprintOf = (route: string, body: unknown): string =>
  createHash('sha256')
    .update(`${route}\n${canonical(body)}`)
    .digest('base64url');

/** White space and the order of keys do not matter; any value does. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
