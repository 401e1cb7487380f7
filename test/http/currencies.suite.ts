import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { checkOut, putIntoCart } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Product } from './shapes.ts';
import { usd } from './shop.ts';

export const currenciesSuite = shopSuite('Money', it => {
  for (const [currency, amount] of [
    ['JPY', 1980],
    ['USD', 1999],
    ['KWD', 12_345],
    ['CLF', 70_001],
  ] as const)
    it(`in ${currency} goes from the price to the order in whole minor units`, async shop => {
      const customer = await shop.customer();
      const price = { amount, currency };
      const total = { amount: amount * 3, currency };
      const product = await shop.product({ price, stock: 5 });
      expect(dataOf(await shop.anonymous.get<Product>(`/products/${product.id}`)).price).to.deep.equal(price);
      const cart = await putIntoCart(customer, product.variants[0]!.id, 3);
      expect(cart.total).to.deep.equal(total);
      const receipt = dataOf(await checkOut(customer, { expected_total: total }));
      expect(receipt).to.deep.include({ status: 'PAID', total });
      const order = dataOf(await customer.get<Order>(`/orders/${receipt.order_id}`));
      expect(order.items[0]).to.deep.include({ unit_price: price, line_total: total });
      expect(order.payment.amount).to.deep.equal(total);
    });

  it('may be nothing at all', async shop => {
    const customer = await shop.customer();
    await putIntoCart(customer, await shop.variant({ price: usd(0) }));
    expect(dataOf(await checkOut(customer))).to.deep.include({ status: 'PAID', total: usd(0) });
  });

  it('is never negative, never broken, never too much, and of a currency that exists', async shop => {
    const [admin, { id: category_id }] = [await shop.admin(), await shop.category()];
    for (const price of [
      usd(-1),
      usd(19.99),
      usd(10_000_000_001),
      usd(Number.MAX_SAFE_INTEGER + 1),
      { amount: '1999', currency: 'USD' },
      { amount: 1999, currency: 'usd' },
      { amount: 1999, currency: 'DOG' },
      { amount: 1999 },
      1999,
      '19.99',
      null,
    ])
      expect(outcome(await admin.post('/products', { name: 'A', category_id, price })), JSON.stringify(price)).to.equal(
        '400 VALIDATION_ERROR',
      );
    const most = { name: 'A', category_id, price: usd(10_000_000_000), stock: 999 };
    const dearest = dataOf(await admin.post<Product>('/products', most));
    const cart = await putIntoCart(await shop.customer(), dearest.variants[0]!.id, 999);
    expect(cart.total).to.deep.equal(usd(9_990_000_000_000));
  });

  it('of one product is of one currency', async shop => {
    const [admin, { id: category_id }] = [await shop.admin(), await shop.category()];
    const euros = { amount: 100, currency: 'EUR' };
    const mixed = { name: 'A', category_id, variants: [{ price: usd(100) }, { price: euros }] };
    expect(outcome(await admin.post('/products', mixed))).to.equal('422 CURRENCY_MISMATCH');
    const { id, variants } = await shop.product({ variants: [{ price: usd(100) }, { price: usd(200) }] });
    expect(outcome(await admin.post(`/products/${id}/variants`, { price: euros }))).to.equal('422 CURRENCY_MISMATCH');
    expect(outcome(await admin.patch(`/variants/${variants[0]!.id}`, { price: euros }))).to.equal(
      '422 CURRENCY_MISMATCH',
    );
    expect(outcome(await admin.patch(`/variants/${variants[0]!.id}`, { compare_at_price: euros }))).to.equal(
      '422 CURRENCY_MISMATCH',
    );
    const single = await shop.product({ price: usd(100) });
    expect(outcome(await admin.patch(`/products/${single.id}`, { price: euros }))).to.equal('200');
    expect(outcome(await shop.anonymous.get(`/products?category=${category_id}`))).to.equal('200');
  });
});
