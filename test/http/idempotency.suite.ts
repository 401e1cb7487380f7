import { expect } from 'chai';
import { fingerprintOf } from '../../adapters/http/idempotency.ts';
import { STORE } from '../../config/tokens.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, CHECKOUT, checkOut, putIntoCart } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Receipt, StockRow } from './shapes.ts';
import { ADDRESS, fresh, type Shop, usd } from './shop.ts';

const withKey = (key: string | string[]) => ({ 'Idempotency-Key': key });

const stockOf = async (shop: Shop, variant: string): Promise<StockRow> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variant}`))[0]!;
};

const ordersOf = async (customer: Api): Promise<readonly Order[]> => dataOf(await customer.get<Order[]>('/orders'));

/** As if a process had done this and died before it could say so, and its lease were over. */
async function loseTheAnswer(
  shop: Shop,
  { owner, key, route, body }: { owner: string; key: string; route: string; body: unknown },
): Promise<void> {
  const claim = { owner, key, fingerprint: fingerprintOf(route, body), requestId: 'request-of-the-dead' };
  await shop.app.container.get(STORE).unitOfWork.run(async ({ idempotency }) => {
    await idempotency.claim(claim, 0);
    await idempotency.markApplied(claim);
  });
}

export const idempotencySuite = shopSuite('An Idempotency-Key', it => {
  it('is required for a checkout and for every cancellation', async shop => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant());
    const admin = await shop.admin();
    for (const reply of [
      await customer.post('/orders', CHECKOUT),
      await customer.post(`/orders/${id}/cancel`),
      await admin.post(`/admin/orders/${id}/cancel`, {}),
    ])
      expect(outcome(reply)).to.equal('400 IDEMPOTENCY_KEY_MISSING');
    expect((await ordersOf(customer))[0]!.status).to.equal('PAID');
  });

  it('has 1 to 255 visible ASCII characters and comes once, on any POST or PATCH', async shop => {
    const customer = await shop.customer();
    for (const key of ['', 'k'.repeat(256), 'two words', 'clé', '""', `"${'k'.repeat(256)}"`, ['one', 'two']]) {
      const invalid = '400 IDEMPOTENCY_KEY_INVALID';
      expect(outcome(await customer.post('/orders', CHECKOUT, withKey(key))), String(key)).to.equal(invalid);
      expect(outcome(await customer.patch('/users/me', { name: 'Ada' }, withKey(key))), String(key)).to.equal(invalid);
    }
    const longest = withKey('~'.repeat(255));
    expect(outcome(await customer.patch('/users/me', { name: 'Ada' }, longest))).to.equal('200');
  });

  it('makes a repeated checkout say the same bytes again, and sell nothing twice', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant({ stock: 5 })];
    await putIntoCart(customer, variant, 2);
    const first = await checkOut(customer, {}, 'my-checkout');
    expect(first.status).to.equal(201);
    expect(first.headers).not.to.have.property('idempotency-replayed');
    for (const key of ['my-checkout', '"my-checkout"']) {
      const again = await checkOut(customer, {}, key);
      expect(again.status, key).to.equal(201);
      expect(again.text, key).to.equal(first.text);
      expect(again.headers['idempotency-replayed'], key).to.equal('true');
    }
    expect(await ordersOf(customer)).to.have.length(1);
    expect(await stockOf(shop, variant)).to.include({ on_hand: 3, reserved: 0 });
  });

  it('does not mind the order of fields or the blanks between them', async shop => {
    const customer = await shop.customer();
    await putIntoCart(customer, await shop.variant());
    const first = await checkOut(customer, {}, 'spelt-twice');
    const again = await customer.send({
      method: 'POST',
      path: '/orders',
      headers: { 'Content-Type': 'application/json', ...withKey('spelt-twice') },
      body: JSON.stringify({ shipping_address: ADDRESS, payment_method: 'tok_ok' }, null, 2),
    });
    expect(again.text).to.equal(first.text);
  });

  it('is refused with another payload or for another thing', async shop => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant(), {});
    await putIntoCart(customer, await shop.variant());
    const key = fresh('reused');
    expect(outcome(await checkOut(customer, {}, key))).to.equal('201');
    const reused = '422 IDEMPOTENCY_KEY_REUSED';
    expect(outcome(await checkOut(customer, { payment_method: 'tok_decline' }, key))).to.equal(reused);
    expect(outcome(await customer.post(`/orders/${id}/cancel`, undefined, withKey(key)))).to.equal(reused);
    expect(outcome(await customer.patch('/users/me', { name: 'Ada' }, withKey(key)))).to.equal(reused);
  });

  it('remembers a refusal, too, but not a mistake in the request', async shop => {
    const customer = await shop.customer();
    const refused = await checkOut(customer, {}, 'too-early');
    expect(outcome(refused)).to.equal('409 CART_EMPTY');
    await putIntoCart(customer, await shop.variant());
    expect((await checkOut(customer, {}, 'too-early')).text).to.equal(refused.text);
    expect(outcome(await checkOut(customer, { shipping_address: {} }, 'mistaken'))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await checkOut(customer, {}, 'mistaken'))).to.equal('201');
  });

  it('comes twenty times at once and has one effect', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant({ stock: 50 })];
    await putIntoCart(customer, variant, 2);
    const replies = await Promise.all(Array.from({ length: 20 }, () => checkOut(customer, {}, 'all-at-once')));
    const outcomes = new Set(replies.map(outcome));
    expect([...outcomes]).to.include('201');
    for (const one of outcomes) expect(one).to.be.oneOf(['201', '409 IDEMPOTENCY_IN_PROGRESS']);
    expect(new Set(replies.filter(({ status }) => status === 201).map(({ text }) => text)).size).to.equal(1);
    for (const { status, headers } of replies) if (status === 409) expect(headers['retry-after']).to.equal('1');
    expect(await ordersOf(customer)).to.have.length(1);
    expect(await stockOf(shop, variant)).to.include({ on_hand: 48, reserved: 0 });
  });

  it('applies an adjustment once, however often it comes', async shop => {
    const [admin, variant] = [await shop.admin(), await shop.variant({ stock: 10 })];
    const adjust = () =>
      admin.post(`/admin/inventory/${variant}/adjustments`, { delta: 5, reason: 'delivery' }, withKey(variant));
    const first = await adjust();
    expect(first.status).to.equal(201);
    const again = await adjust();
    expect(again.text).to.equal(first.text);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(await stockOf(shop, variant)).to.include({ on_hand: 15 });
    const key = withKey(fresh('crowd'));
    const crowd = await Promise.all(
      Array.from({ length: 20 }, () =>
        admin.post(`/admin/inventory/${variant}/adjustments`, { delta: 5, reason: 'delivery' }, key),
      ),
    );
    for (const reply of crowd) expect(outcome(reply)).to.be.oneOf(['201', '409 IDEMPOTENCY_IN_PROGRESS']);
    expect(await stockOf(shop, variant)).to.include({ on_hand: 20 });
  });

  it('makes one product, address or change of what is asked for twice', async shop => {
    const [admin, customer] = [await shop.admin(), await shop.customer()];
    const { id: shelf } = await shop.category();
    const twice = async (ask: () => Promise<{ status: number; text: string }>) => {
      const [first, again] = [await ask(), await ask()];
      expect(first.status).to.be.oneOf([200, 201]);
      expect(again).to.include({ status: first.status, text: first.text });
    };
    const key = withKey(fresh('twice'));
    await twice(() => admin.post('/products', { name: 'Bowl', category_id: shelf, price: usd(1) }, key));
    expect((await admin.get(`/products?category=${shelf}&page=1`)).body.meta['total']).to.equal(1);
    await twice(() => customer.post('/users/me/addresses', ADDRESS, key));
    expect(dataOf(await customer.get<object[]>('/users/me/addresses'))).to.have.length(1);
    const another = withKey(fresh('twice'));
    await twice(() => customer.patch('/users/me', { name: 'Ada' }, another));
    expect((await customer.get('/users/me')).headers.etag).to.equal('"2"');
  });

  for (const deed of ['cancel', 'refund'])
    it(`tells how the order is now when the answer to its ${deed} was lost, and does nothing twice`, async shop => {
      const [customer, admin] = [await shop.customer(), await shop.admin()];
      const { order_id: id } = await bought(customer, await shop.variant());
      const { id: adminId } = dataOf(await admin.get<{ id: string }>('/users/me'));
      const path = `/admin/orders/${id}/${deed}`;
      const ask = (key: string) => admin.post<Order>(path, {}, withKey(key));
      const lost = fresh('lost');
      const body = deed === 'refund' ? { restock: false } : {};
      await loseTheAnswer(shop, { owner: `user:${adminId}`, key: lost, route: `POST /api/v1${path}`, body });
      const first = dataOf(await ask(fresh(deed)));
      for (let again = 0; again < 2; again += 1) {
        const told = await ask(lost);
        expect(told.status).to.equal(200);
        expect(told.headers['idempotency-replayed']).to.equal('true');
        expect(told.body.data).to.deep.equal(first);
      }
    });

  it('whose answer was lost says so, where there is nothing that it could tell again', async shop => {
    const { id, api: customer } = await shop.account();
    const lost = fresh('lost');
    await loseTheAnswer(shop, {
      owner: `user:${id}`,
      key: lost,
      route: 'PATCH /api/v1/users/me',
      body: { name: 'Ada' },
    });
    for (let again = 0; again < 2; again += 1) {
      const told = await customer.patch('/users/me', { name: 'Ada' }, withKey(lost));
      expect(outcome(told)).to.equal('409 IDEMPOTENCY_ANSWER_LOST');
      expect(told.headers['idempotency-replayed']).to.equal('true');
    }
    expect((await customer.get('/users/me')).headers.etag).to.equal('"1"');
  });

  it('of one caller never meets that of another', async shop => {
    const buyers = [await shop.customer(), await shop.customer(), await shop.guest(), await shop.guest()];
    const variant = await shop.variant();
    const numbers = new Set<string>();
    for (const [n, buyer] of buyers.entries()) {
      await putIntoCart(buyer, variant);
      const email = n < 2 ? {} : { email: 'guest@example.com' };
      const receipt: Receipt = dataOf(await checkOut(buyer, email, 'the-same-key'));
      numbers.add(receipt.order_number);
    }
    expect(numbers.size).to.equal(4);
  });

  it('cannot be had for what answers with secrets, and does no harm there', async shop => {
    const key = withKey(fresh('secret'));
    const carts = [
      await shop.anonymous.post('/carts', undefined, key),
      await shop.anonymous.post('/carts', undefined, key),
    ];
    expect(carts.map(({ status }) => status)).to.deep.equal([201, 201]);
    expect(carts[0]!.text).not.to.equal(carts[1]!.text);
  });
});
