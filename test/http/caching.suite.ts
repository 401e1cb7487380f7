import { expect } from 'chai';
import { outcome } from './api.ts';
import { bought, cancel } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import { fresh } from './shop.ts';

const PUBLIC = 'public, max-age=60, stale-while-revalidate=300';
const PRIVATE = 'private, no-store';

export const cachingSuite = shopSuite('A cache', it => {
  it('may keep what everybody sees', async shop => {
    const { id, slug, category_id: shelf } = await shop.product();
    for (const path of [
      '/products',
      `/products/${id}`,
      `/products/slug/${slug}`,
      `/products/${id}/variants`,
      '/categories',
      `/categories/${shelf}`,
    ]) {
      const { headers } = await shop.anonymous.get(path);
      expect(headers['cache-control'], path).to.equal(PUBLIC);
      expect(headers.vary, path).to.include('Authorization');
      expect(headers.etag, path).to.match(/^(W\/)?".+"$/);
      const again = await shop.anonymous.get(path, { 'If-None-Match': headers.etag });
      expect(again.status, path).to.equal(304);
      expect(again.text, path).to.equal('');
      expect(again.headers['cache-control'], path).to.equal(PUBLIC);
      expect(again.headers.etag, path).to.equal(headers.etag);
      expect((await shop.anonymous.get(path, { 'If-None-Match': '"something else"' })).status, path).to.equal(200);
    }
  });

  it('keeps nothing that is personal', async shop => {
    const { api, tokens } = await shop.account();
    const { order_id: order } = await bought(api, await shop.variant());
    const admin = await shop.admin();
    const replies = [
      await api.get('/users/me'),
      await api.get('/users/me/addresses'),
      await api.get('/carts/me'),
      await api.get('/orders'),
      await api.get(`/orders/${order}`),
      await api.get('/products'),
      await cancel(api, `/orders/${order}`),
      await admin.get('/admin/orders'),
      await shop.anonymous.post('/carts'),
      await shop.anonymous.post('/auth/refresh', { refresh_token: tokens.refresh_token }),
    ];
    for (const { status, headers, text } of replies) {
      expect(status, text).to.be.within(200, 299);
      expect(headers['cache-control'], text).to.equal(PRIVATE);
    }
    const refused = await shop.anonymous.get('/users/me');
    expect(refused.headers['cache-control']).to.include('no-store');
  });

  it('does not hide a sale, nor what comes back of it', async shop => {
    const product = await shop.product({ stock: 1 });
    const paths = [`/products/${product.id}`, `/products/${product.id}/variants`, '/products?limit=5'];
    const tags = () => Promise.all(paths.map(async path => (await shop.anonymous.get(path)).headers.etag!));
    const stillGood = async (known: readonly string[]) =>
      Promise.all(
        paths.map(async (path, n) => (await shop.anonymous.get(path, { 'If-None-Match': known[n] })).status === 304),
      );
    const before = await tags();
    expect(await stillGood(before)).to.deep.equal([true, true, true]);
    const customer = await shop.customer();
    const { order_id: order } = await bought(customer, product.variants[0]!.id);
    expect(await stillGood(before)).to.deep.equal([false, false, false]);
    const sold = await shop.anonymous.get<Product>(paths[0]!);
    expect(sold.body.data.variants[0]).to.include({ available: 0, in_stock: false });
    const after = await tags();
    expect(outcome(await cancel(customer, `/orders/${order}`))).to.equal('200');
    expect(await stillGood(after)).to.deep.equal([false, false, false]);
  });

  it('never sees what only staff may see', async shop => {
    const { id, slug } = await shop.product({ stock: 7 });
    const staff = await shop.staff();
    const customer = await shop.customer();
    for (const path of [`/products/${id}`, `/products/slug/${slug}`]) {
      const seen = await staff.get<Product>(path);
      expect(seen.body.data.admin_data, path).to.deep.include({ status: 'active' });
      expect(seen.body.data.admin_data!.stock[0], path).to.include({ on_hand: 7, reserved: 0 });
      expect(seen.headers['cache-control'], path).to.equal(PRIVATE);
      expect(seen.headers.vary, path).to.include('Authorization');
      for (const caller of [customer, shop.anonymous])
        expect((await caller.get<Product>(path)).body.data, path).not.to.have.property('admin_data');
    }
    for (const caller of [staff, shop.anonymous])
      for (const product of (await caller.get<Product[]>('/products')).body.data)
        expect(product).not.to.have.property('admin_data');
  });

  it('shows staff their stock as it is, whatever tag they know', async shop => {
    const { id, variants } = await shop.product({ stock: 5 });
    const staff = await shop.staff();
    const { etag } = (await staff.get(`/products/${id}`)).headers;
    await bought(await shop.customer(), variants[0]!.id, { quantity: 2 });
    const again = await staff.get<Product>(`/products/${id}`, { 'If-None-Match': etag });
    expect(again.status).to.equal(200);
    expect(again.body.data.admin_data!.stock[0]).to.include({ on_hand: 3 });
  });

  it('that knows a tag does not get at what has gone since', async shop => {
    const { id } = await shop.product({ name: fresh('Gone') });
    const { etag } = (await shop.anonymous.get(`/products/${id}`)).headers;
    const admin = await shop.admin();
    await admin.delete(`/products/${id}`);
    expect(outcome(await shop.anonymous.get(`/products/${id}`, { 'If-None-Match': etag }))).to.equal('404 NOT_FOUND');
  });
});
