import { expect } from 'chai';

import type { ProductCriteria, ProductPage, ProductSort } from '../../application/ports/catalog-queries.ts';
import type { PageRequest } from '../../application/ports/paging.ts';
import type { Store } from '../../application/ports/store.ts';
import { Sku } from '../../domain/catalog/sku.ts';
import { CategoryId } from '../../domain/shared/ids.ts';
import { ACT, actAt, aVariant, nextId, usd } from '../support/builders.ts';
import { allPages } from '../support/pages.ts';
import { addCategory, addProduct, addReservedOrder, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const search = (
  store: Store,
  criteria: Partial<ProductCriteria> = {},
  page: PageRequest = { limit: 100 },
): Promise<ProductPage> => store.catalog.search({ sort: 'name', ...criteria }, page);

const namesOf = ({ items }: { items: ProductPage['items'] }): string[] => items.map(item => item.name);

const named = async (store: Store, criteria: Partial<ProductCriteria>): Promise<string[]> =>
  namesOf(await search(store, criteria));

/** The names in the order that keyset pages of two bring them. */
const walked = async (store: Store, sort: ProductSort, criteria: Partial<ProductCriteria> = {}): Promise<string[]> =>
  namesOf({ items: await allPages(request => search(store, { ...criteria, sort }, request), 2) });

const addNamed = async (run: Run, ...names: readonly string[]): Promise<void> => {
  const categoryId = (await addCategory(run)).snapshot().id;
  for (const name of names) await addProduct(run, { name, categoryId, slug: nextId() });
};

const SORTS: readonly ProductSort[] = ['newest', 'price', '-price', 'name', 'relevance'];

export function catalogSearchContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'catalogue search', it => {
    it('shows what is active and not deleted, with what there is of it', async ({ run, store }) => {
      const shown = await addProduct(run, { name: 'Shown' });
      await addProduct(run, { name: 'Draft', status: 'draft' });
      const gone = await addProduct(run, { name: 'Gone' });
      gone.delete(ACT);
      await run(({ products }) => products.save([gone]));
      const page = await search(store);
      expect(page.items).to.deep.equal([await store.catalog.product({ id: shown.snapshot().id })]);
      expect(page).to.deep.include({ next: null, facets: {} });
    });

    it('finds products whose name, vendor, tags or SKU hold all the words', async ({ run, store }) => {
      await addProduct(run, { name: 'Rope Leash', vendor: 'Marrowby', tags: ['walk', 'blue'] });
      await addProduct(run, { name: 'Ball', tags: ['blue'], variants: [aVariant({ sku: Sku('LEASH-7') })] });
      await addProduct(run, { name: 'Bowl', vendor: 'Marrowby', description: 'goes with the leash' });
      expect(await named(store, { text: 'leash' })).to.deep.equal(['Ball', 'Rope Leash']);
      expect(await named(store, { text: 'marrow BLUE' })).to.deep.equal(['Rope Leash']);
      expect(await named(store, { text: 'leash-7' })).to.deep.equal(['Ball']);
      expect(await named(store, { text: 'leash cat' })).to.deep.equal([]);
    });

    it('folds case, accents and width on both sides', async ({ run, store }) => {
      await addNamed(run, 'Crème BRÛLÉE', 'Creme Caramel', 'ＷＩＤＥ');
      expect(await named(store, { text: 'creme' })).to.deep.equal(['Crème BRÛLÉE', 'Creme Caramel']);
      expect(await named(store, { text: 'CRÈME brûlée' })).to.deep.equal(['Crème BRÛLÉE']);
      expect(await named(store, { text: 'wide' })).to.deep.equal(['ＷＩＤＥ']);
    });

    it('takes wildcards, quotes and backslashes for what they are', async ({ run, store }) => {
      await addNamed(run, '50% off', '500 pieces', 'a_b', 'axb', 'back\\slash', "O'Neill");
      expect(await named(store, { text: '50%' })).to.deep.equal(['50% off']);
      expect(await named(store, { text: '%' })).to.deep.equal(['50% off']);
      expect(await named(store, { text: 'a_b' })).to.deep.equal(['a_b']);
      expect(await named(store, { text: 'k\\s' })).to.deep.equal(['back\\slash']);
      expect(await named(store, { text: "o'n" })).to.deep.equal(["O'Neill"]);
    });

    it('does not let a word reach from one field into the next', async ({ run, store }) => {
      await addProduct(run, { name: 'Rope', vendor: 'Leashco', tags: ['red', 'dog'] });
      expect(await named(store, { text: 'ropeleashco' })).to.deep.equal([]);
      expect(await named(store, { text: 'reddog' })).to.deep.equal([]);
    });

    it('does not find a product by what it was once called or a variant that is gone', async ({ run, store }) => {
      const product = await addProduct(run, {
        name: 'Old Leash',
        tags: ['oldtag'],
        variants: [aVariant({ sku: Sku('KEPT-1') }), aVariant({ sku: Sku('GONE-1') })],
      });
      product.change({ name: 'New Lead', tags: [] }, ACT);
      product.deleteVariant(product.liveVariants()[1]!.id, ACT);
      await run(({ products }) => products.save([product]));
      for (const text of ['leash', 'oldtag', 'gone-1']) expect(await named(store, { text }), text).to.deep.equal([]);
      expect(await named(store, { text: 'new lead' })).to.deep.equal(['New Lead']);
    });

    it('finds everything when nothing is asked for', async ({ run, store }) => {
      await addNamed(run, 'A', 'B');
      expect(await named(store, { text: '  ' })).to.deep.equal(['A', 'B']);
    });

    it('looks in a category and all below it', async ({ run, store }) => {
      const top = (await addCategory(run)).snapshot().id;
      const middle = (await addCategory(run, { parentId: top })).snapshot().id;
      const bottom = (await addCategory(run, { parentId: middle })).snapshot().id;
      const aside = (await addCategory(run)).snapshot().id;
      for (const [name, categoryId] of Object.entries({ top, middle, bottom, aside }))
        await addProduct(run, { name, categoryId });
      expect(await named(store, { category: top })).to.deep.equal(['bottom', 'middle', 'top']);
      expect(await named(store, { category: middle })).to.deep.equal(['bottom', 'middle']);
      expect(await named(store, { category: aside })).to.deep.equal(['aside']);
      expect(await named(store, { category: CategoryId(nextId()) })).to.deep.equal([]);
    });

    it('takes the lowest price of the variants that are left, bounds included', async ({ run, store }) => {
      const product = await addProduct(run, {
        name: 'two prices',
        variants: [aVariant({ price: usd(500) }), aVariant({ price: usd(2000) }), aVariant({ price: usd(100) })],
      });
      product.deleteVariant(product.liveVariants()[2]!.id, ACT);
      await run(({ products }) => products.save([product]));
      await addProduct(run, { name: 'one price', variants: [aVariant({ price: usd(1000) })] });
      expect(await named(store, { minPrice: 500, maxPrice: 500 })).to.deep.equal(['two prices']);
      expect(await named(store, { maxPrice: 999 })).to.deep.equal(['two prices']);
      expect(await named(store, { minPrice: 501 })).to.deep.equal(['one price']);
      expect(await named(store, { maxPrice: 499 })).to.deep.equal([]);
    });

    it('tells what is in stock from what is not', async ({ run, store }) => {
      await addProduct(run, { name: 'empty', stock: 0 });
      await addReservedOrder(run, await addProduct(run, { name: 'all held back', stock: 2 }), 2);
      await addReservedOrder(run, await addProduct(run, { name: 'one left', stock: 2 }), 1);
      expect(await named(store, { inStock: true })).to.deep.equal(['one left']);
      expect(await named(store, { inStock: false })).to.deep.equal(['all held back', 'empty']);
      expect(await named(store, {})).to.have.length(3);
    });

    it('counts one available variant as in stock, unless that one is gone', async ({ run, store }) => {
      const product = await addProduct(run, { stock: 0, variants: [aVariant(), aVariant()] });
      await run(async ({ stock }) => {
        const [item] = await stock.find([product.liveVariants()[1]!.id]);
        item!.adjust(1, 'delivered', ACT);
        await stock.save([item!]);
      });
      expect(await named(store, { inStock: true })).to.have.length(1);
      product.deleteVariant(product.liveVariants()[1]!.id, ACT);
      await run(({ products }) => products.save([product]));
      expect(await named(store, { inStock: true })).to.have.length(0);
    });

    it('sorts by age, price and folded name', async ({ run, store }) => {
      for (const [name, seconds, price] of [
        ['Éclair', 10, 300],
        ['zebra', 30, 100],
        ['apple', 20, 1000],
        ['Banana', 0, 200],
      ] as const)
        await addProduct(run, { name, variants: [aVariant({ price: usd(price) })] }, actAt(seconds));
      expect(await walked(store, 'newest')).to.deep.equal(['zebra', 'apple', 'Éclair', 'Banana']);
      expect(await walked(store, 'price')).to.deep.equal(['zebra', 'Banana', 'Éclair', 'apple']);
      expect(await walked(store, '-price')).to.deep.equal(['apple', 'Éclair', 'Banana', 'zebra']);
      expect(await walked(store, 'name')).to.deep.equal(['apple', 'Banana', 'Éclair', 'zebra']);
    });

    it('sorts names by code points, in every language and with signs', async ({ run, store }) => {
      await addNamed(run, '😀', 'a b', 'a-b', 'ab', '\u{e000}', 'жук', 'a', '~');
      expect(await walked(store, 'name')).to.deep.equal(['a', 'a b', 'a-b', 'ab', '~', 'жук', '\u{e000}', '😀']);
    });

    it('puts those first that have all the words in the name', async ({ run, store }) => {
      await addProduct(run, { name: 'Zinc leash' });
      await addProduct(run, { name: 'Ball', tags: ['leash'] });
      await addProduct(run, { name: 'Collar and Leash' });
      await addProduct(run, { name: 'Anchor', vendor: 'Leash & Co' });
      const expected = ['Collar and Leash', 'Zinc leash', 'Anchor', 'Ball'];
      expect(await walked(store, 'relevance', { text: 'leash' })).to.deep.equal(expected);
      expect(await walked(store, 'relevance')).to.deep.equal(['Anchor', 'Ball', 'Collar and Leash', 'Zinc leash']);
    });

    it('breaks ties by id, upwards except for the newest', async ({ run, store }) => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) ids.push((await addProduct(run, { name: 'Twin', slug: nextId() })).snapshot().id);
      for (const sort of SORTS) {
        const found = await allPages(request => search(store, { sort, text: 'twin' }, request), 2);
        const expected = sort === 'newest' ? ids.toReversed() : ids;
        expect(
          found.map(item => item.id),
          sort,
        ).to.deep.equal(expected);
      }
    });

    it('says where the next page begins', async ({ run, store }) => {
      const product = await addProduct(run, { name: 'Crème', variants: [aVariant({ price: usd(1250) })] }, actAt(1));
      await addProduct(run, { name: 'Later', variants: [aVariant({ price: usd(1250) })] }, actAt(1));
      const { id } = product.snapshot();
      const first = async (sort: ProductSort) => (await search(store, { sort }, { limit: 1 })).next;
      expect(await first('price')).to.deep.equal({ value: 1250, id });
      expect(await first('-price')).to.deep.equal({ value: 1250, id });
      expect(await first('name')).to.deep.equal({ value: 'creme', id });
      expect((await first('newest'))?.value).to.equal('2026-03-02T12:00:01.000Z');
    });

    it('shows nothing twice and misses nothing when products arrive between two pages', async ({ run, store }) => {
      for (const [index, sort] of SORTS.entries()) {
        const text = `lot${index}`;
        await addProduct(run, { name: `B ${text}`, variants: [aVariant({ price: usd(200) })] }, actAt(10));
        await addProduct(run, { name: `D ${text}`, variants: [aVariant({ price: usd(300) })] }, actAt(20));
        const before = await search(store, { sort, text }, { limit: 1 });
        await addProduct(run, { name: `A ${text}`, variants: [aVariant({ price: usd(100) })] }, actAt(0));
        await addProduct(run, { name: `E ${text}`, variants: [aVariant({ price: usd(400) })] }, actAt(30));
        const after = await search(store, { sort, text }, { limit: 10, after: before.next! });
        const names = [...namesOf(before), ...namesOf(after)].map(name => name[0]);
        const backwards = sort === 'newest' || sort === '-price';
        expect(names, sort).to.deep.equal(backwards ? ['D', 'B', 'A'] : ['B', 'D', 'E']);
      }
    });

    it('goes on after a product that has vanished since', async ({ run, store }) => {
      const gone = await addProduct(run, { name: 'A' });
      await addProduct(run, { name: 'B' });
      const { next } = await search(store, {}, { limit: 1 });
      gone.delete(ACT);
      await run(({ products }) => products.save([gone]));
      expect(namesOf(await search(store, {}, { limit: 1, after: next! }))).to.deep.equal(['B']);
    });

    it('counts when pages are numbered, and only then', async ({ run, store }) => {
      await addNamed(run, 'A', 'B', 'C', 'D', 'E', 'other');
      const criteria = { maxPrice: 2999 };
      expect(await search(store, criteria, { limit: 2 })).not.to.have.property('total');
      const pages = await Promise.all([1, 2, 3, 4].map(page => search(store, criteria, { limit: 2, page })));
      expect(pages.map(namesOf)).to.deep.equal([['A', 'B'], ['C', 'D'], ['E', 'other'], []]);
      expect(pages.map(page => page.total)).to.deep.equal([6, 6, 6, 6]);
      expect(pages.map(page => page.next !== null)).to.deep.equal([true, true, false, false]);
      const rest = await search(store, criteria, { limit: 9, after: pages[0]!.next! });
      expect(namesOf(rest)).to.deep.equal(['C', 'D', 'E', 'other']);
    });

    it('has no next page after the last row, even when the page is full', async ({ run, store }) => {
      await addNamed(run, 'A', 'B');
      expect((await search(store, {}, { limit: 2 })).next).to.equal(null);
    });

    it('counts the categories and the prices of all that matches, not of the page', async ({ run, store }) => {
      const dogs = (await addCategory(run, { name: 'Dogs' })).snapshot().id;
      const toys = (await addCategory(run, { name: 'Toys', parentId: dogs })).snapshot().id;
      const cats = (await addCategory(run, { name: 'Cats' })).snapshot().id;
      for (const [categoryId, price] of [
        [toys, 100],
        [toys, 900],
        [dogs, 500],
        [cats, 50],
      ] as const)
        await addProduct(run, { categoryId, variants: [aVariant({ price: usd(price) }), aVariant()] });
      const page = await search(store, { category: dogs, facets: ['category', 'price'] }, { limit: 1 });
      expect(page.facets).to.deep.equal({
        category: [
          { id: toys, name: 'Toys', count: 2 },
          { id: dogs, name: 'Dogs', count: 1 },
        ],
        price: { min: 100, max: 900 },
      });
      const second = await search(store, { category: dogs, facets: ['price'] }, { limit: 1, after: page.next! });
      expect(second.facets).to.deep.equal({ price: { min: 100, max: 900 } });
    });

    it('has empty facets when nothing matches', async ({ run, store }) => {
      await addNamed(run, 'A');
      const page = await search(store, { text: 'nothing like it', facets: ['category', 'price'] });
      expect(page.facets).to.deep.equal({ category: [], price: null });
      expect(page).to.deep.include({ items: [], next: null });
    });
  });
}
