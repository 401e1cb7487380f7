import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Product } from './shapes.ts';
import { fresh, usd } from './shop.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';

export const productsSuite = shopSuite('A product', it => {
  it('is made with one variant when none is named, and found at once', async shop => {
    const [staff, { id: category_id }] = [await shop.staff(), await shop.category()];
    const name = fresh('Rope Leash');
    const made = await staff.post<Product>('/products', { name, category_id, price: usd(1999), stock: 7 });
    expect(made.status).to.equal(201);
    const product = made.body.data;
    expect(made.headers.location).to.equal(`/api/v1/products/${product.id}`);
    expect(made.headers.etag).to.equal('"1"');
    expect(product.slug).to.match(/^rope-leash-\d+-[0-9a-f]{6}$/);
    expect(product.variants).to.have.length(1);
    expect(product.variants[0]).to.deep.include({ name: 'Default', options: {}, price: usd(1999), available: 7 });
    const { admin_data: _hidden, ...visible } = product;
    for (const path of [`/products/${product.id}`, `/products/slug/${product.slug}`])
      expect(dataOf(await shop.anonymous.get<Product>(path)), path).to.deep.equal(visible);
  });

  it('is given a SKU that tells what it is, when none is named', async shop => {
    const product = await shop.product({ name: 'Crème Brush', variants: [{ price: usd(1) }, { price: usd(1) }] });
    const skus = product.variants.map(({ sku }) => sku);
    for (const sku of skus) expect(sku).to.match(/^CREME-BRUSH-[0-9A-F]{8}$/);
    expect(new Set(skus).size).to.equal(2);
  });

  it('cannot have a SKU or slug that another has, until that one is gone', async shop => {
    const admin = await shop.admin();
    const [sku, slug] = [fresh('SKU'), fresh('slug')];
    const first = await shop.product({ sku, slug });
    const other = await shop.product();
    const again = { name: 'Copy', category_id: first.category_id, price: usd(1) };
    const twice = { sku: fresh('TWICE'), price: usd(1) };
    const taken = await admin.post('/products', { ...again, sku });
    expect(outcome(taken)).to.equal('409 SKU_TAKEN');
    expect(taken.body.error.details).to.deep.equal({ sku });
    for (const reply of [
      await admin.patch(`/products/${other.id}`, { sku }),
      await admin.patch(`/variants/${other.variants[0]!.id}`, { sku }),
      await admin.post(`/products/${other.id}/variants`, { sku, price: usd(1) }),
      await admin.post('/products', { name: 'Copy', category_id: first.category_id, variants: [twice, twice] }),
    ])
      expect(outcome(reply)).to.equal('409 SKU_TAKEN');
    expect(outcome(await admin.post('/products', { ...again, slug }))).to.equal('409 SLUG_TAKEN');
    await admin.delete(`/products/${first.id}`);
    expect(outcome(await admin.post('/products', { ...again, sku, slug }))).to.equal('201');
  });

  it('needs a category that is there, and a price of its own or of its variants', async shop => {
    const [admin, { id: category_id }] = [await shop.admin(), await shop.category()];
    const refusedFor = async (body: object) => {
      const reply = await admin.post('/products', body);
      expect(outcome(reply), JSON.stringify(body)).to.equal('400 VALIDATION_ERROR');
      return Object.keys(reply.body.error.details);
    };
    expect(await refusedFor({ name: 'A', category_id: NOWHERE, price: usd(1) })).to.deep.equal(['category_id']);
    expect(await refusedFor({ name: 'A', category_id })).to.deep.equal(['price']);
    expect(await refusedFor({ name: 'A', category_id, variants: [] })).to.deep.equal(['variants']);
    const both = { name: 'A', category_id, price: usd(1), variants: [{ price: usd(1) }] };
    expect(await refusedFor(both)).to.deep.equal(['variants']);
    expect(await refusedFor({})).to.have.members(['name', 'category_id']);
    expect(await refusedFor({ name: 'x'.repeat(256), category_id, price: usd(1) })).to.deep.equal(['name']);
    expect(outcome(await admin.post('/products', { name: 'x'.repeat(255), category_id, price: usd(1) }))).to.equal(
      '201',
    );
  });

  it('is changed in part, and the rest stays', async shop => {
    const admin = await shop.admin();
    const before = await shop.product({ vendor: 'Marrowby', tags: ['rope'], description: '<p>Strong</p>' });
    const changed = await admin.patch<Product>(`/products/${before.id}`, { name: 'Leash', price: usd(1), stock: 3 });
    expect(changed.status).to.equal(200);
    expect(changed.body.data).to.deep.include({
      name: 'Leash',
      slug: before.slug,
      vendor: 'Marrowby',
      tags: ['rope'],
      description: '<p>Strong</p>',
      price: usd(1),
    });
    expect(changed.body.data.version).to.be.above(before.version);
    expect(changed.body.data.variants[0]).to.include({ id: before.variants[0]!.id, available: 3 });
    expect(outcome(await admin.patch(`/products/${before.id}`, {}))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await admin.patch(`/products/${NOWHERE}`, { name: 'A' }))).to.equal('404 NOT_FOUND');
  });

  it('is said anew with PUT: what is left out is empty, and variants are known by their SKU', async shop => {
    const admin = await shop.admin();
    const [small, large] = [fresh('SMALL'), fresh('LARGE')];
    const before = await shop.product({
      vendor: 'Marrowby',
      tags: ['rope'],
      variants: [
        { sku: small, price: usd(100), stock: 5 },
        { sku: fresh('MEDIUM'), price: usd(150), stock: 5 },
      ],
    });
    const { category_id } = before;
    const replaced = await admin.put<Product>(`/products/${before.id}`, {
      name: 'Leash',
      category_id,
      variants: [
        { sku: large, price: usd(200), stock: 2 },
        { sku: small, price: usd(110) },
      ],
    });
    const after = dataOf(replaced);
    expect(after).to.deep.include({ id: before.id, name: 'Leash', vendor: '', tags: [] });
    const bySku = new Map(after.variants.map(variant => [variant.sku, variant]));
    expect([...bySku.keys()]).to.have.members([small, large]);
    expect(bySku.get(small)).to.deep.include({ id: before.variants[0]!.id, price: usd(110), available: 5 });
    expect(bySku.get(large)).to.deep.include({ price: usd(200), available: 2 });
    expect(replaced.headers.etag).to.equal(`"${after.version}"`);
    expect(outcome(await admin.put(`/products/${before.id}`, { name: 'Leash' }))).to.equal('400 VALIDATION_ERROR');
  });

  it('may be given other variants with PATCH, too', async shop => {
    const admin = await shop.admin();
    const before = await shop.product({ vendor: 'Marrowby', sku: fresh('OLD') });
    const variants = [
      { sku: before.variants[0]!.sku, price: usd(5) },
      { price: usd(7), options: { Size: 'L' } },
    ];
    const after = dataOf(await admin.patch<Product>(`/products/${before.id}`, { variants }));
    expect(after.vendor).to.equal('Marrowby');
    expect(after.variants.map(({ price }) => price.amount)).to.have.members([5, 7]);
    const both = await admin.patch(`/products/${before.id}`, { variants, price: usd(1) });
    expect(outcome(both)).to.equal('400 VALIDATION_ERROR');
  });

  it('that has several variants is not priced as one', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product({ variants: [{ price: usd(1) }, { price: usd(2) }] });
    for (const change of [{ price: usd(3) }, { stock: 3 }, { sku: fresh('ONE') }])
      expect(outcome(await admin.patch(`/products/${id}`, change))).to.equal('422 RULE_VIOLATION');
  });

  it('that is deleted is gone from the shop, but not from its orders', async shop => {
    const [admin, customer] = [await shop.admin(), await shop.customer()];
    const { id, slug, variants, category_id: shelf } = await shop.product();
    const { order_id: order } = await bought(customer, variants[0]!.id);
    expect(outcome(await admin.delete(`/products/${id}`))).to.equal('204');
    for (const path of [`/products/${id}`, `/products/slug/${slug}`, `/products/${id}/variants`])
      for (const caller of [shop.anonymous, admin])
        expect(outcome(await caller.get(path)), path).to.equal('404 NOT_FOUND');
    const listed = dataOf(await shop.anonymous.get<Product[]>(`/products?category=${shelf}&limit=100`));
    expect(listed.map(product => product.id)).not.to.include(id);
    for (const reply of [
      await admin.delete(`/products/${id}`),
      await admin.patch(`/products/${id}`, { name: 'Back' }),
      await admin.patch(`/admin/products/${id}`, { stock_qty: 1 }),
      await admin.patch(`/variants/${variants[0]!.id}`, { price: usd(1) }),
    ])
      expect(outcome(reply)).to.equal('404 NOT_FOUND');
    expect(dataOf(await customer.get<Order>(`/orders/${order}`)).items[0]).to.include({ sku: variants[0]!.sku });
  });

  it('that is a draft is seen by staff alone', async shop => {
    const [staff, customer] = [await shop.staff(), await shop.customer()];
    const { id, slug } = await shop.product({ status: 'draft' });
    for (const path of [`/products/${id}`, `/products/slug/${slug}`, `/products/${id}/variants`]) {
      expect(outcome(await staff.get(path)), path).to.equal('200');
      for (const caller of [shop.anonymous, customer])
        expect(outcome(await caller.get(path)), path).to.equal('404 NOT_FOUND');
    }
    await staff.patch(`/products/${id}`, { status: 'active' });
    expect(outcome(await shop.anonymous.get(`/products/${id}`))).to.equal('200');
  });
});
