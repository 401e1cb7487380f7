import { expect } from 'chai';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import { usd } from './shop.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LOGIN = '/auth/login';

export const badInputSuite = shopSuite('Bad input', it => {
  it('is answered with every field that is wrong, by its dotted path', async shop => {
    const admin = await shop.admin();
    const { status, body } = await admin.post('/products', {
      name: '',
      category_id: 'dogs',
      variants: [{ price: usd(1) }, { price: { amount: -1, currency: 'DOGE' }, stock: 1.5 }],
    });
    expect(status).to.equal(400);
    expect(body.error.code).to.equal('VALIDATION_ERROR');
    const price = 'variants.1.price';
    const wrong = ['name', 'category_id', `${price}.amount`, `${price}.currency`, 'variants.1.stock'];
    expect(body.error.details).to.have.all.keys(wrong);
    for (const problems of Object.values(body.error.details))
      expect(problems)
        .to.be.an('array')
        .with.length.above(0)
        .and.satisfy((all: unknown[]) => all.every(one => typeof one === 'string'));
  });

  it('that names an unknown field is refused, however deep', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.category();
    const good = { name: 'Rope Leash', category_id: id, price: usd(100) };
    for (const [field, body] of [
      ['pirce', { ...good, pirce: usd(1) }],
      ['price.amonut', { ...good, price: { ...usd(100), amonut: 1 } }],
      ['version', { ...good, version: 3 }],
      ['created_by', { ...good, created_by: id }],
    ] as const) {
      const reply = await admin.post('/products', body);
      expect(outcome(reply), field).to.equal('400 VALIDATION_ERROR');
      expect(reply.body.error.details).to.have.all.keys(field);
    }
    const forbidden = { email: 'new@example.com', password: 'long-enough', role: 'admin' };
    const register = await shop.anonymous.post('/auth/register', forbidden);
    expect(register.body.error.details).to.have.all.keys('role');
    expect(outcome(await shop.anonymous.get('/products?colour=red'))).to.equal('400 VALIDATION_ERROR');
  });

  it('that is no JSON is MALFORMED_JSON', async shop => {
    for (const body of ['{', '{"email":}', "{'email': 1}", '', '   ', 'email=a', '{"a":1}{"b":2}', '\uFEFF{'])
      expect(
        outcome(await shop.anonymous.send({ method: 'POST', path: LOGIN, headers: JSON_TYPE, body })),
        JSON.stringify(body),
      ).to.equal('400 MALFORMED_JSON');
  });

  it('that is JSON but no object is refused as the whole body', async shop => {
    for (const body of ['null', '[]', '"text"', '42', 'true'])
      expect(
        outcome(await shop.anonymous.send({ method: 'POST', path: LOGIN, headers: JSON_TYPE, body })),
        body,
      ).to.equal('400 VALIDATION_ERROR');
  });

  it('with U+0000 in it is refused in bodies, paths and queries', async shop => {
    const nul = await shop.anonymous.post(LOGIN, { email: 'a\u0000@example.com', password: 'x' });
    expect(nul.body.error.details).to.have.all.keys('email');
    const admin = await shop.admin();
    const key = await admin.post('/products', { name: 'A', options: { 'si\u0000ze': 'L' } });
    expect(outcome(key)).to.equal('400 VALIDATION_ERROR');
    for (const path of ['/products/%00', '/products/slug/rope%00leash', '/products?q=%00', '/products?category=a%00'])
      expect(outcome(await shop.anonymous.get(path)), path).to.equal('400 VALIDATION_ERROR');
    for (const path of ['/admin/inventory?sku=a%00b', '/admin/orders?order_number=%00', '/admin/orders?email=%00@b.cd'])
      expect(outcome(await admin.get(path)), path).to.equal('400 VALIDATION_ERROR');
  });

  it('with half a surrogate pair in it is refused', async shop => {
    const customer = await shop.customer();
    const reply = await customer.send({
      method: 'PATCH',
      path: '/users/me',
      headers: JSON_TYPE,
      body: '{"name":"\\ud83d"}',
    });
    expect(reply.body.error.details).to.have.all.keys('name');
    expect(outcome(await customer.patch('/users/me', { name: 'Ada 🐈' }))).to.equal('200');
    for (const path of ['/products?q=%ED%A0%80', '/products/slug/%ED%A0%80', '/products/%E0%A4%A', '/products?q=%'])
      expect((await shop.anonymous.get(path)).status, path).to.be.oneOf([200, 400, 404]);
  });

  it('that reaches for prototypes is refused', async shop => {
    const bodies = [
      '{"__proto__":{"admin":true},"email":"a@b.example","password":"x"}',
      '{"email":"a@b.example","password":"x","constructor":{"prototype":{"admin":true}}}',
      '{"email":{"__proto__":{"admin":true}},"password":"x"}',
    ];
    for (const body of bodies) {
      const reply = await shop.anonymous.send({ method: 'POST', path: LOGIN, headers: JSON_TYPE, body });
      expect(reply.status, body).to.equal(400);
    }
    expect(({} as Record<string, unknown>)['admin']).to.equal(undefined);
  });

  it('may be called like something that every object has, and is refused like any other unknown field', async shop => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const query = await shop.anonymous.get(`/products?${name}=1`);
      expect(query.body.error.details, name).to.have.own.property(name);
      const body = await shop.anonymous.post(LOGIN, { email: 'a@b.example', password: 'x', [name]: 1 });
      expect(body.body.error.details, name).to.have.own.property(name);
      expect(body.status, name).to.equal(400);
    }
  });

  it('that is nested deep or very wide is refused before it is looked at', async shop => {
    const admin = await shop.admin();
    const deep = `{"name":${'['.repeat(40_000)}${']'.repeat(40_000)}}`;
    const wide = JSON.stringify({ name: Array.from({ length: 10_001 }, () => 0) });
    for (const body of [deep, wide])
      expect(outcome(await admin.send({ method: 'POST', path: '/categories', headers: JSON_TYPE, body }))).to.equal(
        '400 VALIDATION_ERROR',
      );
  });

  it('that is no UUID where one belongs is 400, not 404', async shop => {
    const admin = await shop.admin();
    for (const path of ['/products/1', '/categories/dogs', '/orders/null', '/admin/orders/x', '/admin/imports/-'])
      expect(outcome(await admin.get(path)), path).to.equal('400 VALIDATION_ERROR');
    for (const path of ['/carts/me/items/undefined', '/products/%7B00000000-0000-7000-8000-000000000000%7D'])
      expect(outcome(await admin.delete(path)), path).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await admin.get('/admin/inventory?variant_id=1'))).to.equal('400 VALIDATION_ERROR');
  });

  it('may write a UUID in capitals, which is the same one', async shop => {
    const { id } = await shop.product();
    expect(outcome(await shop.anonymous.get(`/products/${id.toUpperCase()}`))).to.equal('200');
  });

  it('that gives a parameter twice is refused', async shop => {
    for (const query of ['limit=1&limit=2', 'q=a&q=b', 'sort=name&sort=name'])
      expect(outcome(await shop.anonymous.get(`/products?${query}`)), query).to.equal('400 VALIDATION_ERROR');
  });

  it('leaves nothing behind', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.category();
    const shelf = `/products?category=${id}&page=1`;
    const good = { name: 'Rope Leash', category_id: id };
    await admin.post('/products', { ...good, variants: [{ price: usd(1) }, { price: usd(-1) }] });
    await admin.post('/products', { ...good, price: usd(1), variants: [{ price: usd(1) }] });
    await admin.post('/products', good);
    expect((await admin.get(shelf)).body.meta['total']).to.equal(0);
  });

  it('that is said where nobody listens is refused, so that no wish is lost silently', async shop => {
    const customer = await shop.customer();
    expect(outcome(await customer.post('/auth/logout', { everywhere: true }))).to.equal('400 VALIDATION_ERROR');
    const text = { method: 'POST', path: '/auth/logout', headers: { 'Content-Type': 'text/plain' }, body: 'please' };
    expect(outcome(await customer.send(text))).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    expect(outcome(await customer.post('/auth/logout', {}))).to.equal('204');
  });

  it('that is no UTF-8 is not stored as something else', async shop => {
    const customer = await shop.customer();
    const body = Buffer.concat([Buffer.from('{"name":"a'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const headers = { 'Content-Type': 'application/json' };
    const renamed = await customer.send({ method: 'PATCH', path: '/users/me', headers, body });
    expect(outcome(renamed)).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await shop.anonymous.get('/products?q=%ff'))).to.equal('400 VALIDATION_ERROR');
  });
});
