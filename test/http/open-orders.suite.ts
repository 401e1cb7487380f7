import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought, buy, cancel, checkOut, putIntoCart } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart, StockRow } from './shapes.ts';
import { fresh, type Shop } from './shop.ts';

const WAITS = { payment_method: 'tok_requires_action' };

const available = async (shop: Shop, variant: string): Promise<number> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variant}`))[0]!.available;
};

export const openOrdersSuite = shopSuite('Orders that are not paid', it => {
  it('cannot park the stock of the shop: of fifty that a customer begins, five hold something', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant({ stock: 100 })];
    const outcomes: string[] = [];
    for (let i = 0; i < 50; i += 1) outcomes.push(outcome(await buy(customer, variant, WAITS)));
    expect(outcomes.slice(0, 5)).to.deep.equal(Array(5).fill('201'));
    expect(new Set(outcomes.slice(5))).to.deep.equal(new Set(['409 TOO_MANY_OPEN_ORDERS']));
    expect(await available(shop, variant)).to.equal(95);
    expect(outcome(await buy(await shop.customer(), variant, { quantity: 95 }))).to.equal('201');
  });

  it('are named in the refusal, which leaves the cart as it was', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant()];
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await bought(customer, variant, WAITS)).order_id);
    await putIntoCart(customer, variant, 2);
    const refused = await checkOut(customer);
    expect(outcome(refused)).to.equal('409 TOO_MANY_OPEN_ORDERS');
    expect(refused.body.error.details).to.deep.equal({ order_ids: ids });
    const cart = dataOf(await customer.get<Cart>('/carts/me'));
    expect(cart.items.map(({ quantity }) => quantity)).to.deep.equal([2]);
    dataOf(await cancel(customer, `/orders/${ids[0]}`));
    expect(outcome(await checkOut(customer))).to.equal('201');
  });

  it('are repeated all the same: a key that has an order gets that one again', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant()];
    for (let i = 0; i < 4; i += 1) await bought(customer, variant, WAITS);
    await putIntoCart(customer, variant);
    const key = fresh('fifth');
    const first = dataOf(await checkOut(customer, WAITS, key));
    expect(dataOf(await checkOut(customer, WAITS, key)).order_id).to.equal(first.order_id);
  });

  it('do not count when they are paid', async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant()];
    for (let i = 0; i < 5; i += 1) await bought(customer, variant);
  });

  it('may be more where the shop says so', async (_, street) => {
    const shop = await street.another({ environment: { MAX_OPEN_ORDERS: '6' } });
    const [customer, variant] = [await shop.customer(), await shop.variant()];
    for (let i = 0; i < 6; i += 1) await bought(customer, variant, WAITS);
    expect(outcome(await buy(customer, variant, WAITS))).to.equal('409 TOO_MANY_OPEN_ORDERS');
  });
});
