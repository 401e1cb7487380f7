import jwt from 'jsonwebtoken';
import { ACCESS_TOKEN_SECONDS } from '../../application/identity/session-tokens.ts';
import type { AccessClaims, AccessTokens, NewAccessToken } from '../../application/ports/access-tokens.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { Role } from '../../domain/identity/permissions.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { KEY_ID, type SigningKey, type SigningKeys } from './signing-keys.ts';

export interface JwtSettings {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** How far the clocks of two machines may differ before a fresh token of the one is refused by the other. */
const LEEWAY_SECONDS = 5;

/** Ours have some 500 characters; nothing longer is worth decoding. */
const LONGEST_TOKEN = 2048;

const THREE_PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const TOKEN_ID = /^[\w-]{1,64}$/;

/**
 * Signed JWTs of type `at+jwt` (RFC 9068), ES256 and nothing else, under the `kid` of one of the keys in memory.
 *
 * Only the three header fields that we write ourselves are accepted, so that `crit`, `jku`, `jwk` and `x5u` are never
 * looked at. The leeway is for tokens that seem to come from the future; the end is the end, because the list of revoked
 * tokens forgets them then.
 */
export class JwtAccessTokens implements AccessTokens {
  readonly issuer: string;
  readonly #settings: JwtSettings;
  readonly #keys: ReadonlyMap<string, SigningKey>;

  constructor(settings: JwtSettings) {
    this.#settings = settings;
    this.issuer = settings.issuer;
    this.#keys = new Map(settings.keys.map(key => [key.kid, key]));
  }

  /** @throws {RangeError} for a life that no verifier would accept: that would be a bug. */
  issue({ id, userId, role, permissions, expiresAt }: NewAccessToken): string {
    const { keys, issuer, audience } = this.#settings;
    const now = this.#now();
    const exp = inSeconds(expiresAt);
    if (exp <= now || exp > now + ACCESS_TOKEN_SECONDS) throw new RangeError('An access token lives up to 15 minutes');
    const scope = permissions.join(' ');
    const claims = { iss: issuer, aud: audience, sub: userId, jti: id, role, scope, iat: now, nbf: now, exp };
    const { kid, privateKey } = keys[0];
    return jwt.sign(claims, privateKey, { algorithm: 'ES256', header: { alg: 'ES256', typ: 'at+jwt', kid } });
  }

  verify(token: string): AccessClaims | 'invalid' | 'expired' {
    try {
      const claims = this.#read(token);
      return claims && inSeconds(claims.expiresAt) <= this.#now() ? 'expired' : (claims ?? 'invalid');
    } catch {
      return 'invalid';
    }
  }

  publicKeys(): { readonly keys: readonly object[] } {
    return {
      keys: this.#settings.keys.map(({ kid, publicKey }) => {
        const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
        return { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' };
      }),
    };
  }

  /** The claims of a token that is or was good; undefined or an error for anything else. */
  #read(token: string): AccessClaims | undefined {
    const { issuer, audience } = this.#settings;
    const key = this.#keyOf(token);
    if (!key) return undefined;
    const claims: unknown = jwt.verify(token, key.publicKey, {
      algorithms: ['ES256'],
      ignoreExpiration: true, // The times are checked below, by the shop's clock and after everything else.
      ignoreNotBefore: true,
    });
    if (!isRecord(claims) || claims['iss'] !== issuer || claims['aud'] !== audience) return undefined;
    const { sub, jti, role, scope } = claims;
    if (typeof sub !== 'string' || typeof jti !== 'string' || !TOKEN_ID.test(jti)) return undefined;
    if (typeof role !== 'string' || typeof scope !== 'string') return undefined;
    const times = this.#timesOf(claims);
    return times && { issuer, id: jti, userId: UserId(sub), role: Role(role), ...times };
  }

  #keyOf(token: string): SigningKey | undefined {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) return undefined;
    const header: unknown = JSON.parse(Buffer.from(THREE_PARTS.exec(token)?.[1] ?? '', 'base64url').toString());
    if (!isRecord(header) || Object.keys(header).toSorted().join() !== 'alg,kid,typ') return undefined;
    const { alg, typ, kid } = header;
    if (alg !== 'ES256' || typ !== 'at+jwt' || typeof kid !== 'string' || !KEY_ID.test(kid)) return undefined;
    return this.#keys.get(kid);
  }

  #timesOf({ iat, nbf, exp }: Record<string, unknown>): Pick<AccessClaims, 'issuedAt' | 'expiresAt'> | undefined {
    if (!isTime(iat) || !isTime(nbf) || !isTime(exp)) return undefined;
    const soon = this.#now() + LEEWAY_SECONDS;
    if (iat > soon || nbf > soon || exp <= iat || exp > iat + ACCESS_TOKEN_SECONDS + LEEWAY_SECONDS) return undefined;
    return { issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000) };
  }

  #now(): number {
    return inSeconds(this.#settings.clock.now());
  }
}

const inSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

const isTime = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
