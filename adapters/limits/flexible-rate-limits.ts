import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { RateClass, RateLimits, RateVerdict } from '../../application/ports/rate-limits.ts';

/** Requests of one caller per minute. */
const PER_MINUTE: Record<RateClass, number> = { read: 1200, write: 300, 'sign-in': 60, checkout: 60, webhook: 6000 };
const WINDOW_SECONDS = 60;

/** Fixed windows, counted in Redis for all processes together, or in this process when there is none or it is away. */
export class FlexibleRateLimits implements RateLimits {
  readonly #limiters: ReadonlyMap<RateClass, RateLimiterAbstract>;

  /** @param redis a client of the package `redis` */
  constructor({ redis }: { readonly redis?: unknown } = {}) {
    const classes = Object.entries(PER_MINUTE) as [RateClass, number][];
    this.#limiters = new Map(classes.map(([name, points]) => [name, limiterOf(name, points, redis)]));
  }

  async take(rateClass: RateClass, caller: string): Promise<RateVerdict> {
    requireOutsideUnitOfWork('The rate limits');
    const limiter = this.#limiters.get(rateClass)!;
    const verdict = (result: RateLimiterRes, allowed: boolean): RateVerdict => ({
      allowed,
      limit: limiter.points,
      windowSeconds: WINDOW_SECONDS,
      remaining: Math.max(0, result.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    });
    try {
      return verdict(await limiter.consume(caller), true);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(refusal, false);
      throw refusal;
    }
  }
}

function limiterOf(name: RateClass, points: number, redis: unknown): RateLimiterAbstract {
  const alone = new RateLimiterMemory({ keyPrefix: name, points, duration: WINDOW_SECONDS });
  if (!redis) return alone;
  return new RateLimiterRedis({
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `pannier:limit:${name}`,
    points,
    duration: WINDOW_SECONDS,
    insuranceLimiter: alone,
  });
}
