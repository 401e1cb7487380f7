import { setTimeout as sleep } from 'node:timers/promises';
import type {
  IssuedAccessToken,
  RevocationListener,
  Revocations,
  TokenRevocations,
} from '../../application/ports/revoked-tokens.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { AccessTokenRef } from '../../domain/identity/session.ts';
import type { RedisClient } from './connect.ts';

interface Ports {
  readonly redis: RedisClient;
  /** Where it is really written down. */
  readonly truth: TokenRevocations;
  readonly clock: Clock;
}

/** So long a token may pass without the store being asked. */
const GOOD_MS = 2_000;
/** Longer than any access token lives. */
const CUTOFF_MS = 3_600_000;
const CUTOFF_KEY = 'pannier:session-cutoff';

/** Ids hold no "@", so issuer and id cannot be mistaken for those of another token. */
const keyOf = ({ issuer, id }: AccessTokenRef): string => `pannier:token:${id}@${issuer}`;

/**
 * What is known of tokens, in Redis for all processes together, in front of the store.
 *
 * "Revoked" is written unconditionally and kept until the token ends. "Good" is kept for two seconds, and only written
 * where nothing is: whoever read it before the revocation and writes it afterwards finds "revoked" there. While Redis is
 * away the store is asked each time; while the store is away, what Redis knows still holds.
 */
export class CachedRevocations implements TokenRevocations, RevocationListener {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async isRevoked(token: IssuedAccessToken): Promise<boolean> {
    requireOutsideUnitOfWork('The deny-list');
    const { truth } = this.#ports;
    const known = await this.#known(token);
    if (known !== 'nothing') return known === 'revoked';
    const revoked = await truth.isRevoked(token);
    if (revoked) await this.#quietly(() => this.#markRevoked(token));
    else
      await this.#quietly(() =>
        this.#ports.redis.set(keyOf(token), 'good', {
          condition: 'NX',
          expiration: { type: 'PX', value: GOOD_MS },
        }),
      );
    return revoked;
  }

  async heard({ tokens, cutoff }: Revocations): Promise<void> {
    requireOutsideUnitOfWork('The deny-list');
    const told = await this.#quietly(async () => {
      const { redis } = this.#ports;
      const raised = cutoff && redis.eval(RAISE, { keys: [CUTOFF_KEY], arguments: [ms(cutoff), String(CUTOFF_MS)] });
      await Promise.all([raised, ...tokens.map(token => this.#markRevoked(token))]);
      return true;
    });
    // Others may reach Redis, and find "good" there: nobody is told that it is done before that is over.
    if (!told) await sleep(GOOD_MS);
  }

  async #known(token: IssuedAccessToken): Promise<'revoked' | 'good' | 'nothing'> {
    const [verdict, cutoff] = (await this.#quietly(() => this.#ports.redis.mGet([keyOf(token), CUTOFF_KEY]))) ?? [];
    if (verdict === 'revoked' || (cutoff && token.issuedAt.getTime() < Number(cutoff))) return 'revoked';
    return verdict === 'good' ? 'good' : 'nothing';
  }

  async #markRevoked(token: AccessTokenRef): Promise<void> {
    const left = token.expiresAt.getTime() - this.#ports.clock.now().getTime();
    const value = Math.max(1, Math.ceil(left));
    await this.#ports.redis.set(keyOf(token), 'revoked', { expiration: { type: 'PX', value } });
  }

  /** Undefined when Redis cannot do it: everything here stands in the store as well. */
  async #quietly<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    if (!this.#ports.redis.isReady) return undefined;
    try {
      return await ask();
    } catch {
      return undefined;
    }
  }
}

const ms = (at: Date): string => String(at.getTime());

/** An earlier moment never replaces a later one. */
const RAISE = `
if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end`;
