import { expect } from 'chai';
import { type Api, outcome } from './api.ts';
import type { Reply } from './client.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import type { Shop } from './shop.ts';

const nameOf = ({ name }: Product) => name;

/** A shelf with so many products, "Bowl 01" the first. */
async function shelfOf(shop: Shop, count: number): Promise<string> {
  const { id } = await shop.category();
  for (let n = 1; n <= count; n += 1)
    await shop.product({
      category_id: id,
      name: `Bowl ${String(n).padStart(2, '0')}`,
      price: { amount: 100, currency: 'USD' },
    });
  return id;
}

/** Follows `links.next` to the end. */
async function pagesFrom<Item>(shop: Shop, caller: Api, path: string): Promise<Reply<Item[]>[]> {
  const pages = [await caller.get<Item[]>(path)];
  for (let next = pages[0]!.body.links['next']; next; next = pages.at(-1)!.body.links['next']) {
    if (pages.length > 20) throw new Error('These pages have no end.');
    pages.push(await shop.root.with(caller.headers).get<Item[]>(next));
  }
  return pages;
}

export const listsSuite = shopSuite('A list', it => {
  it('has next pages that are complete and repeat nothing, even where all sort alike', async shop => {
    const shelf = await shelfOf(shop, 7);
    for (const sort of ['newest', 'price', '-price', 'name']) {
      const pages = await pagesFrom<Product>(shop, shop.anonymous, `/products?category=${shelf}&sort=${sort}&limit=3`);
      expect(
        pages.map(({ body }) => body.data.length),
        sort,
      ).to.deep.equal([3, 3, 1]);
      const names = pages.flatMap(({ body }) => body.data.map(nameOf));
      expect(names.toSorted(), sort).to.deep.equal([1, 2, 3, 4, 5, 6, 7].map(n => `Bowl 0${n}`));
      expect(pages.map(({ body }) => body.meta)).to.deep.equal([
        { has_next: true, limit: 3 },
        { has_next: true, limit: 3 },
        { has_next: false, limit: 3 },
      ]);
      expect(pages.at(-1)!.body.links).not.to.have.property('next');
    }
  });

  it('does not lose its place when something is added in front of it', async shop => {
    const shelf = await shelfOf(shop, 4);
    const first = await shop.anonymous.get<Product[]>(`/products?category=${shelf}&sort=newest&limit=2`);
    await shop.product({ category_id: shelf, name: 'Bowl 05' });
    const second = await shop.root.get<Product[]>(first.body.links['next']!);
    expect(second.body.data.map(nameOf)).to.deep.equal(['Bowl 02', 'Bowl 01']);
  });

  it('says the same links in its body and in the Link header', async shop => {
    const shelf = await shelfOf(shop, 2);
    const path = `/api/v1/products?category=${shelf}&limit=1`;
    const { body, headers } = await shop.root.get(path);
    const { self, next } = body.links;
    expect(self).to.equal(path);
    expect(headers.link).to.equal(`<${self}>; rel="self", <${next}>; rel="next"`);
    const last = await shop.root.get(next!);
    expect(last.headers.link).to.equal(`<${next}>; rel="self"`);
  });

  it('can be read by page numbers instead, which also tells the total', async shop => {
    const shelf = await shelfOf(shop, 5);
    const pages = await pagesFrom<Product>(
      shop,
      shop.anonymous,
      `/products?category=${shelf}&sort=name&limit=2&page=1`,
    );
    expect(pages.map(({ body }) => body.meta)).to.deep.equal([
      { has_next: true, limit: 2, page: 1, total: 5 },
      { has_next: true, limit: 2, page: 2, total: 5 },
      { has_next: false, limit: 2, page: 3, total: 5 },
    ]);
    const names = pages.flatMap(({ body }) => body.data.map(nameOf));
    expect(names).to.deep.equal([1, 2, 3, 4, 5].map(n => `Bowl 0${n}`));
    const beyond = await shop.anonymous.get<Product[]>(`/products?category=${shelf}&limit=2&page=4`);
    expect(beyond.body.data).to.deep.equal([]);
    expect(beyond.body.meta).to.deep.equal({ has_next: false, limit: 2, page: 4, total: 5 });
  });

  it('has 20 to a page unless told otherwise, and 100 at the most', async shop => {
    const limitOf = async (query: string) => (await shop.anonymous.get(`/products${query}`)).body.meta['limit'];
    expect(await limitOf('')).to.equal(20);
    expect(await limitOf('?limit=1')).to.equal(1);
    expect(await limitOf('?limit=100')).to.equal(100);
    for (const query of ['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=ten', 'limit=', 'page=0', 'page=501'])
      expect(outcome(await shop.anonymous.get(`/products?${query}`)), query).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await shop.anonymous.get('/products?page=500'))).to.equal('200');
  });

  it('refuses a cursor that somebody has touched', async shop => {
    const shelf = await shelfOf(shop, 2);
    const { body } = await shop.anonymous.get(`/products?category=${shelf}&limit=1`);
    const cursor = new URL(body.links['next']!, 'http://shop').searchParams.get('cursor')!;
    const flipped = (at: number) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const stretched = [`${cursor}A`, `${cursor}=`, `${cursor}!`, cursor.slice(0, -1), cursor.slice(1)];
    const forged = [
      '',
      'x',
      'not-a-cursor',
      ...stretched,
      ...Array.from({ length: cursor.length }, (_, at) => flipped(at)),
      Buffer.from('["2026-01-01T00:00:00.000Z","00000000-0000-7000-8000-000000000000"]').toString('base64url'),
    ];
    for (const text of forged) {
      const reply = await shop.anonymous.get(`/products?limit=1&cursor=${encodeURIComponent(text)}`);
      expect(outcome(reply), text).to.equal('400 VALIDATION_ERROR');
      expect(reply.body.error.details, text).to.have.all.keys('cursor');
    }
  });

  it('refuses the cursor of another list, and of itself in another order', async shop => {
    const shelf = await shelfOf(shop, 2);
    const admin = await shop.admin();
    const { body } = await admin.get(`/products?category=${shelf}&limit=1&sort=name`);
    const cursor = new URL(body.links['next']!, 'http://shop').searchParams.get('cursor')!;
    for (const path of [
      '/products?sort=price',
      '/admin/orders?',
      '/orders?',
      '/admin/users?',
      '/admin/inventory?',
      '/admin/inventory/low-stock?',
    ])
      expect(outcome(await admin.get(`${path}&cursor=${cursor}`)), path).to.equal('400 VALIDATION_ERROR');
  });

  it('takes a cursor or a page number, not both', async shop => {
    const shelf = await shelfOf(shop, 2);
    const { body } = await shop.anonymous.get(`/products?category=${shelf}&limit=1`);
    const both = await shop.root.get(`${body.links['next']}&page=1`);
    expect(outcome(both)).to.equal('400 VALIDATION_ERROR');
  });

  it('of staff turns its pages just the same', async shop => {
    const admin = await shop.admin();
    const shelf = await shelfOf(shop, 3);
    const { body } = await admin.get<Product[]>(`/products?category=${shelf}`);
    const variant = body.data[0]!.variants[0]!.id;
    for (const delta of [1, 2, 3])
      await admin.post(`/admin/inventory/${variant}/adjustments`, { delta, reason: 'found' });
    for (const path of ['/admin/users', '/admin/inventory', `/admin/inventory/${variant}/ledger`]) {
      const pages = await pagesFrom<{ id?: string; variant_id?: string }>(shop, admin, `${path}?limit=100`);
      const ids = pages.flatMap(page => page.body.data.map(({ id, variant_id: other }) => id ?? other));
      expect(ids, path).to.have.length.above(0);
      expect(new Set(ids), path).to.have.property('size', ids.length);
      const counted = await admin.get(`${path}?limit=1&page=1`);
      expect(counted.body.meta['total'], path).to.equal(ids.length);
    }
  });
});
