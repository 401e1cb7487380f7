import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** An ES256 key: EC on the curve P-256. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The first signs; all of them verify. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];

/** Names every problem at once, and never a part of a key. */
export class InvalidSigningKeys extends Error {
  override readonly name = 'InvalidSigningKeys';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These signing keys cannot be used: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

export const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;

const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads a JWK set of private keys, `{"keys":[{"kty":"EC","crv":"P-256","kid":"…","x":"…","y":"…","d":"…"}]}`.
 *
 * @throws {InvalidSigningKeys}
 */
export function parseSigningKeys(text: string): SigningKeys {
  const given = parseSet(text);
  const problems: string[] = [];
  const keys = given.flatMap((jwk, index) => parseKey(jwk, index, problems) ?? []);
  for (const kid of new Set(keys.map(key => key.kid)))
    if (keys.filter(key => key.kid === kid).length > 1) problems.push(`kid "${kid}" is there more than once`);
  const [first, ...others] = keys;
  if (problems.length > 0 || !first) throw new InvalidSigningKeys(problems);
  return [first, ...others];
}

function parseSet(text: string): readonly unknown[] {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    throw new InvalidSigningKeys(['must be JSON']); // The parser's own message would quote the secret.
  }
  const keys = isRecord(set) ? set['keys'] : undefined;
  if (!Array.isArray(keys)) throw new InvalidSigningKeys(['must be a JWK set: {"keys":[…]}']);
  if (keys.length === 0) throw new InvalidSigningKeys(['keys must not be empty']);
  return keys;
}

function parseKey(jwk: unknown, index: number, problems: string[]): SigningKey | undefined {
  const key = isRecord(jwk) ? importOrExplain(jwk) : ['must be an object'];
  if (!Array.isArray(key)) return key;
  problems.push(...key.map(problem => `keys[${index}] ${problem}`));
  return undefined;
}

function importOrExplain({ kty, crv, kid, x, y, d, use, alg }: Record<string, unknown>): SigningKey | string[] {
  const problems: string[] = [];
  if (kty !== 'EC') problems.push('kty must be "EC"');
  if (crv !== 'P-256') problems.push('crv must be "P-256"');
  for (const [name, value] of Object.entries({ x, y, d }))
    if (typeof value !== 'string' || !COORDINATE.test(value)) problems.push(`${name} must be 32 bytes in base64url`);
  if (use !== undefined && use !== 'sig') problems.push('use must be "sig" if it is there');
  if (alg !== undefined && alg !== 'ES256') problems.push('alg must be "ES256" if it is there');
  if (typeof kid !== 'string' || !KEY_ID.test(kid))
    return [...problems, 'kid must be 1 to 64 characters of A-Z a-z 0-9 . _ -'];
  if (problems.length > 0) return problems;
  return importKey(kid, { kty, crv, x, y, d }) ?? ['x, y and d do not make up one key'];
}

/** Undefined for a point that is not on the curve, and for a private part that belongs to another key. */
function importKey(kid: string, key: Record<string, unknown>): SigningKey | undefined {
  try {
    const { d: _private, ...publicPart } = key;
    const privateKey = createPrivateKey({ key, format: 'jwk' });
    const publicKey = createPublicKey({ key: publicPart, format: 'jwk' });
    const probe = Buffer.from(kid);
    return verify('sha256', probe, publicKey, sign('sha256', probe, privateKey))
      ? { kid, privateKey, publicKey }
      : undefined;
  } catch {
    return undefined;
  }
}

/** One new key as the text of a JWK set, in the form that `parseSigningKeys` reads. Its kid is its RFC 7638 thumbprint. */
export function generateSigningKeys(): string {
  const { kty, crv, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return JSON.stringify({ keys: [{ kty, crv, kid, x, y, d }] });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
