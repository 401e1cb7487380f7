import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type { ProductSnapshot, VariantSnapshot } from '../../domain/catalog/product.ts';
import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

/** A variant that is not deleted, with what there is of it. */
export interface VariantView extends VariantSnapshot {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface ProductView extends Omit<ProductSnapshot, 'variants'> {
  readonly variants: readonly VariantView[];
}

export type ProductSort = 'newest' | 'price' | '-price' | 'name' | 'relevance';
export type Facet = 'category' | 'price';

export interface ProductCriteria {
  /**
   * Words that must all occur, folded, in name, vendor, tags or the SKU of a live variant. `relevance` puts those in
   * the name first.
   */
  readonly text?: string | undefined;
  /** The category and all below it. */
  readonly category?: CategoryId | undefined;
  /** Bounds of the lowest price of a product, in minor units, both included. */
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  /** true: at least one variant is available; false: none is. */
  readonly inStock?: boolean | undefined;
  readonly sort: ProductSort;
  readonly facets?: readonly Facet[] | undefined;
}

export interface ProductFacets {
  /** Categories that hold matches themselves, most first, then by folded name. */
  readonly category?: readonly { readonly id: CategoryId; readonly name: string; readonly count: number }[];
  /** Over the lowest prices; null when nothing matches. */
  readonly price?: { readonly min: number; readonly max: number } | null;
}

export interface ProductPage extends Page<ProductView> {
  readonly facets: ProductFacets;
}

/** What the shop window shows: products that are active and not deleted. */
export interface CatalogQueries {
  /**
   * Sort values of positions: `newest` the creation time as ISO text, `price` the lowest price, `name` the folded name
   * in code-point order, `relevance` the digit 0 when all words are in the name, else 1, followed by the folded name.
   * Ties go by id; `newest` runs backwards in both.
   */
  search(criteria: ProductCriteria, page: PageRequest): Promise<ProductPage>;
  /** Also drafts, when `hidden` is true. Undefined for deleted and unknown ones. */
  product(by: { id: ProductId } | { slug: string }, options?: { hidden: boolean }): Promise<ProductView | undefined>;
  /** Those of them that are shown, in the order of the ids. */
  products(ids: readonly ProductId[]): Promise<readonly ProductView[]>;
  /** Sorted by folded name, then id. */
  categories(): Promise<readonly CategorySnapshot[]>;
  /** Every product that is not deleted, drafts too, in order of slug, without holding them all at once. */
  all(): AsyncIterable<ProductView>;
}
