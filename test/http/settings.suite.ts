import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Clock } from '../../application/ports/clock.ts';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Product, SignedIn } from './shapes.ts';

const ORIGIN = 'https://shop.example';

/** The time, put forward by as much as a test wants. */
class Timepiece implements Clock {
  ahead = 0;
  now(): Date {
    return new Date(Date.now() + this.ahead);
  }
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export const settingsSuite = shopSuite('A shop that is set up otherwise', it => {
  it('lets the browsers of just the named origins in', async (_shop, street) => {
    const shop = await street.another({ environment: { CORS_ORIGINS: `${ORIGIN},https://admin.example` } });
    const allowed = async (Origin: string) => (await shop.anonymous.get('/products', { Origin })).headers;
    expect(await allowed(ORIGIN)).to.include({ 'access-control-allow-origin': ORIGIN });
    expect((await allowed(ORIGIN)).vary).to.include('Origin');
    expect((await allowed(ORIGIN))['access-control-expose-headers'])
      .to.include('ETag')
      .and.include('X-Request-Id');
    for (const stranger of ['https://evil.example', 'https://shop.example.evil.example', 'null', 'http://shop.example'])
      expect(await allowed(stranger), stranger).not.to.have.property('access-control-allow-origin');
    const preflight = (origin: string) =>
      shop.anonymous.send({
        method: 'OPTIONS',
        path: '/orders',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,idempotency-key',
        },
        unlisted: true,
      });
    const welcome = await preflight(ORIGIN);
    expect(welcome.status).to.equal(204);
    expect(welcome.headers['access-control-allow-methods']).to.include('POST');
    expect(welcome.headers['access-control-allow-headers']).to.equal('authorization,idempotency-key');
    expect((await preflight('https://evil.example')).headers).not.to.have.property('access-control-allow-origin');
    const refused = await shop.anonymous.get('/orders', { Origin: ORIGIN });
    expect(refused.status).to.equal(401);
    expect(refused.headers).to.include({ 'access-control-allow-origin': ORIGIN });
  });

  it('tells callers how much they have left, and stops who asks for too much', async (_shop, street) => {
    const shop = await street.another({ environment: { RATE_LIMIT: 'on' } });
    const login = { email: 'nobody@example.com', password: 'wrong-password' };
    const first = await shop.anonymous.post('/auth/login', login);
    const [, limit] = /^"sign-in";q=(\d+);w=\d+$/.exec(String(first.headers['ratelimit-policy'])) ?? [];
    expect(first.headers['ratelimit']).to.match(new RegExp(`^"sign-in";r=\\d+;t=\\d+$`));
    let last = first;
    for (let n = 0; n <= Number(limit) && last.status !== 429; n += 1)
      last = await shop.anonymous.post('/auth/login', login);
    expect(outcome(last)).to.equal('429 RATE_LIMITED');
    expect(Number(last.headers['retry-after'])).to.be.above(0);
    expect(outcome(await shop.anonymous.get('/products'))).to.equal('200');
    expect((await shop.root.get('/health')).headers).not.to.have.property('ratelimit');
  });

  it('keeps access tokens for a quarter of an hour and sessions for a week without use', async (_shop, street) => {
    const clock = new Timepiece();
    const shop = await street.another({ overrides: { clock } });
    const { api, tokens } = await shop.account();
    clock.ahead = 14 * MINUTE;
    expect(outcome(await api.get('/users/me'))).to.equal('200');
    clock.ahead = 15 * MINUTE + 1000;
    for (const path of ['/users/me', '/products']) {
      const reply = await api.get(path);
      expect(outcome(reply), path).to.equal('401 TOKEN_EXPIRED');
      expect(reply.headers['www-authenticate'], path).to.equal('Bearer error="invalid_token"');
    }
    clock.ahead = 6 * DAY;
    const renew = (token: string) => shop.anonymous.post<SignedIn>('/auth/refresh', { refresh_token: token });
    const renewed = dataOf(await renew(tokens.refresh_token));
    expect(outcome(await shop.holding(renewed.access_token).get('/users/me'))).to.equal('200');
    clock.ahead = 12 * DAY;
    const again = dataOf(await renew(renewed.refresh_token));
    clock.ahead = 20 * DAY;
    expect(outcome(await renew(again.refresh_token))).to.equal('401 UNAUTHENTICATED');
  });

  it('fills its shelves with a sample of a pet shop', async (_shop, street) => {
    const shop = await street.another({ environment: { SEED_DEMO: 'true' } });
    const { body } = await shop.anonymous.get<Product[]>('/products?page=1&limit=100&q=dog');
    expect((await shop.anonymous.get('/products?page=1')).body.meta['total']).to.be.above(79);
    expect(body.data).to.have.length.above(0);
    const admin = await shop.admin();
    const exported = await admin.get('/admin/exports/products');
    expect(exported.text.trim().split('\n')).to.have.length.above(200);
  });

  it('that closes answers what it was asked, says that it will hear no more, and cuts lines that ask nothing', async (_shop, street) => {
    const lines: string[] = [];
    const shop = await street.another({});
    const { hostname, port } = new URL(shop.url);
    const [asking, idle] = [connect(Number(port), hostname), connect(Number(port), hostname)];
    asking.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    await Promise.all([once(asking, 'connect'), once(idle, 'connect')]);
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'not-the-right-one' });
    const head = ['POST /api/v1/auth/login HTTP/1.1', 'Host: shop', 'Content-Type: application/json'];
    asking.write(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`);
    // What the server has seen of a request it will answer, so it must have seen it before it closes.
    await shop.root.get('/health/live');
    const closing = shop.close();
    await once(idle.resume(), 'close');
    asking.write(body.slice(9));
    await once(asking, 'close');
    await closing;
    expect(lines.join('')).to.match(/^HTTP\/1\.1 401 [\s\S]*\r\nConnection: close\r\n/);
  });
});
