import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought, CHECKOUT, putIntoCart } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart } from './shapes.ts';
import { fresh, usd } from './shop.ts';

const contentsOf = ({ items }: Cart): [string, number][] => items.map(line => [line.variant_id, line.quantity]);

export const cartsSuite = shopSuite('A cart', it => {
  it('is opened for a guest, who is told its token once', async shop => {
    const opened = await shop.anonymous.post<Cart>('/carts');
    expect(opened.status).to.equal(201);
    expect(opened.headers.location).to.equal('/api/v1/carts/me');
    const { cart_token: token, ...cart } = opened.body.data;
    expect(token).to.match(/^[\w-]{32,}$/);
    expect(cart).to.deep.include({ status: 'OPEN', version: 1, items: [], subtotal: null, total: null });
    const seen = await shop.anonymous.get<Cart>('/carts/me', { 'X-Cart-Token': token });
    expect(seen.body.data).to.deep.equal(cart);
  });

  it('is there for every customer, and stays the same one', async shop => {
    const customer = await shop.customer();
    const replies = await Promise.all(Array.from({ length: 6 }, () => customer.get<Cart>('/carts/me')));
    expect(new Set(replies.map(reply => dataOf(reply).id)).size).to.equal(1);
  });

  it('shows each line at today’s price, and the sum', async shop => {
    const guest = await shop.guest();
    const bowl = await shop.product({ name: 'Bowl', price: usd(1250), stock: 4 });
    const leash = await shop.product({
      name: 'Rope Leash',
      variants: [{ options: { Colour: 'Blue', Length: '2 m' }, price: usd(2999), stock: 9 }],
    });
    await putIntoCart(guest, bowl.variants[0]!.id, 2);
    const cart = await putIntoCart(guest, leash.variants[0]!.id);
    expect(cart.items).to.deep.equal([
      {
        variant_id: bowl.variants[0]!.id,
        product_id: bowl.id,
        sku: bowl.variants[0]!.sku,
        name: 'Bowl',
        quantity: 2,
        unit_price: usd(1250),
        line_total: usd(2500),
        available: 4,
        problems: [],
      },
      {
        variant_id: leash.variants[0]!.id,
        product_id: leash.id,
        sku: leash.variants[0]!.sku,
        name: 'Rope Leash (Blue / 2 m)',
        quantity: 1,
        unit_price: usd(2999),
        line_total: usd(2999),
        available: 9,
        problems: [],
      },
    ]);
    expect(cart.subtotal).to.deep.equal(usd(5499));
    expect(cart.total).to.deep.equal(usd(5499));
  });

  it('adds up what is put in again, sets what is changed, and forgets what is taken out', async shop => {
    const [guest, bowl, leash] = [await shop.guest(), await shop.variant(), await shop.variant()];
    await putIntoCart(guest, bowl, 2);
    await putIntoCart(guest, leash, 1);
    expect(contentsOf(await putIntoCart(guest, bowl, 3))).to.deep.equal([
      [bowl, 5],
      [leash, 1],
    ]);
    const changed = await guest.patch<Cart>(`/carts/me/items/${bowl}`, { quantity: 1 });
    expect(contentsOf(dataOf(changed))).to.deep.equal([
      [bowl, 1],
      [leash, 1],
    ]);
    expect(contentsOf(dataOf(await guest.delete<Cart>(`/carts/me/items/${bowl}`)))).to.deep.equal([[leash, 1]]);
    expect(contentsOf(dataOf(await guest.delete<Cart>('/carts/me')))).to.deep.equal([]);
    for (const reply of [
      await guest.delete(`/carts/me/items/${bowl}`),
      await guest.patch(`/carts/me/items/${bowl}`, { quantity: 1 }),
    ])
      expect(outcome(reply)).to.equal('404 NOT_FOUND');
  });

  it('adds up even when all is put in at once', async shop => {
    const [customer, bowl] = [await shop.customer(), await shop.variant()];
    await Promise.all(Array.from({ length: 10 }, () => putIntoCart(customer, bowl, 1)));
    expect(contentsOf(dataOf(await customer.get<Cart>('/carts/me')))).to.deep.equal([[bowl, 10]]);
  });

  it('takes from 1 to 999 of a thing', async shop => {
    const [guest, bowl] = [await shop.guest(), await shop.variant({ stock: 5000 })];
    const put = (quantity: unknown) => guest.post('/carts/me/items', { variant_id: bowl, quantity });
    for (const quantity of [0, -1, 1000, 1.5, '1', null])
      expect(outcome(await put(quantity)), String(quantity)).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await put(999))).to.equal('201');
    const more = await put(1);
    expect(outcome(more)).to.equal('422 QUANTITY_TOO_LARGE');
    expect(more.body.error.details).to.deep.equal({ in_cart: 999 });
    expect(contentsOf(dataOf(await guest.get<Cart>('/carts/me')))).to.deep.equal([[bowl, 999]]);
  });

  it('takes 100 lines and not one more', async shop => {
    const variants = Array.from({ length: 101 }, (_, n) => ({ options: { Size: String(n) }, price: usd(1), stock: 1 }));
    const product = await shop.product({ variants });
    const guest = await shop.guest();
    for (const { id } of product.variants.slice(0, 100)) await putIntoCart(guest, id);
    const last = { variant_id: product.variants[100]!.id, quantity: 1 };
    expect(outcome(await guest.post('/carts/me/items', last))).to.equal('422 CART_FULL');
    await putIntoCart(guest, product.variants[0]!.id);
    expect(dataOf(await guest.get<Cart>('/carts/me')).items).to.have.length(100);
  });

  it('takes nothing that is not sold', async shop => {
    const [guest, admin] = [await shop.guest(), await shop.admin()];
    const draft = await shop.product({ status: 'draft' });
    const gone = await shop.product();
    await admin.delete(`/products/${gone.id}`);
    for (const variant_id of [
      draft.variants[0]!.id,
      gone.variants[0]!.id,
      gone.id,
      '00000000-0000-7000-8000-000000000000',
    ])
      expect(outcome(await guest.post('/carts/me/items', { variant_id, quantity: 1 }))).to.equal(
        '409 ITEM_UNAVAILABLE',
      );
  });

  it('takes prices of one currency', async shop => {
    const guest = await shop.guest();
    await putIntoCart(guest, await shop.variant({ price: { amount: 100, currency: 'EUR' } }));
    const variant_id = await shop.variant({ price: usd(100) });
    expect(outcome(await guest.post('/carts/me/items', { variant_id, quantity: 1 }))).to.equal('422 CURRENCY_MISMATCH');
  });

  it('says what has happened to each line since: gone, short, or at another price', async shop => {
    const [guest, admin] = [await shop.guest(), await shop.admin()];
    const [gone, short, dearer, fine] = [
      await shop.product(),
      await shop.product({ stock: 5 }),
      await shop.product({ price: usd(1000) }),
      await shop.product({ price: usd(500) }),
    ];
    for (const product of [gone, short, dearer, fine]) await putIntoCart(guest, product.variants[0]!.id, 3);
    await admin.delete(`/products/${gone.id}`);
    await admin.patch(`/admin/products/${short.id}`, { stock_qty: 2 });
    await admin.patch(`/products/${dearer.id}`, { price: usd(1100) });
    const cart = dataOf(await guest.get<Cart>('/carts/me'));
    expect(cart.items.map(({ problems }) => problems)).to.deep.equal([
      [{ code: 'ITEM_UNAVAILABLE' }],
      [{ code: 'INSUFFICIENT_STOCK', available: 2 }],
      [{ code: 'PRICE_CHANGED', previous_price: usd(1000) }],
      [],
    ]);
    expect(cart.items[0]).to.include({ product_id: null, available: 0 });
    expect(cart.items[2]!.unit_price).to.deep.equal(usd(1100));
    expect(cart.total).to.deep.equal(usd(3 * 2999 + 3 * 1100 + 3 * 500));
  });

  it('of a guest goes into the customer’s with the login, and only once', async shop => {
    const [bowl, leash] = [await shop.variant(), await shop.variant()];
    const person = await shop.account();
    await putIntoCart(person.api, bowl, 1);
    const guest = await shop.guest();
    await putIntoCart(guest, bowl, 2);
    await putIntoCart(guest, leash, 4);
    for (let n = 0; n < 2; n += 1) {
      const { api } = await shop.signIn(person, guest);
      expect(contentsOf(dataOf(await api.get<Cart>('/carts/me')))).to.deep.equal([
        [bowl, 3],
        [leash, 4],
      ]);
    }
    expect(dataOf(await guest.get<Cart>('/carts/me')).status).to.equal('ABANDONED');
    expect(outcome(await guest.post('/carts/me/items', { variant_id: bowl, quantity: 1 }))).to.equal(
      '409 CART_NOT_OPEN',
    );
  });

  it('does not keep anybody from signing in, however strange the token', async shop => {
    const person = await shop.account();
    for (const token of ['x', 'a'.repeat(43), 'no such cart'])
      await shop.signIn(person, shop.anonymous.with({ 'X-Cart-Token': token }));
  });

  it('stays with the guest when the login fails', async shop => {
    const [guest, bowl] = [await shop.guest(), await shop.variant()];
    await putIntoCart(guest, bowl);
    const wrong = { email: `${fresh('nobody')}@example.com`, password: 'wrong-password' };
    expect(outcome(await guest.post('/auth/login', wrong))).to.equal('401 INVALID_CREDENTIALS');
    expect(dataOf(await guest.get<Cart>('/carts/me'))).to.include({ status: 'OPEN' });
  });

  it('that was bought is spent for the guest, and a new one for the customer', async shop => {
    const [guest, customer, bowl] = [await shop.guest(), await shop.customer(), await shop.variant()];
    const { order_id: order } = await bought(guest, bowl, { email: 'guest@example.com' });
    expect(dataOf(await guest.get<Cart>('/carts/me'))).to.include({ status: 'CONVERTED' });
    for (const reply of [
      await guest.post('/carts/me/items', { variant_id: bowl, quantity: 1 }),
      await guest.delete('/carts/me'),
      await guest.post('/orders', { ...CHECKOUT, email: 'guest@example.com' }, { 'Idempotency-Key': 'again' }),
    ]) {
      expect(outcome(reply)).to.equal('409 CART_NOT_OPEN');
      expect(reply.body.error.details).to.deep.equal({ order_id: order });
    }
    await bought(customer, bowl);
    expect(dataOf(await customer.get<Cart>('/carts/me'))).to.deep.include({ status: 'OPEN', items: [] });
  });
});
