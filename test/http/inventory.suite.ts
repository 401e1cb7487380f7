import { expect } from 'chai';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, cancel } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Movement, Product, StockRow } from './shapes.ts';
import { fresh, usd } from './shop.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';

const movementsOf = async (admin: Api, variant: string): Promise<Movement[]> =>
  dataOf(await admin.get<Movement[]>(`/admin/inventory/${variant}/ledger?limit=100`));

const rowOf = async (admin: Api, variant: string): Promise<StockRow> =>
  dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variant}`))[0]!;

export const inventorySuite = shopSuite('Stock', it => {
  it('has a ledger that adds up to what is on hand, whatever happens', async shop => {
    const [admin, customer] = [await shop.admin(), await shop.customer()];
    const variant = await shop.variant({ stock: 10 });
    const kept = await bought(customer, variant, { quantity: 2 });
    const returned = await bought(customer, variant, { quantity: 3 });
    await cancel(customer, `/orders/${returned.order_id}`);
    await bought(customer, variant, { quantity: 1, payment_method: 'tok_requires_action' });
    await admin.post(`/admin/inventory/${variant}/adjustments`, { delta: -1, reason: 'broken' });
    await admin.patch(`/admin/inventory/${variant}`, { stock_qty: 20 });
    await admin.patch(`/admin/inventory/${variant}`, { stock_qty: 20 });
    const ledger = await movementsOf(admin, variant);
    expect(ledger.map(({ kind, delta, reason }) => [kind, delta, reason])).to.deep.equal([
      ['ADJUST', 13, 'counted'],
      ['ADJUST', -1, 'broken'],
      ['RETURN', 3, null],
      ['SALE', -3, null],
      ['SALE', -2, null],
      ['RECEIPT', 10, null],
    ]);
    expect(ledger[4]).to.include({ ref_type: 'order', ref_id: kept.order_id });
    const { on_hand: onHand, reserved, available } = await rowOf(admin, variant);
    expect(ledger.reduce((sum, { delta }) => sum + delta, 0)).to.equal(onHand);
    expect({ onHand, reserved, available }).to.deep.equal({ onHand: 20, reserved: 1, available: 19 });
  });

  it('of a product of one variant is set by the product', async shop => {
    const admin = await shop.admin();
    const product = await shop.product({ stock: 5 });
    const counted = await admin.patch<StockRow>(`/admin/products/${product.id}`, { stock_qty: 50 });
    expect(counted.status).to.equal(200);
    expect(counted.body.data).to.include({ variant_id: product.variants[0]!.id, on_hand: 50, available: 50 });
    const seen = dataOf(await shop.anonymous.get<Product>(`/products/${product.id}`));
    expect(seen.variants[0]!.available).to.equal(50);
    for (const stock_qty of [-1, 1.5, '5', null, 1e12])
      expect(outcome(await admin.patch(`/admin/products/${product.id}`, { stock_qty })), String(stock_qty)).to.equal(
        '400 VALIDATION_ERROR',
      );
    expect(outcome(await admin.patch(`/admin/products/${product.id}`, {}))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await admin.patch(`/admin/products/${NOWHERE}`, { stock_qty: 1 }))).to.equal('404 NOT_FOUND');
  });

  it('of a product of several variants is set one by one', async shop => {
    const admin = await shop.admin();
    const { id, variants } = await shop.product({ variants: [{ price: usd(1), stock: 1 }, { price: usd(2) }] });
    const refused = await admin.patch(`/admin/products/${id}`, { stock_qty: 50 });
    expect(outcome(refused)).to.equal('422 RULE_VIOLATION');
    expect(refused.body.error.details).to.deep.equal({ variant_ids: variants.map(variant => variant.id) });
    for (const [n, variant] of variants.entries())
      await admin.patch(`/admin/inventory/${variant.id}`, { stock_qty: n + 7 });
    const { variants: counted } = dataOf(await admin.get<Product>(`/products/${id}`));
    expect(counted.map(({ available }) => available)).to.deep.equal([7, 8]);
  });

  it('never falls below zero, nor below what open orders hold', async shop => {
    const admin = await shop.admin();
    const { id, variants } = await shop.product({ stock: 5 });
    const variant = variants[0]!.id;
    const take = (delta: number) => admin.post(`/admin/inventory/${variant}/adjustments`, { delta, reason: 'taken' });
    const below = await take(-6);
    expect(outcome(below)).to.equal('422 RULE_VIOLATION');
    expect(below.body.error.details).to.deep.equal({ on_hand: 5 });
    await bought(await shop.customer(), variant, { quantity: 3, payment_method: 'tok_requires_action' });
    for (const reply of [
      await take(-3),
      await admin.patch(`/admin/products/${id}`, { stock_qty: 2 }),
      await admin.patch(`/admin/inventory/${variant}`, { stock_qty: 0 }),
      await admin.patch(`/products/${id}`, { stock: 2 }),
      await admin.patch(`/variants/${variant}`, { stock: 2 }),
    ]) {
      expect(outcome(reply)).to.equal('409 STOCK_BELOW_RESERVED');
      expect(reply.body.error.details).to.deep.equal({ reserved: 3 });
    }
    expect(outcome(await take(-2))).to.equal('201');
    expect(await rowOf(admin, variant)).to.include({ on_hand: 3, reserved: 3, available: 0 });
  });

  it('is adjusted by a number that is not zero, and with a reason', async shop => {
    const [admin, variant] = [await shop.admin(), await shop.variant()];
    const adjust = (body: object, id = variant) => admin.post(`/admin/inventory/${id}/adjustments`, body);
    for (const body of [
      { delta: 0, reason: 'nothing' },
      { delta: 1 },
      { delta: 1, reason: ' ' },
      { delta: '1', reason: 'found' },
      { delta: 0.5, reason: 'half' },
      { delta: 1, reason: 'found', on_hand: 7 },
    ])
      expect(outcome(await adjust(body)), JSON.stringify(body)).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await adjust({ delta: 1, reason: 'found' }, NOWHERE))).to.equal('404 NOT_FOUND');
    expect(outcome(await admin.get(`/admin/inventory/${NOWHERE}/ledger`))).to.equal('404 NOT_FOUND');
    expect(outcome(await admin.patch(`/admin/inventory/${NOWHERE}`, { stock_qty: 1 }))).to.equal('404 NOT_FOUND');
    expect(outcome(await admin.patch(`/admin/inventory/${variant}`, {}))).to.equal('400 VALIDATION_ERROR');
  });

  it('loses no adjustment of many at once', async shop => {
    const [admin, variant] = [await shop.admin(), await shop.variant({ stock: 0 })];
    const adjust = () => admin.post(`/admin/inventory/${variant}/adjustments`, { delta: 1, reason: 'found' });
    const replies = await Promise.all(Array.from({ length: 15 }, adjust));
    expect(new Set(replies.map(outcome))).to.deep.equal(new Set(['201']));
    expect(await rowOf(admin, variant)).to.include({ on_hand: 15 });
    expect(await movementsOf(admin, variant)).to.have.length(15);
  });

  it('is found by SKU, or by a part of SKU or name', async shop => {
    const admin = await shop.admin();
    const sku = fresh('ÉTUI');
    const { variants } = await shop.product({ name: `Reisekäfig ${sku}`, sku });
    const found = async (query: string) =>
      dataOf(await admin.get<StockRow[]>(`/admin/inventory?${query}`)).map(row => row.variant_id);
    for (const query of [`sku=${encodeURIComponent(sku)}`, `q=reisekafig%20etui`, `q=${encodeURIComponent(sku)}`])
      expect(await found(query), query).to.include(variants[0]!.id);
    expect(await found(`sku=${fresh('NONE')}`)).to.deep.equal([]);
  });

  it('is on the list of what runs low at its threshold, and off it above', async shop => {
    const [admin, customer] = [await shop.admin(), await shop.customer()];
    const variant = await shop.variant({ stock: 5 });
    const isLow = async () =>
      dataOf(await admin.get<StockRow[]>('/admin/inventory/low-stock?limit=100')).some(
        row => row.variant_id === variant,
      );
    expect(await isLow()).to.equal(false);
    const warned = await admin.patch<StockRow>(`/admin/inventory/${variant}`, { low_stock_threshold: 4 });
    expect(warned.body.data).to.include({ low_stock_threshold: 4, on_hand: 5 });
    expect(await isLow()).to.equal(false);
    await bought(customer, variant, { payment_method: 'tok_requires_action' });
    expect(await isLow()).to.equal(true);
    await admin.patch(`/admin/inventory/${variant}`, { stock_qty: 6, low_stock_threshold: 4 });
    expect(await isLow()).to.equal(false);
    await admin.patch(`/admin/inventory/${variant}`, { stock_qty: 1 });
    expect(await isLow()).to.equal(true);
    await admin.patch(`/admin/inventory/${variant}`, { low_stock_threshold: null });
    expect(await isLow()).to.equal(false);
  });
});
