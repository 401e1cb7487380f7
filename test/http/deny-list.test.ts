import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { generateSigningKeys } from '../../adapters/security/signing-keys.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { installedPostgres, type LocalPostgres, startLocalPostgres } from '../support/local-postgres.ts';
import { eventually, missingRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { dataOf, outcome } from './api.ts';
import { type Account, fresh, Shop } from './shop.ts';

const REVOKED = '401 TOKEN_REVOKED';
const AWAY = '503 UNAVAILABLE';

const programs = process.env['TEST_POSTGRES_URL'] === 'none' ? undefined : installedPostgres();
const missing = missingRedis ?? (programs ? undefined : 'no Postgres is installed');

describe('Two shops on one database and one Redis', function () {
  this.timeout(60_000);
  if (missing !== undefined) {
    if (process.env['CI'] === 'true')
      it('have servers', () => {
        throw new Error(missing);
      });
    else it(`cannot be examined: ${missing}`);
    return;
  }

  let redis: TestRedis;
  let postgres: LocalPostgres;
  let here: Shop;
  let there: Shop;

  before(async () => {
    redis = await startRedis();
    postgres = await startLocalPostgres(programs!);
    const environment = {
      REDIS_URL: redis.url,
      JWT_KEYS: generateSigningKeys(),
      PASSWORD_PEPPERS: 'a-pepper-that-both-of-the-shops-share',
      PII_KEYS: randomBytes(32).toString('base64url'),
    };
    here = await Shop.open(postgres.url, { environment });
    there = await Shop.open(postgres.url, { environment });
  });

  after(async () => {
    await here.close();
    await there.close();
    await redis.stop();
    await postgres.stop();
  });

  /** Asks for something that needs no database, so that only the token decides. */
  const seenAt = async (shop: Shop, { tokens }: Account) =>
    outcome(await shop.root.get('/.well-known/jwks.json', { Authorization: `Bearer ${tokens.access_token}` }));

  const backAgain = async () => {
    const probe = await here.account();
    await eventually(async () => {
      await sleep(50);
      const health = (await there.root.get('/health')).body as unknown as { redis: string; database: string };
      return health.redis === 'up' && health.database === 'up' && (await seenAt(there, probe)) === '200';
    });
  };

  it('refuse what was revoked at the other from the next request on, also what they know as good', async () => {
    const person = await here.account();
    expect(await seenAt(there, person)).to.equal('200');
    await person.api.post('/auth/logout');
    expect([await seenAt(there, person), await seenAt(here, person)]).to.deep.equal([REVOKED, REVOKED]);
  });

  it('know of a demotion, a changed role and a revoked key at the other from the next request on', async () => {
    const admin = await here.admin();
    const role = { name: fresh('packer'), permissions: ['orders:read'] };
    dataOf(await admin.post('/admin/roles', role));
    const person = await here.account();
    dataOf(await admin.patch(`/admin/users/${person.id}`, { role: role.name }));
    const packer = (await there.signIn(person)).api;
    const body = { name: 'till', permissions: ['orders:read'] };
    const key = dataOf(await admin.post<{ id: string; secret: string }>('/admin/api-keys', body));
    const till = there.holding(key.secret);
    for (const api of [packer, till]) expect(outcome(await api.get('/admin/orders'))).to.equal('200');
    dataOf(await admin.patch(`/admin/roles/${role.name}`, { permissions: [] }));
    await admin.delete(`/admin/api-keys/${key.id}`);
    expect(outcome(await packer.get('/admin/orders'))).to.equal('403 FORBIDDEN');
    expect(outcome(await till.get('/admin/orders'))).to.equal('401 UNAUTHENTICATED');
    dataOf(await admin.patch(`/admin/users/${person.id}`, { role: 'customer' }));
    expect(outcome(await packer.get('/users/me'))).to.equal(REVOKED);
  });

  it('refuse at once whoever signed in before an incident', async () => {
    const person = await here.account();
    const admin = await there.signIn(DEMO_ACCOUNTS.admin);
    expect(await seenAt(there, person)).to.equal('200');
    expect(outcome(await admin.api.post('/admin/sessions/revoke', {}))).to.equal('204');
    for (const who of [person, admin])
      expect([await seenAt(here, who), await seenAt(there, who)]).to.deep.equal([REVOKED, REVOKED]);
    await sleep(1005 - (Date.now() % 1000));
  });

  it('still refuse it when Redis was emptied', async () => {
    const person = await here.account();
    await person.api.post('/auth/logout');
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.flushAll();
    client.destroy();
    expect([await seenAt(there, person), await seenAt(here, person)]).to.deep.equal([REVOKED, REVOKED]);
  });

  it('ask Postgres while Redis is away, and revoke as well', async () => {
    const [before, during, good] = [await here.account(), await here.account(), await here.account()];
    await before.api.post('/auth/logout');
    await redis.stop();
    try {
      expect([await seenAt(there, before), await seenAt(there, during)]).to.deep.equal([REVOKED, '200']);
      expect(outcome(await during.api.post('/auth/logout'))).to.equal('204');
      expect([await seenAt(there, during), await seenAt(here, during)]).to.deep.equal([REVOKED, REVOKED]);
      expect(await seenAt(there, good)).to.equal('200');
    } finally {
      redis = await startRedis(Number(new URL(redis.url).port));
    }
    await backAgain();
    expect(await seenAt(there, during)).to.equal(REVOKED);
  });

  it('wait for no Redis that hangs, and tell nobody of a revocation before it holds', async () => {
    const [before, during] = [await here.account(), await here.account()];
    await before.api.post('/auth/logout');
    redis.hang();
    try {
      const asked = performance.now();
      expect([await seenAt(there, before), await seenAt(there, during)]).to.deep.equal([REVOKED, '200']);
      expect(performance.now() - asked).to.be.below(6_000);
      expect(outcome(await during.api.post('/auth/logout'))).to.equal('204');
      expect([await seenAt(there, during), await seenAt(here, during)]).to.deep.equal([REVOKED, REVOKED]);
    } finally {
      redis.goOn();
    }
    await backAgain();
  });

  it('go by what Redis knows while Postgres is away, and take nothing for good for longer than two seconds', async () => {
    const [gone, known, unknown] = [await here.account(), await here.account(), await here.account()];
    await gone.api.post('/auth/logout');
    await postgres.crash();
    try {
      expect([await seenAt(there, gone), await seenAt(there, unknown)]).to.deep.equal([REVOKED, AWAY]);
    } finally {
      await postgres.restart();
    }
    await backAgain();
    expect(await seenAt(here, known)).to.equal('200');
    await postgres.crash();
    try {
      expect(await seenAt(there, known)).to.equal('200');
      await sleep(2100);
      expect([await seenAt(there, known), await seenAt(there, gone)]).to.deep.equal([AWAY, REVOKED]);
    } finally {
      await postgres.restart();
    }
    await backAgain();
  });

  it('let nobody in who says who they are while both are away', async () => {
    const [good, gone, seen] = [await here.account(), await here.account(), await here.account()];
    for (const { api } of [gone, seen]) await api.post('/auth/logout');
    expect(await seenAt(there, seen)).to.equal(REVOKED);
    await redis.stop();
    await postgres.crash();
    try {
      expect([await seenAt(there, good), await seenAt(there, gone)]).to.deep.equal([AWAY, AWAY]);
      expect(await seenAt(there, seen)).to.equal(REVOKED);
      expect(outcome(await there.root.get('/.well-known/jwks.json'))).to.equal('200');
    } finally {
      redis = await startRedis(Number(new URL(redis.url).port));
      await postgres.restart();
    }
    await backAgain();
    expect([await seenAt(there, good), await seenAt(there, gone)]).to.deep.equal(['200', REVOKED]);
  });
});
