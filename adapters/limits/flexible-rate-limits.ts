import { createHmac } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { RateClass, RateLimits, RateVerdict } from '../../application/ports/rate-limits.ts';

interface Allowance {
  readonly points: number;
  readonly seconds: number;
  /** Who goes on is shut out for so long, from then on. */
  readonly blockSeconds?: number;
}

const MINUTE = 60;
const HOUR = 3600;

/** For one caller. */
const ALLOWANCES: Record<RateClass, Allowance> = {
  read: { points: 1200, seconds: MINUTE },
  write: { points: 300, seconds: MINUTE },
  'sign-in': { points: 60, seconds: MINUTE },
  checkout: { points: 60, seconds: MINUTE },
  webhook: { points: 6000, seconds: MINUTE },
  'failures-here': { points: 10, seconds: 15 * MINUTE, blockSeconds: 15 * MINUTE },
  'failures-of-address': { points: 100, seconds: HOUR },
  // Ten addresses would do to shut the owner out for a while, so this is for longer attacks; a new password ends it.
  'failures-of-account': { points: 100, seconds: HOUR },
  mail: { points: 4, seconds: HOUR },
};

interface Options {
  /** A client of the package `redis`. */
  readonly redis?: unknown;
  /** Makes keys from callers, so that nobody who reads Redis learns who they are. The same in all processes. */
  readonly key: Buffer;
}

/** Fixed windows, counted in Redis for all processes together, or in this process when there is none or it is away. */
export class FlexibleRateLimits implements RateLimits {
  readonly #limiters: ReadonlyMap<RateClass, RateLimiterAbstract>;
  readonly #key: Buffer;

  constructor({ redis, key }: Options) {
    const classes = Object.entries(ALLOWANCES) as [RateClass, Allowance][];
    this.#limiters = new Map(classes.map(([name, allowance]) => [name, limiterOf(name, allowance, redis)]));
    this.#key = key;
  }

  async take(rateClass: RateClass, caller: string): Promise<RateVerdict> {
    const limiter = this.#limiter(rateClass);
    const verdict = (result: RateLimiterRes, allowed: boolean): RateVerdict => ({
      allowed,
      limit: limiter.points,
      windowSeconds: limiter.duration,
      remaining: Math.max(0, result.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    });
    try {
      return verdict(await limiter.consume(this.#hidden(caller)), true);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(refusal, false);
      throw refusal;
    }
  }

  async giveBack(rateClass: RateClass, caller: string): Promise<void> {
    await this.#limiter(rateClass).reward(this.#hidden(caller));
  }

  async clear(rateClass: RateClass, caller: string): Promise<void> {
    await this.#limiter(rateClass).delete(this.#hidden(caller));
  }

  #limiter(rateClass: RateClass): RateLimiterAbstract {
    requireOutsideUnitOfWork('The rate limits');
    return this.#limiters.get(rateClass)!;
  }

  #hidden(caller: string): string {
    return createHmac('sha256', this.#key).update(caller).digest('base64url').slice(0, 22);
  }
}

function limiterOf(name: RateClass, { points, seconds, blockSeconds = 0 }: Allowance, redis: unknown) {
  const common = { points, duration: seconds, blockDuration: blockSeconds };
  const alone = new RateLimiterMemory({ ...common, keyPrefix: name });
  if (!redis) return alone;
  return new RateLimiterRedis({
    ...common,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `pannier:limit:${name}`,
    insuranceLimiter: alone,
  });
}
