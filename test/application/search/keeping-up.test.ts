import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import type { SearchCriteria, SearchIndex } from '../../../application/ports/search-index.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { IndexedCatalog } from '../../../application/search/indexed-catalog.ts';
import { NoteSearchChanges } from '../../../application/search/note-search-changes.ts';
import { ReindexSearch } from '../../../application/search/reindex-search.ts';
import { VerifySearch } from '../../../application/search/verify-search.ts';
import { RelayEvents } from '../../../application/workers/relay-events.ts';
import { SyncSearch } from '../../../application/workers/sync-search.ts';
import type { Product } from '../../../domain/catalog/product.ts';
import { ACT, NOON } from '../../support/builders.ts';
import { addCategory, addProduct } from '../../support/stocking.ts';

const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const ANY: SearchCriteria = { text: '', language: 'english', sort: 'name' };

function aShop() {
  let now = NOON.getTime();
  const clock = { now: () => new Date(now) };
  const store = createInMemoryStore({ clock });
  const { unitOfWork, catalog, searchIndex } = store;
  let away = false;
  let asked = 0;
  const orAway = async <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
    asked += 1;
    if (away) throw new Unavailable('The index is away.');
    return answer();
  };
  const index: SearchIndex = {
    search: (...given) => orAway(() => searchIndex.search(...given)),
    write: entries => orAway(() => searchIndex.write(entries)),
    documents: () => searchIndex.documents(),
    rebuild: batches => orAway(() => searchIndex.rebuild(batches)),
    ping: () => orAway(() => searchIndex.ping()),
  };
  const relay = new RelayEvents({ unitOfWork, consumers: [new NoteSearchChanges()], messengers: [], logger });
  const sync = new SyncSearch({ unitOfWork, catalog, index });
  const run = unitOfWork.run.bind(unitOfWork);
  return {
    store,
    index,
    run,
    relay,
    sync,
    window: new IndexedCatalog({ catalog, index, language: 'english', clock, logger }),
    reindex: new ReindexSearch({ unitOfWork, catalog, index }),
    verify: () => new VerifySearch({ catalog, index, sha256 }).execute(),
    wait: (seconds: number) => void (now += seconds * 1000),
    leave: (is: boolean) => void (away = is),
    asked: () => asked,
    add: async (name: string): Promise<Product> => {
      const product = await addProduct(run, { name });
      await run(({ outbox }) => outbox.add([product.updated()]));
      return product;
    },
    change: async (product: Product, name: string) => {
      product.change({ name }, ACT);
      await run(async ({ products, outbox }) => {
        await products.save([product]);
        await outbox.add([product.updated()]);
      });
    },
    /** All that can be found, by name. */
    known: async () => {
      const names: string[] = [];
      for await (const { name } of searchIndex.documents()) names.push(name);
      return names;
    },
  };
}

describe('The search index', () => {
  it('is told of a product once, however many events there were', async () => {
    const shop = aShop();
    const product = await shop.add('Leash');
    await shop.change(product, 'Lead');
    await shop.change(product, 'Strap');
    expect(await shop.sync.tick()).to.equal(0);
    await shop.relay.tick();
    expect(await shop.sync.tick()).to.equal(1);
    expect(await shop.known()).to.deep.equal(['Strap']);
    expect(await shop.sync.tick()).to.equal(0);
  });

  it('is told later of all that happened while it was away, and no event fails for it', async () => {
    const shop = aShop();
    await shop.add('Leash');
    shop.leave(true);
    expect(await shop.relay.tick()).to.equal(1);
    expect(await shop.sync.tick().catch((error: Error) => error.name)).to.equal('Unavailable');
    shop.leave(false);
    shop.wait(31);
    await shop.sync.tick();
    expect(await shop.known()).to.deep.equal(['Leash']);
  });

  it('loses nothing that changes while it is rebuilt', async () => {
    const shop = aShop();
    const leash = await shop.add('Leash');
    const { catalog } = shop.store;
    const slow = {
      search: catalog.search.bind(catalog),
      product: catalog.product.bind(catalog),
      products: catalog.products.bind(catalog),
      categories: catalog.categories.bind(catalog),
      async *all() {
        yield* catalog.all();
        await shop.change(leash, 'Lead');
        await shop.relay.tick();
        await shop.sync.tick();
      },
    };
    const seen: number[] = [];
    const ports = { unitOfWork: shop.store.unitOfWork, catalog: slow, index: shop.index };
    expect(await new ReindexSearch(ports).execute({ onProgress: products => seen.push(products) })).to.equal(1);
    expect(await shop.known()).to.deep.equal(['Leash']);
    await shop.sync.tick();
    expect(await shop.known()).to.deep.equal(['Lead']);
  });

  it('is compared with the shop, and the products that differ are named', async () => {
    const shop = aShop();
    const [same, changed, missing] = [await shop.add('Same'), await shop.add('Old'), await shop.add('Missing')];
    await shop.reindex.execute({ onProgress: () => {} });
    expect(await shop.verify()).to.deep.equal({ products: 3, differences: [] });
    await shop.change(changed, 'New');
    const [id, extra] = [missing.snapshot().id, await addProduct(shop.run, { name: 'Draft', status: 'draft' })];
    await shop.index.write([{ id, version: 1, document: null }]);
    for await (const document of shop.index.documents())
      if (document.id === same.snapshot().id)
        await shop.index.write([
          { id: extra.snapshot().id, version: 1, document: { ...document, id: extra.snapshot().id } },
        ]);
    expect((await shop.verify()).differences).to.have.deep.members([
      { id: changed.snapshot().id, problem: 'differs' },
      { id, problem: 'is missing in the index' },
      { id: extra.snapshot().id, problem: 'is in the index, but not in the shop' },
    ]);
  });

  it('has the store search in its place for a while after it did not answer', async () => {
    const shop = aShop();
    await shop.add('Leash');
    await shop.reindex.execute({ onProgress: () => {} });
    const found = async (text: string) =>
      (await shop.window.search({ text, sort: 'name' }, { limit: 9 })).items.map(({ name }) => name);
    expect(await found('leesh')).to.deep.equal(['Leash']);
    shop.leave(true);
    expect(await found('leash')).to.deep.equal(['Leash']);
    shop.leave(false);
    const before = shop.asked();
    expect(await found('leash')).to.deep.equal(['Leash']);
    expect(shop.asked()).to.equal(before);
    shop.wait(6);
    expect(await found('leesh')).to.deep.equal(['Leash']);
  });

  it('finds what is new in the shop before it knows of it, and what lies below a category', async () => {
    const shop = aShop();
    const top = (await addCategory(shop.run, { name: 'Top' })).snapshot().id;
    const below = (await addCategory(shop.run, { name: 'Below', parentId: top })).snapshot().id;
    await addProduct(shop.run, { name: 'Leash', categoryId: below });
    const page = () =>
      shop.window.search({ text: 'leash', sort: 'name', category: top, facets: ['category'] }, { limit: 9 });
    const fresh = await page();
    expect(fresh.items.map(({ name }) => name)).to.deep.equal(['Leash']);
    await shop.reindex.execute({ onProgress: () => {} });
    expect((await shop.index.search(ANY, { limit: 1 })).items).to.have.length(1);
    expect(await page()).to.deep.equal(fresh);
  });
});
