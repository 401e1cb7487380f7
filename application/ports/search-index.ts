import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import type { Facet, ProductCriteria, ProductFacets } from './catalog-queries.ts';
import type { Page, PageRequest } from './paging.ts';

/** What a search knows of a product that is shown. */
export interface SearchDocument {
  readonly id: ProductId;
  readonly name: string;
  readonly vendor: string;
  readonly tags: readonly string[];
  /** Of its live variants. */
  readonly skus: readonly string[];
  readonly categoryId: CategoryId;
  /** The lowest, in minor units. */
  readonly price: number;
  readonly inStock: boolean;
  readonly createdAt: Date;
}

/** What a product has become; null: it is not to be found any more. */
export interface SearchEntry {
  readonly id: ProductId;
  readonly version: number;
  readonly document: SearchDocument | null;
}

/** `simple` knows no grammar, for catalogues in other languages. */
export type SearchLanguage = 'english' | 'simple';

export interface SearchCriteria extends Pick<ProductCriteria, 'minPrice' | 'maxPrice' | 'inStock' | 'sort'> {
  readonly text: string;
  readonly language: SearchLanguage;
  /** In one of these. Who wants all below a category names them all. */
  readonly categories?: readonly CategoryId[] | undefined;
  readonly facets?: readonly Facet[] | undefined;
}

export interface SearchFacets {
  /** In no order. */
  readonly category?: readonly { readonly id: CategoryId; readonly count: number }[];
  readonly price?: ProductFacets['price'];
}

export interface SearchPage extends Page<ProductId> {
  readonly facets: SearchFacets;
}

/**
 * Finds products by what people type. It is told of changes a moment after they happen, so it may be behind.
 * Everything rejects with `Unavailable` when the index cannot answer in time.
 */
export interface SearchIndex {
  /**
   * Products for which every word, folded, occurs in name, vendor, tags or SKU, or in English has the stem of a word
   * that does. When there are none, those for which every word of four letters or more is at most one typo away.
   * Positions are those of `CatalogQueries.search`, but `relevance` has more digits: 0 all words in the name, 1 in any
   * field, 2 by stems, 3 with typos. They stay where they are while other products come and go.
   */
  search(criteria: SearchCriteria, page: PageRequest): Promise<SearchPage>;
  /** Once it has resolved, searches go by it. An entry of a lower version than the one that is there changes nothing. */
  write(entries: readonly SearchEntry[]): Promise<void>;
  /** All that can be found, in ascending order of id, without holding them all at once. */
  documents(): AsyncIterable<SearchDocument>;
  /**
   * Puts these in the place of everything, as version 0. Searches see all of the old until they see all of the new; when
   * it rejects, or its process dies, the old stays. Not to be done twice at the same time.
   */
  rebuild(batches: AsyncIterable<readonly SearchDocument[]>): Promise<void>;
  ping(): Promise<void>;
}
