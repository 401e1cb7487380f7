import type { RedisClient } from '../adapters/redis/connect.ts';
import { RememberedRevocations } from '../adapters/system/remembered-revocations.ts';
import { AnnouncingUnitOfWork } from '../adapters/system/announcing-unit-of-work.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { Store } from '../application/ports/store.ts';

/** The store, with what is remembered of revoked tokens in front of it: in this process, and in Redis where there is one. */
export async function withDenyList<S extends Store>(
  store: S,
  redis: RedisClient | undefined,
  clock: Clock,
): Promise<S> {
  if (!redis)
    return { ...store, tokenRevocations: new RememberedRevocations({ truth: store.tokenRevocations, clock }) };
  const { CachedRevocations } = await import('../adapters/redis/cached-revocations.ts');
  const cached = new CachedRevocations({ redis, truth: store.tokenRevocations, clock });
  return {
    ...store,
    tokenRevocations: new RememberedRevocations({ truth: cached, clock }),
    unitOfWork: new AnnouncingUnitOfWork({ unitOfWork: store.unitOfWork, listener: cached }),
  };
}
