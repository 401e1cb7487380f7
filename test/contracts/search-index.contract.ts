import { expect } from 'chai';
import type { ProductSort } from '../../application/ports/catalog-queries.ts';
import type { PageRequest } from '../../application/ports/paging.ts';
import type { SearchCriteria, SearchDocument, SearchEntry, SearchIndex } from '../../application/ports/search-index.ts';
import { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { nextId, NOON } from '../support/builders.ts';
import { mochaApi, type SuiteApi } from './suite-api.ts';

export interface SearchIndexUnderTest {
  readonly index: SearchIndex;
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface SearchIndexHarness {
  readonly name: string;
  open(): Promise<SearchIndexUnderTest>;
}

const SHELF = CategoryId(nextId());

const aDocument = (facts: Partial<SearchDocument> = {}): SearchDocument => ({
  id: ProductId(nextId()),
  name: 'Rope Leash',
  vendor: '',
  tags: [],
  skus: [],
  categoryId: SHELF,
  price: 2999,
  inStock: true,
  createdAt: NOON,
  ...facts,
});

const entryOf = (document: SearchDocument, version = 1): SearchEntry => ({ id: document.id, version, document });

const SORTS: readonly ProductSort[] = ['newest', 'price', '-price', 'name', 'relevance'];

/** What a test is handed: an empty index, and the shortest ways to fill it and to ask it. */
class Desk {
  readonly index: SearchIndex;
  readonly #names = new Map<ProductId, string>();

  constructor(index: SearchIndex) {
    this.index = index;
  }

  async add(...facts: readonly Partial<SearchDocument>[]): Promise<SearchDocument[]> {
    const documents = facts.map(aDocument);
    for (const { id, name } of documents) this.#names.set(id, name);
    await this.index.write(documents.map(document => entryOf(document)));
    return documents;
  }

  addNamed(...names: readonly string[]): Promise<SearchDocument[]> {
    return this.add(...names.map(name => ({ name })));
  }

  search(text: string, criteria: Partial<SearchCriteria> = {}, page: PageRequest = { limit: 100 }) {
    return this.index.search({ text, language: 'english', sort: 'relevance', ...criteria }, page);
  }

  /** The names of what is found. */
  async named(text: string, criteria: Partial<SearchCriteria> = {}, page?: PageRequest): Promise<string[]> {
    return (await this.search(text, criteria, page)).items.map(id => this.#names.get(id)!);
  }

  /** The names in the order that keyset pages of two bring them. */
  async walked(text: string, criteria: Partial<SearchCriteria> = {}): Promise<string[]> {
    const found: ProductId[] = [];
    for (let page: PageRequest | undefined = { limit: 2 }; page;) {
      const { items, next } = await this.search(text, criteria, page);
      found.push(...items);
      page = next ? { limit: 2, after: next } : undefined;
    }
    return found.map(id => this.#names.get(id)!);
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function* batchesOf(
  ...batches: readonly (readonly SearchDocument[])[]
): AsyncIterable<readonly SearchDocument[]> {
  yield* batches;
}

/** Everything that the shop expects of a search index. */
export function searchIndexContract(harness: SearchIndexHarness, api: SuiteApi = mochaApi): void {
  let opened: Promise<SearchIndexUnderTest> | undefined;
  const it = (title: string, test: (desk: Desk) => Promise<void>): void =>
    api.it(title, async () => {
      const underTest = await (opened ??= harness.open());
      await underTest.clear();
      await test(new Desk(underTest.index));
    });
  api.describe(`${harness.name} search index`, () => {
    api.after(async () => (await opened)?.close());
    finding(it);
    filteringAndSorting(it);
    keepingUp(it);
  });
}

type It = (title: string, test: (desk: Desk) => Promise<void>) => void;

function finding(it: It): void {
  it('finds products whose name, vendor, tags or SKU hold all the words', async desk => {
    await desk.add(
      { name: 'Rope Leash', vendor: 'Marrowby', tags: ['walk', 'blue'] },
      { name: 'Ball', tags: ['blue'], skus: ['LEASH-7'] },
      { name: 'Bowl', vendor: 'Marrowby' },
    );
    expect(await desk.named('leash')).to.deep.equal(['Rope Leash', 'Ball']);
    expect(await desk.named('marrow BLUE')).to.deep.equal(['Rope Leash']);
    expect(await desk.named('leash-7')).to.deep.equal(['Ball']);
    expect(await desk.named('leash cat')).to.deep.equal([]);
  });

  it('finds words by how they begin, and by any part of them', async desk => {
    await desk.addNamed('Doghouse', 'Bowl');
    for (const text of ['d', 'dog', 'DOGH', 'house', 'ghou'])
      expect(await desk.named(text), text).to.deep.equal(['Doghouse']);
  });

  it('folds case, accents and width on both sides', async desk => {
    await desk.addNamed('Crème BRÛLÉE', 'Creme Caramel', 'ＷＩＤＥ', 'Жук');
    expect(await desk.named('creme')).to.deep.equal(['Crème BRÛLÉE', 'Creme Caramel'].toSorted().toReversed());
    expect(await desk.named('CRÈME brûlée')).to.deep.equal(['Crème BRÛLÉE']);
    expect(await desk.named('wide')).to.deep.equal(['ＷＩＤＥ']);
    expect(await desk.named('жУк')).to.deep.equal(['Жук']);
  });

  it('knows the stems of English words, on both sides', async desk => {
    await desk.addNamed('Walking Harness', 'Leashes', 'Toy for puppies');
    expect(await desk.named('walks')).to.deep.equal(['Walking Harness']);
    expect(await desk.named('walked harnesses')).to.deep.equal(['Walking Harness']);
    expect(await desk.named('leash')).to.deep.equal(['Leashes']);
    expect(await desk.named('puppy toys')).to.deep.equal(['Toy for puppies']);
  });

  it('knows no grammar where it is not told the language', async desk => {
    await desk.addNamed('Walking Harness', 'Leashes');
    expect(await desk.named('walks', { language: 'simple' })).to.deep.equal([]);
    expect(await desk.named('leash', { language: 'simple' })).to.deep.equal(['Leashes']);
  });

  it('forgives one typo in a word of four letters or more', async desk => {
    await desk.addNamed('Collar', 'Rope Toy', 'Cat');
    for (const text of ['colar', 'collarr', 'collsr', 'clolar', 'xcollar', 'ollar', 'COLLAE'])
      expect(await desk.named(text), text).to.deep.equal(['Collar']);
    expect(await desk.named('rpoe toy')).to.deep.equal(['Rope Toy']);
    for (const text of ['cet', 'colxxr', 'clla', 'rpoe cat']) expect(await desk.named(text), text).to.deep.equal([]);
  });

  it('thinks of typos only where nothing was found as it was typed', async desk => {
    await desk.addNamed('Lease', 'Leash');
    expect(await desk.named('leash')).to.deep.equal(['Leash']);
    expect(await desk.named('leesh')).to.deep.equal(['Leash']);
    expect(await desk.named('leasy')).to.deep.equal(['Lease', 'Leash']);
  });

  it('takes wildcards, quotes, operators and backslashes for what they are', async desk => {
    await desk.addNamed(
      '50% off',
      '500 pieces',
      'a_b',
      'axb',
      'back\\slash',
      "O'Neill",
      'what?',
      'star*',
      'C++ & (co)',
    );
    for (const [text, name] of Object.entries({
      '50%': '50% off',
      '%': '50% off',
      a_b: 'a_b',
      'k\\s': 'back\\slash',
      "o'n": "O'Neill",
      '?': 'what?',
      '*': 'star*',
      'c++': 'C++ & (co)',
      '&': 'C++ & (co)',
      '(co)': 'C++ & (co)',
    }))
      expect(await desk.named(text), text).to.deep.equal([name]);
    for (const text of ['!', '|', ':*', '"', '<->', '~', 'a OR', '${x}', '\u{1f600}', "';--"])
      expect(await desk.named(text), text).to.deep.equal([]);
  });

  it('finds everything when nothing is asked for, and takes very long texts', async desk => {
    await desk.addNamed('A', 'B');
    expect(await desk.named('  ')).to.deep.equal(['A', 'B']);
    expect(await desk.named('x'.repeat(100))).to.deep.equal([]);
    expect(await desk.named(Array.from({ length: 50 }, () => 'q').join(' '))).to.deep.equal([]);
  });

  it('does not let a word reach from one field into the next', async desk => {
    await desk.add({ name: 'Rope', vendor: 'Leashco', tags: ['red', 'dog'] });
    expect(await desk.named('ropeleashco')).to.deep.equal([]);
    expect(await desk.named('reddog')).to.deep.equal([]);
  });
}

function filteringAndSorting(it: It): void {
  it('puts words in the name first, then words anywhere, then stems', async desk => {
    await desk.add(
      { name: 'Zinc leashes' },
      { name: 'Ball', tags: ['leashes'] },
      { name: 'Collar and Leashes' },
      { name: 'A leash' },
      { name: 'Anchor', vendor: 'Leashes & Co' },
    );
    const expected = ['Collar and Leashes', 'Zinc leashes', 'Anchor', 'Ball', 'A leash'];
    expect(await desk.walked('leashes')).to.deep.equal(expected);
    expect((await desk.search('leashes', {}, { limit: 1 })).next).to.have.property('value', '0collar and leashes');
  });

  it('looks in the categories that are named', async desk => {
    const [dogs, cats] = [CategoryId(nextId()), CategoryId(nextId())];
    await desk.add({ name: 'Toy 1', categoryId: dogs }, { name: 'Toy 2', categoryId: cats }, { name: 'Toy 3' });
    expect(await desk.named('toy', { categories: [dogs] })).to.deep.equal(['Toy 1']);
    expect(await desk.named('toy', { categories: [dogs, cats] })).to.deep.equal(['Toy 1', 'Toy 2']);
    expect(await desk.named('toy', { categories: [] })).to.deep.equal([]);
  });

  it('filters by price, bounds included, and by what is in stock', async desk => {
    await desk.add({ name: 'Toy 1', price: 500 }, { name: 'Toy 2', price: 1000, inStock: false });
    expect(await desk.named('toy', { minPrice: 500, maxPrice: 500 })).to.deep.equal(['Toy 1']);
    expect(await desk.named('toy', { minPrice: 501 })).to.deep.equal(['Toy 2']);
    expect(await desk.named('toy', { maxPrice: 499 })).to.deep.equal([]);
    expect(await desk.named('toy', { inStock: true })).to.deep.equal(['Toy 1']);
    expect(await desk.named('toy', { inStock: false })).to.deep.equal(['Toy 2']);
  });

  it('sorts by age, price and folded name in code points', async desk => {
    const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
    await desk.add(
      { name: 'Éclair', tags: ['x'], price: 300, createdAt: at(10) },
      { name: 'zebra', tags: ['x'], price: 100, createdAt: at(30) },
      { name: 'a-b', tags: ['x'], price: 1000, createdAt: at(20) },
      { name: 'a b', tags: ['x'], price: 200, createdAt: at(0) },
    );
    expect(await desk.walked('x', { sort: 'newest' })).to.deep.equal(['zebra', 'a-b', 'Éclair', 'a b']);
    expect(await desk.walked('x', { sort: 'price' })).to.deep.equal(['zebra', 'a b', 'Éclair', 'a-b']);
    expect(await desk.walked('x', { sort: '-price' })).to.deep.equal(['a-b', 'Éclair', 'a b', 'zebra']);
    expect(await desk.walked('x', { sort: 'name' })).to.deep.equal(['a b', 'a-b', 'Éclair', 'zebra']);
    const first = async (sort: ProductSort) => (await desk.search('x', { sort }, { limit: 1 })).next?.value;
    expect(await first('newest')).to.equal(at(30).toISOString());
    expect(await first('-price')).to.equal(1000);
    expect(await first('name')).to.equal('a b');
  });

  it('breaks ties by id, upwards except for the newest', async desk => {
    const ids = (await desk.addNamed('Twin', 'Twin', 'Twin')).map(({ id }) => id);
    for (const sort of SORTS) {
      const { items } = await desk.search('twin', { sort });
      expect(items, sort).to.deep.equal(sort === 'newest' ? ids.toReversed() : ids);
    }
  });

  it('shows nothing twice and misses nothing when products arrive between two pages', async desk => {
    for (const sort of ['name', 'relevance'] as const) {
      await desk.addNamed(`B ${sort}`, `D ${sort}`);
      const { next } = await desk.search(sort, { sort }, { limit: 1 });
      await desk.addNamed(`A ${sort}`, `E ${sort}`);
      expect(await desk.named(sort, { sort }, { limit: 9, after: next! })).to.deep.equal([`D ${sort}`, `E ${sort}`]);
    }
  });

  it('counts when pages are numbered, and only then', async desk => {
    await desk.addNamed('Toy A', 'Toy B', 'Toy C');
    expect(await desk.search('toy', {}, { limit: 2 })).not.to.have.property('total');
    const second = await desk.search('toy', {}, { limit: 2, page: 2 });
    expect(second).to.deep.include({ total: 3, next: null });
    expect(second.items).to.have.length(1);
    expect(await desk.search('nothing', {}, { limit: 2, page: 1 })).to.deep.include({ total: 0, items: [] });
  });

  it('counts the categories and the prices of all that matches, not of the page', async desk => {
    const dogs = CategoryId(nextId());
    await desk.add({ price: 100 }, { price: 900 }, { price: 500, categoryId: dogs }, { name: 'Other', price: 1 });
    const { facets } = await desk.search('leash', { facets: ['category', 'price'] }, { limit: 1 });
    expect(facets.category).to.have.deep.members([
      { id: SHELF, count: 2 },
      { id: dogs, count: 1 },
    ]);
    expect(facets.price).to.deep.equal({ min: 100, max: 900 });
    expect((await desk.search('nothing', { facets: ['price'] })).facets).to.deep.equal({ price: null });
    expect((await desk.search('leash')).facets).to.deep.equal({});
  });
}

function keepingUp(it: It): void {
  it('forgets what a product was called once, and all of it when it is gone', async desk => {
    const [document] = await desk.addNamed('Old Leash');
    await desk.index.write([entryOf({ ...document!, name: 'New Lead' }, 2)]);
    expect(await desk.named('leash')).to.deep.equal([]);
    expect(await desk.named('lead')).to.have.length(1);
    await desk.index.write([{ id: document!.id, version: 3, document: null }]);
    expect(await desk.named('')).to.deep.equal([]);
  });

  it('never lets an older version overwrite a newer one, not even one that is gone', async desk => {
    const [document] = await desk.addNamed('First');
    await desk.index.write([entryOf({ ...document!, name: 'Third' }, 3)]);
    await desk.index.write([entryOf({ ...document!, name: 'Second' }, 2)]);
    expect((await all(desk.index.documents())).map(({ name }) => name)).to.deep.equal(['Third']);
    await desk.index.write([{ id: document!.id, version: 5, document: null }]);
    await desk.index.write([entryOf({ ...document!, name: 'Fourth' }, 4)]);
    expect(await all(desk.index.documents())).to.deep.equal([]);
    await desk.index.write([entryOf({ ...document!, name: 'Back' }, 6)]);
    await desk.index.write([entryOf({ ...document!, name: 'Sixth' }, 6), entryOf(document!, 1)]);
    expect((await all(desk.index.documents())).map(({ name }) => name)).to.deep.equal(['Sixth']);
  });

  it('hands out what it holds as it was given, in order of id', async desk => {
    const documents = await desk.add(
      { name: 'Crème "B"', vendor: 'V\\', tags: ['ä', ''], skus: ['S-1'], price: 0, inStock: false },
      { name: 'B', createdAt: new Date('2026-01-01T00:00:00.001Z') },
    );
    await desk.index.write(documents.toReversed().map(document => entryOf(document)));
    expect(await all(desk.index.documents())).to.deep.equal(documents);
    await desk.index.write([]);
  });

  it('shows the old until all of the new is there, and forgets what is in the new no more', async desk => {
    const [kept, gone] = await desk.addNamed('Kept', 'Gone');
    const added = aDocument({ name: 'Added' });
    const seen: string[][] = [];
    async function* batches() {
      yield [kept!];
      seen.push(await desk.named(''));
      yield [added];
      seen.push(await desk.named(''));
    }
    await desk.index.rebuild(batches());
    expect(seen).to.deep.equal([
      ['Gone', 'Kept'],
      ['Gone', 'Kept'],
    ]);
    expect((await all(desk.index.documents())).map(({ name }) => name)).to.deep.equal(['Kept', 'Added']);
    await desk.index.write([entryOf({ ...kept!, name: 'Kept on' }, 1)]);
    expect((await desk.search('on')).items).to.deep.equal([kept!.id]);
    expect((await desk.search('gone')).items).to.deep.equal([]);
    await desk.index.rebuild(batchesOf([gone!]));
    expect(await desk.named('')).to.deep.equal(['Gone']);
  });

  it('keeps the old when the new cannot be had to its end, and can be rebuilt afterwards', async desk => {
    const [kept] = await desk.addNamed('Kept');
    const broken = async function* (): AsyncIterable<readonly SearchDocument[]> {
      yield [aDocument({ name: 'Half' })];
      throw new Error('The store fell over.');
    };
    const failure = await desk.index.rebuild(broken()).catch((error: unknown) => error);
    expect(failure).to.have.property('message', 'The store fell over.');
    expect(await desk.named('')).to.deep.equal(['Kept']);
    await desk.index.rebuild(batchesOf([kept!], []));
    expect(await desk.named('')).to.deep.equal(['Kept']);
    await desk.index.rebuild(batchesOf());
    expect(await desk.named('')).to.deep.equal([]);
    await desk.index.ping();
  });
}
