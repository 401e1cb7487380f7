import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { FlexibleRateLimits } from '../../../adapters/limits/flexible-rate-limits.ts';
import { connectRedis, type RedisClient } from '../../../adapters/redis/connect.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { rateLimitsContract } from '../../contracts/rate-limits.contract.ts';
import { eventually, missingRedis, startRedis, type TestRedis } from '../../support/redis.ts';

const key = Buffer.alloc(32, 7);

const quiet: Logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

rateLimitsContract({
  name: 'in this process',
  shared: false,
  open: () =>
    Promise.resolve({
      here: new FlexibleRateLimits({ key }),
      there: new FlexibleRateLimits({ key }),
      close: () => Promise.resolve(),
    }),
});

describe('Rate limits beside Redis', () => {
  if (missingRedis !== undefined) {
    if (process.env['CI'] === 'true')
      it('has a server', () => {
        throw new Error(missingRedis);
      });
    else it(`cannot be examined: ${missingRedis}`);
    return;
  }

  rateLimitsContract({
    name: 'Redis',
    shared: true,
    open: async () => {
      const redis = await startRedis();
      const clients = [await connected(redis.url), await connected(redis.url)];
      return {
        here: new FlexibleRateLimits({ key, redis: clients[0] }),
        there: new FlexibleRateLimits({ key, redis: clients[1] }),
        close: async () => {
          for (const client of clients) client.destroy();
          await redis.stop();
        },
      };
    },
  });

  it('keep nobody’s name, and their counts when the shop starts anew', async () => {
    const redis = await startRedis();
    const client = await connected(redis.url);
    const who = 'ada@example.com';
    await new FlexibleRateLimits({ key, redis: client }).take('failures-here', who);
    const keys = await client.keys('*');
    const plainHash = createHash('sha256').update(who).digest();
    expect(keys).to.have.length(1);
    for (const told of ['ada', plainHash.toString('hex').slice(0, 16), plainHash.toString('base64url').slice(0, 16)])
      expect(keys[0]).not.to.include(told);
    expect((await new FlexibleRateLimits({ key, redis: client }).take('failures-here', who)).remaining).to.equal(8);
    client.destroy();
    await redis.stop();
  });

  it('go on counting in the process while Redis is away, at once, and in Redis when it is back', async () => {
    let redis: TestRedis = await startRedis();
    const port = Number(new URL(redis.url).port);
    const client = await connected(redis.url);
    const limits = new FlexibleRateLimits({ key, redis: client });
    const first = await limits.take('read', 'somebody');
    await redis.stop();
    const started = performance.now();
    expect((await limits.take('read', 'somebody')).allowed).to.equal(true);
    expect(performance.now() - started).to.be.below(1000);
    redis = await startRedis(port);
    await eventually(() => Promise.resolve(client.isReady));
    expect((await limits.take('read', 'somebody')).remaining).to.equal(first.remaining);
    client.destroy();
    await redis.stop();
  });
});

async function connected(url: string): Promise<RedisClient> {
  const client = connectRedis(url, quiet);
  await eventually(() => Promise.resolve(client.isReady));
  return client;
}
