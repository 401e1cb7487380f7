import { expect } from 'chai';
import type { OutgoingHttpHeaders } from 'node:http';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, putIntoCart } from './buying.ts';
import type { Reply } from './client.ts';
import { shopSuite, type ShopTest } from './harness.ts';
import type { Order, Product, SavedAddress, StockRow } from './shapes.ts';
import { ADDRESS, fresh, type Shop, usd } from './shop.ts';

const STALE = '412 PRECONDITION_FAILED';

/** A thing at version 1 or later, its current version, and one way to change it. */
interface Changeable {
  readonly version: number;
  readonly change: (headers: OutgoingHttpHeaders) => Promise<Reply>;
}

type Make = (shop: Shop, admin: Api) => Promise<Changeable>;

const CHANGES: Readonly<Record<string, Make>> = {
  'PUT of a product': async (shop, admin) => {
    const { id, name, category_id, version } = await shop.product();
    const whole = { name, category_id, price: usd(100) };
    return { version, change: headers => admin.put(`/products/${id}`, whole, headers) };
  },
  'PATCH of a product': async (shop, admin) => {
    const { id, version } = await shop.product();
    return { version, change: headers => admin.patch(`/products/${id}`, { vendor: 'Marrowby' }, headers) };
  },
  'DELETE of a product': async (shop, admin) => {
    const { id, version } = await shop.product();
    return { version, change: headers => admin.delete(`/products/${id}`, headers) };
  },
  'PATCH of a variant': async (shop, admin) => {
    const { id, version } = (await shop.product()).variants[0]!;
    return { version, change: headers => admin.patch(`/variants/${id}`, { price: usd(100) }, headers) };
  },
  'DELETE of a variant': async (shop, admin) => {
    const { variants } = await shop.product({ variants: [{ price: usd(1) }, { price: usd(2) }] });
    const { id, version } = variants[0]!;
    return { version, change: headers => admin.delete(`/variants/${id}`, headers) };
  },
  'PATCH of a category': async (shop, admin) => {
    const { id, version } = await shop.category();
    return { version, change: headers => admin.patch(`/categories/${id}`, { name: fresh('Shelf') }, headers) };
  },
  'DELETE of a category': async (shop, admin) => {
    const { id, version } = await shop.category();
    return { version, change: headers => admin.delete(`/categories/${id}`, headers) };
  },
  'PATCH of an address': async shop => {
    const customer = await shop.customer();
    const { id, version } = dataOf(await customer.post<SavedAddress>('/users/me/addresses', ADDRESS));
    return { version, change: headers => customer.patch(`/users/me/addresses/${id}`, { city: 'Porto' }, headers) };
  },
  'DELETE of an address': async shop => {
    const customer = await shop.customer();
    const { id, version } = dataOf(await customer.post<SavedAddress>('/users/me/addresses', ADDRESS));
    return { version, change: headers => customer.delete(`/users/me/addresses/${id}`, headers) };
  },
  'POST of a line into a cart': async shop => {
    const [guest, variant_id] = [await shop.guest(), await shop.variant()];
    const { version } = await putIntoCart(guest, variant_id);
    return { version, change: headers => guest.post('/carts/me/items', { variant_id, quantity: 1 }, headers) };
  },
  'PATCH of a line of a cart': async shop => {
    const [guest, variant] = [await shop.guest(), await shop.variant()];
    const { version } = await putIntoCart(guest, variant);
    return { version, change: headers => guest.patch(`/carts/me/items/${variant}`, { quantity: 3 }, headers) };
  },
  'DELETE of a line of a cart': async shop => {
    const [customer, variant] = [await shop.customer(), await shop.variant()];
    const { version } = await putIntoCart(customer, variant);
    return { version, change: headers => customer.delete(`/carts/me/items/${variant}`, headers) };
  },
  'DELETE of a cart’s lines': async shop => {
    const guest = await shop.guest();
    const { version } = await putIntoCart(guest, await shop.variant());
    return { version, change: headers => guest.delete('/carts/me', headers) };
  },
  'PATCH of a stock item': async (shop, admin) => {
    const id = await shop.variant();
    const { version } = dataOf(await admin.patch<StockRow>(`/admin/inventory/${id}`, { stock_qty: 8 }));
    return { version, change: headers => admin.patch(`/admin/inventory/${id}`, { stock_qty: 9 }, headers) };
  },
  'PATCH of the stock of a product': async (shop, admin) => {
    const { id } = await shop.product();
    const { version } = dataOf(await admin.patch<StockRow>(`/admin/products/${id}`, { stock_qty: 8 }));
    return { version, change: headers => admin.patch(`/admin/products/${id}`, { stock_qty: 9 }, headers) };
  },
  'adjustment of a stock item': async (shop, admin) => {
    const id = await shop.variant();
    const path = `/admin/inventory/${id}/adjustments`;
    const { version } = dataOf(await admin.post<StockRow>(path, { delta: 1, reason: 'found' }));
    return { version, change: headers => admin.post(path, { delta: 1, reason: 'found' }, headers) };
  },
  'shipping of an order': async (shop, admin) => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant());
    const { version } = dataOf(await customer.get<Order>(`/orders/${id}`));
    return { version, change: headers => admin.post(`/admin/orders/${id}/ship`, {}, headers) };
  },
  'cancelling of an order': async shop => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant());
    const { version } = dataOf(await customer.get<Order>(`/orders/${id}`));
    const key = { 'Idempotency-Key': fresh('cancel') };
    return { version, change: headers => customer.post(`/orders/${id}/cancel`, undefined, { ...key, ...headers }) };
  },
};

function ofChanges(it: ShopTest): void {
  for (const [title, make] of Object.entries(CHANGES))
    it(`lets the ${title} through only for who has seen the current one`, async shop => {
      const { version, change } = await make(shop, await shop.admin());
      const stale = await change({ 'If-Match': `"${version - 1}"` });
      expect(outcome(stale)).to.equal(STALE);
      expect(stale.body.error.details).to.deep.equal({ current_version: version });
      expect(outcome(await change({ 'If-Match': `"${version + 1}"` }))).to.equal(STALE);
      expect((await change({ 'If-Match': `"${version}"` })).status).to.be.oneOf([200, 201, 204]);
    });
}

export const versionsSuite = shopSuite('A version', it => {
  ofChanges(it);

  it('is the ETag of what is read by itself, and counts every change', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product();
    const read = () => admin.get<Product>(`/products/${id}`);
    expect((await read()).headers.etag).to.equal('"1"');
    await admin.patch(`/products/${id}`, { vendor: 'Marrowby' });
    const { headers, body } = await read();
    expect(headers.etag).to.equal('"2"');
    expect(body.data.version).to.equal(2);
    const customer = await shop.customer();
    const { version } = await putIntoCart(customer, id && (await shop.variant()));
    expect((await customer.get('/carts/me')).headers.etag).to.equal(`"${version}"`);
    const { order_id: order } = await bought(customer, await shop.variant());
    const { headers: ofOrder, body: sold } = await customer.get<Order>(`/orders/${order}`);
    expect(ofOrder.etag).to.equal(`"${sold.data.version}"`);
  });

  it('may be sent back just as the public catalogue gave it', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product();
    const { headers } = await shop.anonymous.get(`/products/${id}`);
    const change = () => admin.patch(`/products/${id}`, { vendor: 'Marrowby' }, { 'If-Match': headers.etag });
    expect(outcome(await change())).to.equal('200');
    expect(outcome(await change())).to.equal(STALE);
  });

  it('is not asked for by a star or by silence, and is never current when it is not one of ours', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product();
    const change = (headers: OutgoingHttpHeaders) => admin.patch(`/products/${id}`, { vendor: 'Marrowby' }, headers);
    expect(outcome(await change({}))).to.equal('200');
    expect(outcome(await change({ 'If-Match': '*' }))).to.equal('200');
    for (const foreign of ['"three"', '"-1"', '"0"'])
      expect(outcome(await change({ 'If-Match': foreign })), foreign).to.equal(STALE);
    for (const garbled of ['3', 'version 3', '"a" "b"'])
      expect(outcome(await change({ 'If-Match': garbled })), garbled).to.equal('400 VALIDATION_ERROR');
  });

  it('lets one of many through who have all seen the same', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.product();
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        admin.patch(`/products/${id}`, { vendor: `Vendor ${n}` }, { 'If-Match': '"1"' }),
      ),
    );
    expect(replies.map(outcome).toSorted()).to.deep.equal(['200', ...Array<string>(9).fill(STALE)]);
    expect((await admin.get<Product>(`/products/${id}`)).body.data.version).to.equal(2);
  });
});
