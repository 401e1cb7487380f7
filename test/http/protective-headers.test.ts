import { connect } from 'node:net';
import { expect } from 'chai';
import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { EDGE_HEADERS } from '../../adapters/http/edge-headers.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { STORE } from '../../config/tokens.ts';
import { buy, checkOut } from './buying.ts';
import type { Reply } from './client.ts';
import { Shop } from './shop.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const NOT_KEPT = /(?:^|, ?)no-store$/;
const LEAK = /\n\s+at |node_modules|\bknex\b|SELECT |dist\/|\.[jt]s:\d|TypeError|secret/;

describe('Protective headers', () => {
  let shop: Shop;
  let failure: Error | undefined;

  before(async () => {
    const store = createInMemoryStore({ clock: new SystemClock() });
    const failing: typeof store = {
      ...store,
      unitOfWork: { run: work => (failure ? Promise.reject(failure) : store.unitOfWork.run(work)) },
    };
    shop = await Shop.open('memory:', {
      environment: { LOG_LEVEL: 'silent' },
      overrides: { bindings: container => void container.rebind(STORE).toConstantValue(failing) },
    });
  });

  after(() => shop.close());

  async function failingWith(error: Error): Promise<Reply> {
    failure = error;
    try {
      return await shop.anonymous.post('/carts');
    } finally {
      failure = undefined;
    }
  }

  /** One request for each status that the shop has. */
  async function everyStatus(): Promise<Map<number, Reply>> {
    const { anonymous, root } = shop;
    const [admin, account] = [await shop.admin(), await shop.account()];
    const product = await shop.product({ stock: 5 });
    const tag = (await anonymous.get(`/products/${product.id}`)).headers.etag!;
    const json = { 'Content-Type': 'application/json' };
    const variant = product.variants[0]!.id;
    const csv = { method: 'POST', path: '/admin/imports/products', headers: { 'Content-Type': 'text/csv' } };
    const limited = await Shop.open('memory:', { environment: { RATE_LIMIT: 'on' } });
    let tooMany: Reply;
    do tooMany = await limited.anonymous.post('/auth/refresh', { refresh_token: 'x' });
    while (tooMany.status !== 429);
    await limited.close();
    const replies = [
      await anonymous.get('/products'),
      await anonymous.post('/carts'),
      await admin.send({ ...csv, body: 'Handle,Title\n' }),
      await root.send({ method: 'GET', path: '/', unlisted: true }),
      await anonymous.get(`/products/${product.id}`, { 'If-None-Match': tag }),
      await anonymous.get('/products?limit=0'),
      await anonymous.get('/orders'),
      await buy(account.api, variant, { payment_method: 'tok_declined' }),
      await account.api.get('/admin/orders'),
      await anonymous.send({ method: 'GET', path: '/nowhere', unlisted: true }),
      await anonymous.send({ method: 'PUT', path: '/carts/me', unlisted: true }),
      await anonymous.get('/products', { Accept: 'text/html' }),
      await checkOut(await shop.customer()),
      await admin.patch(`/products/${product.id}`, { name: 'B' }, { 'If-Match': '"99"' }),
      await anonymous.send({ method: 'POST', path: '/auth/login', headers: json, body: 'x'.repeat(100_001) }),
      await anonymous.send({
        method: 'POST',
        path: '/auth/login',
        headers: { 'Content-Type': 'text/plain' },
        body: 'x',
      }),
      await account.api
        .post('/carts/me/items', { variant_id: variant, quantity: 999 })
        .then(() => account.api.post('/carts/me/items', { variant_id: variant, quantity: 999 })),
      tooMany,
      await failingWith(new TypeError('a secret of /srv/shop/dist/x.js:1:1 in SELECT 1')),
      await failingWith(new Unavailable('a secret')),
      await account.api.post('/auth/logout'),
    ];
    return new Map(replies.map(reply => [reply.status, reply]));
  }

  function requireProtected(headers: Headers, what: string): void {
    for (const [name, value] of Object.entries(EDGE_HEADERS)) expect(headers[name.toLowerCase()], what).to.equal(value);
    expect(headers, what).not.to.have.any.keys('server', 'x-powered-by', 'access-control-allow-origin');
    expect(headers['x-request-id'], what).to.match(/^[\w-]{8,64}$/);
  }

  it('are on the answers of every status, and errors tell nothing and are kept by nobody', async () => {
    const replies = await everyStatus();
    expect([...replies.keys()].toSorted((a, b) => a - b)).to.deep.equal([
      200, 201, 202, 204, 302, 304, 400, 401, 402, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429, 500, 503,
    ]);
    for (const [status, { headers, text }] of replies) {
      requireProtected(headers, String(status));
      if (status < 400) continue;
      expect(headers['cache-control'], String(status)).to.match(NOT_KEPT);
      expect(headers['content-type'], String(status)).to.equal('application/json; charset=utf-8');
      expect(text, String(status)).not.to.match(LEAK);
    }
  });

  it('are on the answers that come before there is a request', async () => {
    for (const [bytes, status] of [
      ['nonsense\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await bytesFor(bytes);
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      const lines = answer.split('\r\n\r\n', 1)[0]!.split('\r\n').slice(1);
      const headers = Object.fromEntries(
        lines.map(line => [line.split(': ', 1)[0]!.toLowerCase(), line.replace(/^[^:]+: /, '')]),
      );
      requireProtected(headers, String(status));
      expect(headers['cache-control']).to.match(NOT_KEPT);
    }
  });

  function bytesFor(request: string): Promise<string> {
    const { hostname, port } = new URL(shop.url);
    return new Promise((resolve, reject) => {
      let answer = '';
      const line = connect(Number(port), hostname, () => line.write(request));
      line.setEncoding('utf8').on('data', (text: string) => (answer += text));
      line.once('error', reject).once('close', () => resolve(answer));
    });
  }

  it('keep tokens and personal answers out of every cache', async () => {
    const { api, email, password, tokens } = await shop.account();
    for (const reply of [
      await shop.anonymous.post('/auth/login', { email, password }),
      await shop.anonymous.post('/auth/refresh', { refresh_token: tokens.refresh_token }),
      await api.get('/users/me'),
      await api.get('/orders'),
      await api.get('/products'),
    ]) {
      expect(reply.status, reply.text).to.equal(200);
      expect(reply.headers['cache-control']).to.match(NOT_KEPT);
    }
  });

  it('do not change with what a client says of its host', async () => {
    const poisoned = await shop.anonymous.get('/products?limit=1', {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'javascript',
      'X-Original-URL': '/admin',
      Forwarded: 'host=evil.example',
      Host: 'evil.example',
    });
    expect(poisoned.status).to.equal(200);
    expect(poisoned.text + JSON.stringify(poisoned.headers)).not.to.include('evil');
  });

  it('and cookies cannot be planted by what a client says, and methods not overridden', async () => {
    for (const path of [
      '/products?q=%0d%0aSet-Cookie:x=1',
      '/products/slug/%0d%0aSet-Cookie:x=1',
      '/products/%0d%0aA:b',
    ])
      expect((await shop.anonymous.get(path)).headers, path).not.to.have.any.keys('set-cookie', 'a');
    const { id } = await shop.product();
    const admin = await shop.admin();
    await admin.get(`/products/${id}`, { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' });
    expect((await admin.get(`/products/${id}`)).status).to.equal(200);
  });

  it('let no browser of a stranger in, and no origin by default', async () => {
    for (const Origin of ['https://evil.example', 'null', '*', shop.url])
      expect((await shop.anonymous.get('/products', { Origin })).headers, Origin).not.to.have.any.keys(
        'access-control-allow-origin',
        'access-control-allow-credentials',
      );
  });
});
