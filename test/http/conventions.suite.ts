import { expect } from 'chai';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const conventionsSuite = shopSuite('Every answer', it => {
  it('wraps one thing in data, meta and links, with a link to itself', async shop => {
    const { id } = await shop.product();
    const { body } = await shop.anonymous.get<Product>(`/products/${id}?`);
    expect(Object.keys(body)).to.have.members(['data', 'meta', 'links']);
    expect(body.links['self']).to.equal(`/api/v1/products/${id}?`);
  });

  it('shows ids as UUIDv7, times in UTC with milliseconds and money as whole minor units', async shop => {
    const product = await shop.product({ price: { amount: 1999, currency: 'USD' } });
    expect(product.id).to.match(UUID_V7);
    expect(product.variants[0]!.id).to.match(UUID_V7);
    expect(product.created_at).to.match(TIME);
    expect(product.price).to.deep.equal({ amount: 1999, currency: 'USD' });
  });

  it('that is an error says its code, what happened, when, and under which request', async shop => {
    const { status, headers, body } = await shop.anonymous.get('/products/00000000-0000-7000-8000-000000000000');
    expect(status).to.equal(404);
    expect(Object.keys(body)).to.deep.equal(['error']);
    expect(Object.keys(body.error)).to.have.members(['code', 'message', 'details', 'timestamp', 'request_id']);
    expect(body.error.code).to.equal('NOT_FOUND');
    expect(body.error.timestamp).to.match(TIME);
    expect(body.error.request_id).to.equal(headers['x-request-id']);
  });

  it('repeats a harmless request id and replaces any other', async shop => {
    const idFor = async (sent: string) =>
      (await shop.anonymous.get('/categories', { 'X-Request-Id': sent })).headers['x-request-id'];
    expect(await idFor('checkout-42_A')).to.equal('checkout-42_A');
    expect(await idFor('a'.repeat(64))).to.equal('a'.repeat(64));
    for (const sent of ['short', 'a'.repeat(65), 'with blanks in it', '<script>alert(1)', 'r\u00e9sum\u00e9-12345'])
      expect(await idFor(sent), sent).to.match(UUID_V7);
  });

  it('carries the same protective headers, whatever its status', async shop => {
    const customer = await shop.customer();
    const product = await shop.product();
    const { anonymous } = shop;
    const tag = (await anonymous.get(`/products/${product.id}`)).headers.etag!;
    const replies = [
      await anonymous.get('/products'),
      await anonymous.post('/carts'),
      await customer.post('/auth/logout'),
      await anonymous.get(`/products/${product.id}`, { 'If-None-Match': tag }),
      await anonymous.get('/products?limit=0'),
      await anonymous.get('/orders'),
      await customer.get('/orders'),
      await anonymous.send({ method: 'GET', path: '/nowhere', unlisted: true }),
      await anonymous.send({ method: 'PUT', path: '/carts/me', unlisted: true }),
      await anonymous.get('/products', { Accept: 'text/html' }),
      await anonymous.post('/auth/login', { email: 'a@b.example' }, { 'Content-Type': 'text/plain' }),
    ];
    expect(replies.map(({ status }) => status)).to.deep.equal([200, 201, 204, 304, 400, 401, 401, 404, 405, 406, 415]);
    for (const { status, headers } of replies) {
      expect(headers['x-content-type-options'], `${status}`).to.equal('nosniff');
      expect(headers['content-security-policy'], `${status}`).to.include("default-src 'none'");
      expect(headers['x-request-id'], `${status}`).to.match(UUID_V7);
      expect(headers, `${status}`).not.to.have.property('x-powered-by');
      expect(headers, `${status}`).not.to.have.property('server');
      expect(headers, `${status}`).not.to.have.property('access-control-allow-origin');
    }
  });

  it('says in Allow what a path does take, when it does not take the method', async shop => {
    const ask = async (method: string, path: string) => shop.anonymous.send({ method, path, unlisted: true });
    const cart = await ask('PUT', '/carts/me');
    expect(outcome(cart)).to.equal('405 METHOD_NOT_ALLOWED');
    expect(cart.headers.allow!.split(/, ?/)).to.have.members(['GET', 'HEAD', 'DELETE']);
    const product = await ask('POST', '/products/00000000-0000-7000-8000-000000000000');
    expect(outcome(product)).to.equal('405 METHOD_NOT_ALLOWED');
    expect(product.headers.allow!.split(/, ?/)).to.have.members(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']);
    const strange = await ask('PROPFIND', '/products');
    expect(outcome(strange)).to.equal('405 METHOD_NOT_ALLOWED');
    expect(strange.headers.allow!.split(/, ?/)).to.have.members(['GET', 'HEAD', 'POST']);
  });

  it('to a path that leads nowhere is 404, signed in or not; the front door leads to the explorer', async shop => {
    const customer = await shop.customer();
    for (const path of ['/nowhere', '/admin', '/products/slug/a/b', '/orders/x/y/z', '//'])
      for (const caller of [shop.anonymous, customer])
        expect(outcome(await caller.send({ method: 'GET', path, unlisted: true })), path).to.equal('404 NOT_FOUND');
    const door = await shop.root.send({ method: 'GET', path: '/', unlisted: true });
    expect([door.status, door.headers.location]).to.deep.equal([302, '/docs']);
  });

  it('to HEAD has the headers of GET and no body', async shop => {
    const { id } = await shop.product();
    const got = await shop.anonymous.get(`/products/${id}`);
    const head = await shop.anonymous.send({ method: 'HEAD', path: `/products/${id}`, unlisted: true });
    expect(head.status).to.equal(200);
    expect(head.text).to.equal('');
    expect(head.headers.etag).to.equal(got.headers.etag);
    expect(head.headers['cache-control']).to.equal(got.headers['cache-control']);
  });

  it('is refused to who cannot read it', async shop => {
    const admin = await shop.admin();
    const refused = '406 NOT_ACCEPTABLE';
    expect(outcome(await shop.anonymous.get('/products', { Accept: 'text/html' }))).to.equal(refused);
    expect(outcome(await admin.get('/admin/exports/products', { Accept: 'application/json' }))).to.equal(refused);
    for (const Accept of ['application/json', '*/*', 'text/html, application/*;q=0.5'])
      expect(outcome(await shop.anonymous.get('/products', { Accept })), Accept).to.equal('200');
  });
});
