import type {
  CatalogQueries,
  ProductCriteria,
  ProductFacets,
  ProductPage,
  ProductView,
} from '../../application/ports/catalog-queries.ts';
import type { PageRequest } from '../../application/ports/paging.ts';
import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { type CatalogEntry, entryOf, holdsAll, isInStock, orderingOf, productView, wordsOf } from './catalog-entry.ts';
import { compareText, pageOf } from './paging.ts';
import type { View } from './tables.ts';

export class InMemoryCatalogQueries implements CatalogQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async search(criteria: ProductCriteria, request: PageRequest): Promise<ProductPage> {
    const words = wordsOf(criteria.text ?? '');
    const matches = this.#matches(criteria, words);
    const page = pageOf(matches, orderingOf(criteria.sort, words), request, ({ product }) =>
      productView(this.#view, product),
    );
    return { ...page, facets: this.#facets(criteria, matches) };
  }

  async product(
    by: { id: ProductId } | { slug: string },
    { hidden } = { hidden: false },
  ): Promise<ProductView | undefined> {
    const id = 'id' in by ? by.id : this.#view.liveProductsBySlug.get(by.slug);
    const product = id && this.#view.products.get(id);
    if (!product || product.deletedAt || (product.status !== 'active' && !hidden)) return undefined;
    return productView(this.#view, product);
  }

  async products(ids: readonly ProductId[]): Promise<readonly ProductView[]> {
    const found = await Promise.all(ids.map(id => this.product({ id })));
    return found.filter(product => product !== undefined);
  }

  async categories(): Promise<readonly CategorySnapshot[]> {
    return [...this.#view.categories.values()]
      .filter(category => !category.deletedAt)
      .map(category => ({ category, name: fold(category.name) }))
      .toSorted((a, b) => compareText(a.name, b.name) || compareText(a.category.id, b.category.id))
      .map(({ category }) => category);
  }

  async *all(): AsyncIterable<ProductView> {
    const live = [...this.#view.products.values()].filter(product => !product.deletedAt);
    for (const product of live.toSorted((a, b) => compareText(a.slug, b.slug))) yield productView(this.#view, product);
  }

  #matches(criteria: ProductCriteria, words: readonly string[]): CatalogEntry[] {
    const { category, minPrice = -Infinity, maxPrice = Infinity, inStock } = criteria;
    const shelves = category && this.#categoryAndBelow(category);
    const matches: CatalogEntry[] = [];
    for (const product of this.#view.products.values()) {
      if (product.deletedAt || product.status !== 'active') continue;
      if (shelves && !shelves.has(product.categoryId)) continue;
      const entry = entryOf(product);
      if (entry.lowestPrice < minPrice || entry.lowestPrice > maxPrice) continue;
      if (!holdsAll(entry.text, words)) continue;
      if (inStock !== undefined && isInStock(this.#view, entry) !== inStock) continue;
      matches.push(entry);
    }
    return matches;
  }

  #categoryAndBelow(top: CategoryId): ReadonlySet<CategoryId> {
    const found = new Set([top]);
    // A set that grows while it is walked is walked to its new end.
    for (const above of found)
      for (const { id, parentId } of this.#view.categories.values()) if (parentId === above) found.add(id);
    return found;
  }

  #facets({ facets = [] }: ProductCriteria, matches: readonly CatalogEntry[]): ProductFacets {
    return {
      ...(facets.includes('category') && { category: this.#categoryFacet(matches) }),
      ...(facets.includes('price') && { price: priceFacet(matches) }),
    };
  }

  #categoryFacet(matches: readonly CatalogEntry[]): NonNullable<ProductFacets['category']> {
    const counts = new Map<CategoryId, number>();
    for (const { product } of matches) counts.set(product.categoryId, (counts.get(product.categoryId) ?? 0) + 1);
    return [...counts]
      .map(([id, count]) => ({ id, name: this.#view.categories.get(id)!.name, count }))
      .toSorted((a, b) => b.count - a.count || compareText(fold(a.name), fold(b.name)) || compareText(a.id, b.id));
  }
}

function priceFacet(matches: readonly CatalogEntry[]): ProductFacets['price'] {
  if (matches.length === 0) return null;
  const prices = matches.map(({ lowestPrice }) => lowestPrice);
  return {
    min: prices.reduce((least, price) => Math.min(least, price)),
    max: prices.reduce((most, price) => Math.max(most, price)),
  };
}
