import { expect } from 'chai';
import { CachedRevocations } from '../../../adapters/redis/cached-revocations.ts';
import { connectRedis, type RedisClient } from '../../../adapters/redis/connect.ts';
import { SystemClock } from '../../../adapters/system/system-clock.ts';
import type { IssuedAccessToken, TokenRevocations } from '../../../application/ports/revoked-tokens.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { insideUnitOfWork } from '../../../application/transaction-boundary.ts';
import { nextId } from '../../support/builders.ts';
import { eventually, missingRedis, startRedis, type TestRedis } from '../../support/redis.ts';
import { rejectionOf } from '../../support/waiting.ts';

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

const aToken = (issuer = 'pannier', id = nextId()): IssuedAccessToken => ({
  issuer,
  id,
  issuedAt: new Date(),
  expiresAt: new Date(Date.now() + 900_000),
});

describe('Revocations in front of the store, in Redis', () => {
  if (missingRedis !== undefined) {
    if (process.env['CI'] === 'true')
      it('has a server', () => {
        throw new Error(missingRedis);
      });
    else it(`cannot be examined: ${missingRedis}`);
    return;
  }

  let server: TestRedis;
  let redis: RedisClient;

  before(async () => {
    server = await startRedis();
    redis = connectRedis(server.url, quiet);
    await eventually(() => Promise.resolve(redis.isReady));
  });

  after(async () => {
    redis.destroy();
    await server.stop();
  });

  const inFrontOf = (truth: TokenRevocations) => new CachedRevocations({ redis, truth, clock: new SystemClock() });

  const away: TokenRevocations = { isRevoked: () => Promise.reject(new Unavailable('away')) };
  const saying = (revoked: boolean): TokenRevocations => ({ isRevoked: () => Promise.resolve(revoked) });

  it('keep a revoked token until it ends', async () => {
    const token = aToken();
    expect(await inFrontOf(saying(true)).isRevoked(token)).to.equal(true);
    expect(await inFrontOf(away).isRevoked(token)).to.equal(true);
    const [key] = await redis.keys(`*${token.id}*`);
    expect(await redis.pTTL(key!)).to.be.within(890_000, 900_000);
  });

  it('keep a good one for two seconds at the most', async () => {
    const token = aToken();
    expect(await inFrontOf(saying(false)).isRevoked(token)).to.equal(false);
    expect(await inFrontOf(away).isRevoked(token)).to.equal(false);
    const [key] = await redis.keys(`*${token.id}*`);
    expect(await redis.pTTL(key!)).to.be.within(1, 2000);
  });

  it('take a late "good" for nothing when the token was revoked while it was on its way', async () => {
    const token = aToken();
    const cached: CachedRevocations = inFrontOf({
      isRevoked: async () => {
        await cached.heard({ tokens: [token], cutoff: undefined }); // Committed just after the store was read.
        return false;
      },
    });
    await cached.isRevoked(token);
    expect(await inFrontOf(away).isRevoked(token)).to.equal(true);
  });

  it('turn what is known as good into revoked', async () => {
    const token = aToken();
    const cached = inFrontOf(saying(false));
    await cached.isRevoked(token);
    await cached.heard({ tokens: [token], cutoff: undefined });
    expect(await inFrontOf(away).isRevoked(token)).to.equal(true);
  });

  it('tell tokens of one id apart by who issued them', async () => {
    const token = aToken();
    await inFrontOf(away).heard({ tokens: [token], cutoff: undefined });
    expect(await inFrontOf(saying(false)).isRevoked(aToken('another shop', token.id))).to.equal(false);
    expect(await inFrontOf(away).isRevoked(token)).to.equal(true);
  });

  it('know what is from before the cutoff, which never moves back', async () => {
    const now = Date.now();
    const issued = (ms: number): IssuedAccessToken => ({ ...aToken(), issuedAt: new Date(now + ms) });
    const cached = inFrontOf(saying(false));
    const old = issued(-2000);
    await cached.isRevoked(old);
    for (const ms of [-1000, -60_000]) await cached.heard({ tokens: [], cutoff: new Date(now + ms) });
    expect(await inFrontOf(away).isRevoked(old)).to.equal(true);
    expect(await cached.isRevoked(issued(-1000))).to.equal(false);
  });

  it('say nothing when neither Redis nor the store can', async () => {
    expect(await rejectionOf(inFrontOf(away).isRevoked(aToken()))).to.be.instanceOf(Unavailable);
  });

  it('are never asked inside a unit of work', async () => {
    const asked = insideUnitOfWork(() => inFrontOf(saying(false)).isRevoked(aToken()));
    expect(String(await rejectionOf(asked))).to.include('inside a unit of work');
  });
});
