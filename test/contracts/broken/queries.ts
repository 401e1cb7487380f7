import type { CatalogQueries } from '../../../application/ports/catalog-queries.ts';
import type { Store } from '../../../application/ports/store.ts';
import { broken, type BrokenAdapter, overriding } from './wrapping.ts';

const searching = (store: Store, search: CatalogQueries['search']): Store => ({
  ...store,
  catalog: overriding(store.catalog, { search }),
});

/** `%` stands for anything, as in an unescaped LIKE. */
const knowsWildcards = (store: Store): Store =>
  searching(store, (criteria, page) =>
    store.catalog.search({ ...criteria, text: criteria.text?.replaceAll('%', ' ') }, page),
  );

/** Skips as many rows as were shown, whatever has come and gone since. */
const pagesByOffset = (store: Store): Store =>
  searching(store, async (criteria, request) => {
    if ('page' in request) return store.catalog.search(criteria, request);
    const skipped = Number(request.after?.value ?? 0);
    const all = await store.catalog.search(criteria, { limit: 1000 });
    const shown = skipped + request.limit;
    const items = all.items.slice(skipped, shown);
    return { ...all, items, next: shown < all.items.length ? { value: shown, id: items.at(-1)!.id } : null };
  });

const countsOnlyThePage = (store: Store): Store =>
  searching(store, async (criteria, request) => {
    const page = await store.catalog.search(criteria, request);
    return 'page' in request ? { ...page, total: page.items.length } : page;
  });

const turnsTiesRound = (store: Store): Store =>
  searching(store, async (criteria, request) => {
    const page = await store.catalog.search(criteria, request);
    const items = page.items.toSorted((a, b) => (a.name === b.name && a.id < b.id ? 1 : -1));
    return { ...page, items };
  });

export const BROKEN_QUERIES: readonly BrokenAdapter[] = [
  broken(
    'takes a percent sign for a wildcard',
    knowsWildcards,
    'takes wildcards, quotes and backslashes for what they are',
  ),
  broken(
    'pages by offset',
    pagesByOffset,
    'shows nothing twice and misses nothing when products arrive between two pages',
    'goes on after a product that has vanished since',
  ),
  broken('counts only the page', countsOnlyThePage, 'counts when pages are numbered, and only then'),
  broken('breaks ties the wrong way round', turnsTiesRound, 'breaks ties by id, upwards except for the newest'),
];
