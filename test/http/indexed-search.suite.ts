import { expect } from 'chai';
import { RelayEvents } from '../../application/workers/relay-events.ts';
import { SyncSearch } from '../../application/workers/sync-search.ts';
import { ElasticServer } from '../support/elastic-server.ts';
import { dataOf } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Product } from './shapes.ts';
import { type Shop, usd } from './shop.ts';

/** What the workers do within a second, done at once. */
async function tellIndex({ app }: Shop): Promise<void> {
  while ((await app.container.get(RelayEvents).tick()) > 0);
  while ((await app.container.get(SyncSearch).tick()) > 0);
}

const named = async (shop: Shop, query: string): Promise<string[]> =>
  dataOf(await shop.anonymous.get<Product[]>(`/products?${query}`)).map(({ name }) => name);

async function pets(shop: Shop) {
  const leash = await shop.product({ name: 'Walking Leash', tags: ['rope'], stock: 1 });
  const collar = await shop.product({ name: 'Collar', price: usd(900) });
  await shop.product({ name: 'Rope', price: usd(500) });
  await tellIndex(shop);
  return { leash, collar };
}

export const indexedSearchSuite = shopSuite('A search by the index', it => {
  it('knows stems, typos and ranks, and shows products as they are now', async (_shop, street) => {
    const shop = await street.another({});
    const { collar } = await pets(shop);
    expect(await named(shop, 'q=leashes')).to.deep.equal(['Walking Leash']);
    expect(await named(shop, 'q=colar')).to.deep.equal(['Collar']);
    expect(await named(shop, 'q=rope&sort=relevance')).to.deep.equal(['Rope', 'Walking Leash']);
    const { body } = await shop.anonymous.get<Product[]>(
      '/products?q=rope&sort=relevance&limit=1&facets=category,price',
    );
    expect(body.meta['facets']).to.have.property('price').that.deep.equals({ min: 500, max: 2999 });
    expect(body.meta['facets']).to.have.property('category').that.has.length(1);
    const second = await shop.anonymous.get<Product[]>(body.links['next']!.replace('/api/v1', ''));
    expect(dataOf(second).map(({ name }) => name)).to.deep.equal(['Walking Leash']);
    const admin = await shop.admin();
    dataOf(await admin.patch(`/products/${collar.id}`, { price: usd(1100) }));
    const [shown] = dataOf(await shop.anonymous.get<Product[]>('/products?q=colar'));
    expect(shown?.variants[0]?.price.amount).to.equal(1100);
  });

  it('follows changes, sales and departures', async (_shop, street) => {
    const shop = await street.another({});
    const { leash, collar } = await pets(shop);
    const admin = await shop.admin();
    expect(await named(shop, 'q=leash&in_stock=true')).to.deep.equal(['Walking Leash']);
    await bought(await shop.customer(), leash.variants[0]!.id, { quantity: 1 });
    expect(await named(shop, 'q=leash&in_stock=true')).to.deep.equal([]);
    await tellIndex(shop);
    expect(await named(shop, 'q=leash&in_stock=false')).to.deep.equal(['Walking Leash']);
    dataOf(await admin.patch(`/products/${collar.id}`, { name: 'Necklace' }));
    await tellIndex(shop);
    expect(await named(shop, 'q=necklaces')).to.deep.equal(['Necklace']);
    await admin.delete(`/products/${collar.id}`);
    expect(await named(shop, 'q=necklaces')).to.deep.equal([]);
    await tellIndex(shop);
    expect(await named(shop, 'q=necklace')).to.deep.equal([]);
  });

  it('goes to an Elasticsearch where one is set up, and on without it while it is away', async (_shop, street) => {
    const server = await new ElasticServer().start();
    const shop = await street.another({ environment: { SEARCH_URL: server.url, SEARCH_TIMEOUT_MS: '200' } });
    await pets(shop);
    const health = async () => (await shop.root.get('/health')).body;
    expect(await health()).to.include({ status: 'ok', search: 'up' });
    expect(await named(shop, 'q=colar')).to.deep.equal(['Collar']);
    server.trouble = (_request, response) => void response.destroy();
    expect(await health()).to.include({ status: 'degraded', search: 'down' });
    expect(await named(shop, 'q=colar')).to.deep.equal([]);
    expect(await named(shop, 'q=collar')).to.deep.equal(['Collar']);
    const before = server.asked;
    expect(await named(shop, 'q=rope&sort=price')).to.deep.equal(['Rope', 'Walking Leash']);
    expect(server.asked, 'nobody waits for it again at once').to.equal(before);
    await shop.close();
    await server.close();
  });
});
