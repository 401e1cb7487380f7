import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought, CHECKOUT, checkOut, putIntoCart } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart, Order, Product, SavedAddress } from './shapes.ts';
import { ADDRESS, fresh, type Shop, usd } from './shop.ts';

const availableOf = async (shop: Shop, { id }: Product): Promise<number> =>
  dataOf(await shop.anonymous.get<Product>(`/products/${id}`)).variants[0]!.available;

export const checkoutSuite = shopSuite('A checkout', it => {
  it('sells what is in the cart, takes the money and the stock, and says so', async shop => {
    const customer = await shop.customer();
    const bowl = await shop.product({ name: 'Bowl', price: usd(1250), stock: 10 });
    await putIntoCart(customer, bowl.variants[0]!.id, 3);
    const reply = await checkOut(customer, { expected_total: usd(3750) });
    expect(reply.status).to.equal(201);
    const receipt = reply.body.data;
    expect(receipt.order_number).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(receipt).to.deep.include({
      status: 'PAID',
      total: usd(3750),
      payment: { status: 'CAPTURED', amount: usd(3750), action: null, refunded: usd(0), refunds: [] },
    });
    expect(receipt.items[0]).to.deep.include({ name: 'Bowl', quantity: 3, unit_price: usd(1250) });
    expect(await availableOf(shop, bowl)).to.equal(7);
    const order = await customer.get<Order>(`/orders/${receipt.order_id}`);
    expect(order.body.data).to.deep.include({
      id: receipt.order_id,
      order_number: receipt.order_number,
      items: receipt.items,
      shipping_address: { ...ADDRESS, line2: null, region: null },
    });
    expect(reply.body.links['self']).to.equal(`/api/v1/orders/${receipt.order_id}`);
  });

  it('keeps what was sold as it was sold, whatever becomes of the product', async shop => {
    const [customer, admin] = [await shop.customer(), await shop.admin()];
    const bowl = await shop.product({ name: 'Bowl', price: usd(1250) });
    const { order_id: id } = await bought(customer, bowl.variants[0]!.id);
    await admin.patch(`/products/${bowl.id}`, { name: 'Dish', price: usd(1), sku: fresh('DISH') });
    await admin.delete(`/products/${bowl.id}`);
    const { items } = dataOf(await customer.get<Order>(`/orders/${id}`));
    expect(items[0]).to.deep.include({ name: 'Bowl', sku: bowl.variants[0]!.sku, unit_price: usd(1250) });
  });

  it('serves a guest who leaves an e-mail address', async shop => {
    const guest = await shop.guest();
    await putIntoCart(guest, await shop.variant());
    for (const email of [{}, { email: null }, { email: 'nobody' }]) {
      const reply = await checkOut(guest, email);
      expect(outcome(reply)).to.equal('400 VALIDATION_ERROR');
      expect(reply.body.error.details).to.have.all.keys('email');
    }
    const { order_id: id, status } = dataOf(await checkOut(guest, { email: 'Guest@Example.com' }));
    expect(status).to.equal('PAID');
    const admin = await shop.admin();
    const order = dataOf(await admin.get<Order>(`/admin/orders/${id}`));
    expect(order).to.include({ email: 'guest@example.com', user_id: null });
  });

  it('sends it to an entry of the address book, but not of somebody else’s', async shop => {
    const [ada, bob] = [await shop.customer(), await shop.customer()];
    const home = { ...ADDRESS, line1: '2 Mill Road', line2: 'Third floor' };
    const { id } = dataOf(await ada.post<SavedAddress>('/users/me/addresses', home));
    const byEntry = (key: string) =>
      [{ payment_method: 'tok_ok', address_id: id }, { 'Idempotency-Key': key }] as const;
    for (const buyer of [ada, bob]) await putIntoCart(buyer, await shop.variant());
    const foreign = await bob.post('/orders', ...byEntry(fresh('foreign')));
    expect(outcome(foreign)).to.equal('400 VALIDATION_ERROR');
    expect(foreign.body.error.details).to.have.all.keys('address_id');
    const { order_id: order } = dataOf(await ada.post<{ order_id: string }>('/orders', ...byEntry(fresh('own'))));
    await ada.delete(`/users/me/addresses/${id}`);
    const sold = dataOf(await ada.get<Order>(`/orders/${order}`));
    expect(sold.shipping_address).to.deep.equal({ ...home, region: null });
    expect(dataOf(await bob.get<Cart>('/carts/me')).items).to.have.length(1);
  });

  it('wants one address, and not two', async shop => {
    const customer = await shop.customer();
    await putIntoCart(customer, await shop.variant());
    const { id } = dataOf(await customer.post<SavedAddress>('/users/me/addresses', ADDRESS));
    expect(outcome(await checkOut(customer, { address_id: id }))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await checkOut(customer, { shipping_address: undefined }))).to.equal('400 VALIDATION_ERROR');
  });

  it('refuses to charge another sum than expected, and names the right one', async shop => {
    const [customer, admin] = [await shop.customer(), await shop.admin()];
    const bowl = await shop.product({ price: usd(1000), stock: 5 });
    await putIntoCart(customer, bowl.variants[0]!.id, 2);
    await admin.patch(`/products/${bowl.id}`, { price: usd(1100) });
    const refused = await checkOut(customer, { expected_total: usd(2000) });
    expect(outcome(refused)).to.equal('409 PRICE_CHANGED');
    expect(refused.body.error.details).to.deep.equal({ expected_total: usd(2000), total: usd(2200) });
    const inEuros = { expected_total: { amount: 2200, currency: 'EUR' } };
    expect(outcome(await checkOut(customer, inEuros))).to.equal('409 PRICE_CHANGED');
    expect(await availableOf(shop, bowl)).to.equal(5);
    expect(dataOf(await checkOut(customer, { expected_total: usd(2200) })).total).to.deep.equal(usd(2200));
  });

  it('refuses to sell what is not there, and names every line that is short', async shop => {
    const customer = await shop.customer();
    const [scarce, none, plenty] = [
      await shop.product({ stock: 2 }),
      await shop.product({ stock: 0 }),
      await shop.product({ stock: 50 }),
    ];
    for (const product of [scarce, none, plenty]) await putIntoCart(customer, product.variants[0]!.id, 3);
    const refused = await checkOut(customer);
    expect(outcome(refused)).to.equal('409 INSUFFICIENT_STOCK');
    expect(refused.body.error.details).to.deep.equal({
      lines: [
        { variant_id: scarce.variants[0]!.id, requested: 3, available: 2 },
        { variant_id: none.variants[0]!.id, requested: 3, available: 0 },
      ],
    });
    expect(await availableOf(shop, plenty)).to.equal(50);
    expect(dataOf(await customer.get<Cart>('/carts/me')).items).to.have.length(3);
    expect(dataOf(await customer.get<Order[]>('/orders'))).to.deep.equal([]);
  });

  it('refuses to sell what is sold no more', async shop => {
    const [customer, admin] = [await shop.customer(), await shop.admin()];
    const bowl = await shop.product();
    await putIntoCart(customer, bowl.variants[0]!.id);
    await admin.patch(`/products/${bowl.id}`, { status: 'draft' });
    const refused = await checkOut(customer);
    expect(outcome(refused)).to.equal('409 ITEM_UNAVAILABLE');
    expect(refused.body.error.details).to.deep.equal({ lines: [{ variant_id: bowl.variants[0]!.id }] });
  });

  it('of an empty cart, or of none, is refused', async shop => {
    const [customer, guest] = [await shop.customer(), await shop.guest()];
    expect(outcome(await checkOut(customer))).to.equal('409 CART_EMPTY');
    await customer.get('/carts/me');
    expect(outcome(await checkOut(customer))).to.equal('409 CART_EMPTY');
    expect(outcome(await checkOut(guest, { email: 'guest@example.com' }))).to.equal('409 CART_EMPTY');
    const stranger = shop.anonymous.with({ 'X-Cart-Token': 'a'.repeat(43) });
    expect(outcome(await checkOut(stranger, { email: 'guest@example.com' }))).to.equal('404 NOT_FOUND');
  });

  it('of a cart that was bought already names the order', async shop => {
    const customer = await shop.customer();
    const { order_id: first } = await bought(customer, await shop.variant());
    const again = await checkOut(customer);
    expect(outcome(again)).to.equal('409 CART_NOT_OPEN');
    expect(again.body.error.details).to.deep.equal({ order_id: first });
  });

  it('that is badly asked for leaves cart and stock as they were', async shop => {
    const customer = await shop.customer();
    const bowl = await shop.product({ stock: 5 });
    await putIntoCart(customer, bowl.variants[0]!.id);
    for (const facts of [
      { payment_method: '' },
      { payment_method: undefined },
      { expected_total: { amount: 1 } },
      { expected_total: { amount: 1.5, currency: 'USD' } },
      { expected_total: { amount: 1, currency: 'DOG' } },
      { shipping_address: { ...ADDRESS, country: 'Portugal' } },
      { total: usd(1) },
      { coupon: 'FREE' },
    ])
      expect(outcome(await checkOut(customer, facts)), JSON.stringify(facts)).to.equal('400 VALIDATION_ERROR');
    expect(await availableOf(shop, bowl)).to.equal(5);
    expect(dataOf(await customer.get<Cart>('/carts/me')).status).to.equal('OPEN');
  });

  it('sells the last one once, to one of twenty who want it at the same time', async shop => {
    const bowl = await shop.product({ stock: 1 });
    const buyers = await Promise.all(Array.from({ length: 20 }, () => shop.guest()));
    for (const buyer of buyers) await putIntoCart(buyer, bowl.variants[0]!.id);
    const replies = await Promise.all(buyers.map(buyer => checkOut(buyer, { email: 'guest@example.com' })));
    expect(replies.map(outcome).toSorted()).to.deep.equal(['201', ...Array<string>(19).fill('409 INSUFFICIENT_STOCK')]);
    expect(await availableOf(shop, bowl)).to.equal(0);
    const admin = await shop.admin();
    const [stock] = dataOf(await admin.get<object[]>(`/admin/inventory?variant_id=${bowl.variants[0]!.id}`));
    expect(stock).to.include({ on_hand: 0, reserved: 0 });
  });

  it('makes one order of one cart, however many tills it is taken to at once', async shop => {
    const [guest, bowl] = [await shop.guest(), await shop.product({ stock: 50 })];
    await putIntoCart(guest, bowl.variants[0]!.id);
    const body = { ...CHECKOUT, email: 'guest@example.com' };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => guest.post('/orders', body, { 'Idempotency-Key': fresh('till') })),
    );
    expect(replies.map(outcome).toSorted()).to.deep.equal(['201', ...Array<string>(7).fill('409 CART_NOT_OPEN')]);
    expect(await availableOf(shop, bowl)).to.equal(49);
  });
});
