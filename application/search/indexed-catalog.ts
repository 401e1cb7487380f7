import { wordsOf } from '../../domain/catalog/search-words.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';
import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type {
  CatalogQueries,
  ProductCriteria,
  ProductFacets,
  ProductPage,
  ProductView,
} from '../ports/catalog-queries.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { PageRequest } from '../ports/paging.ts';
import type { SearchFacets, SearchIndex, SearchLanguage } from '../ports/search-index.ts';
import { Unavailable } from '../ports/unit-of-work.ts';

interface Ports {
  readonly catalog: CatalogQueries;
  readonly index: SearchIndex;
  readonly language: SearchLanguage;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** So long nobody waits for an index that did not answer. */
const PAUSE_MS = 5000;

/**
 * The shop window, where what people type goes to the search index. What the index names is read from the store, so
 * that it is shown as it is now. Where the index is away, or knows of nothing, the store searches.
 */
export class IndexedCatalog implements CatalogQueries {
  readonly #ports: Ports;
  #awayUntil = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async search(criteria: ProductCriteria, page: PageRequest): Promise<ProductPage> {
    const { catalog, clock, logger } = this.#ports;
    const text = criteria.text ?? '';
    if (wordsOf(text).length === 0 || clock.now().getTime() < this.#awayUntil) return catalog.search(criteria, page);
    try {
      // An index that knows of nothing may only be behind.
      return (await this.#find(criteria, text, page)) ?? (await catalog.search(criteria, page));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#awayUntil = clock.now().getTime() + PAUSE_MS;
      logger.warn('the search index is away: the store searches', { error });
      return catalog.search(criteria, page);
    }
  }

  product(...asked: Parameters<CatalogQueries['product']>): ReturnType<CatalogQueries['product']> {
    return this.#ports.catalog.product(...asked);
  }

  products(...asked: Parameters<CatalogQueries['products']>): ReturnType<CatalogQueries['products']> {
    return this.#ports.catalog.products(...asked);
  }

  categories(): ReturnType<CatalogQueries['categories']> {
    return this.#ports.catalog.categories();
  }

  all(): ReturnType<CatalogQueries['all']> {
    return this.#ports.catalog.all();
  }

  async #find(criteria: ProductCriteria, text: string, page: PageRequest): Promise<ProductPage | undefined> {
    const { catalog, index, language } = this.#ports;
    const { category, minPrice, maxPrice, inStock, sort, facets } = criteria;
    const shelves = category || facets?.includes('category') ? await catalog.categories() : [];
    const categories = category && categoryAndBelow(category, shelves);
    const asked = { text, language, categories, minPrice, maxPrice, inStock, sort, facets };
    const found = await index.search(asked, page);
    if (found.items.length === 0) return undefined;
    const products = await catalog.products(found.items);
    // What was sold since the index was told is gone all the same.
    const items = products.filter(product => inStock === undefined || isInStock(product) === inStock);
    return { ...found, items, facets: named(found.facets, shelves) };
  }
}

const isInStock = ({ variants }: ProductView): boolean => variants.some(({ available }) => available > 0);

function categoryAndBelow(top: CategoryId, shelves: readonly CategorySnapshot[]): CategoryId[] {
  const found = new Set([top]);
  // A set that grows while it is walked is walked to its new end.
  for (const above of found) for (const { id, parentId } of shelves) if (parentId === above) found.add(id);
  return [...found];
}

/** The index counts, the store knows the names; its categories are sorted already, and sorting by count keeps that. */
function named({ category, ...facets }: SearchFacets, shelves: readonly CategorySnapshot[]): ProductFacets {
  if (!category) return facets;
  const counts = new Map(category.map(({ id, count }) => [id, count]));
  const known = shelves.flatMap(({ id, name }) => (counts.has(id) ? [{ id, name, count: counts.get(id)! }] : []));
  return { ...facets, category: known.toSorted((a, b) => b.count - a.count) };
}
