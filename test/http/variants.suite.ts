import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { Product, Variant } from './shapes.ts';
import { fresh, usd } from './shop.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';

export const variantsSuite = shopSuite('A variant', it => {
  it('is added with options, price and stock, and is named after its options', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product();
    const facts = {
      options: { Colour: 'Blue', Length: '2 m' },
      price: usd(2500),
      compare_at_price: usd(3000),
      stock: 4,
    };
    const added = await admin.post<Variant>(`/products/${id}/variants`, facts);
    expect(added.status).to.equal(201);
    expect(added.headers.etag).to.equal('"1"');
    expect(added.body.data).to.deep.include({
      name: 'Blue / 2 m',
      options: facts.options,
      price: usd(2500),
      compare_at_price: usd(3000),
      available: 4,
      in_stock: true,
    });
    const variants = dataOf(await shop.anonymous.get<Variant[]>(`/products/${id}/variants`));
    expect(variants).to.have.length(2).and.to.deep.include(added.body.data);
  });

  it('makes the price of the product when it is the cheapest', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product({ price: usd(2000) });
    const { id: cheap } = dataOf(await admin.post<Variant>(`/products/${id}/variants`, { price: usd(900) }));
    const priceNow = async () => dataOf(await shop.anonymous.get<Product>(`/products/${id}`)).price;
    expect(await priceNow()).to.deep.equal(usd(900));
    await admin.patch(`/variants/${cheap}`, { price: usd(3000) });
    expect(await priceNow()).to.deep.equal(usd(2000));
  });

  it('is changed in part', async shop => {
    const admin = await shop.admin();
    const { variants } = await shop.product({ variants: [{ options: { Size: 'L' }, price: usd(1), stock: 5 }] });
    const { id, sku } = variants[0]!;
    const changed = await admin.patch<Variant>(`/variants/${id}`, { price: usd(2), options: { Size: 'XL' } });
    expect(changed.body.data).to.deep.include({
      id,
      sku,
      price: usd(2),
      options: { Size: 'XL' },
      available: 5,
      version: 2,
    });
    const counted = await admin.patch<Variant>(`/variants/${id}`, { stock: 9, compare_at_price: null });
    expect(counted.body.data).to.include({ available: 9, compare_at_price: null });
    expect(outcome(await admin.patch(`/variants/${id}`, {}))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await admin.patch(`/variants/${NOWHERE}`, { price: usd(1) }))).to.equal('404 NOT_FOUND');
  });

  it('can be taken out of the shop, but not the last one', async shop => {
    const admin = await shop.admin();
    const { id, variants } = await shop.product({ variants: [{ price: usd(1) }, { price: usd(2) }] });
    const [first, last] = variants as [Variant, Variant];
    expect(outcome(await admin.delete(`/variants/${first.id}`))).to.equal('204');
    expect(outcome(await admin.delete(`/variants/${first.id}`))).to.equal('404 NOT_FOUND');
    expect(outcome(await admin.delete(`/variants/${last.id}`))).to.equal('422 LAST_VARIANT');
    const left = dataOf(await shop.anonymous.get<Variant[]>(`/products/${id}/variants`));
    expect(left.map(variant => variant.id)).to.deep.equal([last.id]);
    expect(outcome(await admin.get(`/admin/inventory/${first.id}/ledger`))).to.equal('404 NOT_FOUND');
  });

  it('belongs to a product, which has at most 250 of them', async shop => {
    const admin = await shop.admin();
    expect(outcome(await admin.post(`/products/${NOWHERE}/variants`, { price: usd(1) }))).to.equal('404 NOT_FOUND');
    const { id } = await shop.product({ variants: Array.from({ length: 250 }, () => ({ price: usd(1) })) });
    expect(outcome(await admin.post(`/products/${id}/variants`, { price: usd(1) }))).to.equal('422 TOO_MANY_VARIANTS');
    const many = Array.from({ length: 251 }, () => ({ price: usd(1) }));
    const { id: category_id } = await shop.category();
    expect(outcome(await admin.post('/products', { name: fresh('A'), category_id, variants: many }))).to.equal(
      '400 VALIDATION_ERROR',
    );
  });
});
