import type { estypes } from '@elastic/elasticsearch';
import type { Position } from '../../application/ports/paging.ts';
import type { SearchCriteria } from '../../application/ports/search-index.ts';
import { mayHoldTypo } from '../../domain/catalog/search-words.ts';

type Query = estypes.QueryDslQueryContainer;

const containing = (field: string, word: string): Query => ({
  wildcard: { [field]: { value: `*${word.replaceAll(/[\\*?]/g, match => `\\${match}`)}*` } },
});

/** Rank 0 scores 3, rank 1 scores 1 and rank 2 scores 0. Constant scores stay as they are when other products come. */
const RANKS_OF_SCORES: Readonly<Record<number, number>> = { 3: 0, 1: 1, 0: 2 };
const SCORES_OF_RANKS: Readonly<Record<string, number>> = { 0: 3, 1: 1, 2: 0, 3: 0 };

/** Says by its scores how well a product matches; with `typos`, all match equally badly. */
export function queryOf(criteria: SearchCriteria, words: readonly string[], typos: boolean): Query {
  const { categories, minPrice, maxPrice, inStock, language } = criteria;
  const filter: Query[] = [{ term: { gone: false } }];
  for (const word of words) {
    const ways = [containing('text', word)];
    if (language === 'english') ways.push({ match: { stems: { query: word, operator: 'and' } } });
    if (typos && mayHoldTypo(word))
      ways.push({ fuzzy: { words: { value: word, fuzziness: 1, transpositions: true, max_expansions: 200 } } });
    filter.push({ bool: { should: ways, minimum_should_match: 1 } });
  }
  if (categories) filter.push({ terms: { category_id: [...categories] } });
  if (minPrice !== undefined) filter.push({ range: { price: { gte: minPrice } } });
  if (maxPrice !== undefined) filter.push({ range: { price: { lte: maxPrice } } });
  if (inStock !== undefined) filter.push({ term: { in_stock: inStock } });
  const allIn = (field: string, boost: number): Query => ({
    constant_score: { boost, filter: { bool: { filter: words.map(word => containing(field, word)) } } },
  });
  return { bool: { filter, should: typos ? [] : [allIn('sort_name.parts', 2), allIn('text', 1)] } };
}

type Direction = 'asc' | 'desc';
type Sort = Record<string, Direction>[];

const SORTS: Readonly<Record<SearchCriteria['sort'], Sort>> = {
  newest: [{ created_at: 'desc' }, { id: 'desc' }],
  price: [{ price: 'asc' }, { id: 'asc' }],
  '-price': [{ price: 'desc' }, { id: 'asc' }],
  name: [{ sort_name: 'asc' }, { id: 'asc' }],
  relevance: [{ _score: 'desc' }, { sort_name: 'asc' }, { id: 'asc' }],
};

export const sortOf = ({ sort }: SearchCriteria): Sort => SORTS[sort];

/** What to search after, as the values of the sort. */
export function afterOf({ sort }: SearchCriteria, { value, id }: Position): estypes.SortResults {
  if (sort === 'newest') return [Date.parse(String(value)), id];
  if (sort !== 'relevance') return [value, id];
  const text = String(value);
  return [SCORES_OF_RANKS[text.slice(0, 1)] ?? 0, text.slice(1), id];
}

export function positionOf({ sort }: SearchCriteria, values: estypes.SortResults, typos: boolean): Position {
  const id = String(values.at(-1));
  if (sort === 'newest') return { value: new Date(Number(values[0])).toISOString(), id };
  if (sort !== 'relevance') return { value: values[0] as string | number, id };
  return { value: `${typos ? 3 : (RANKS_OF_SCORES[Number(values[0])] ?? 2)}${String(values[1])}`, id };
}

/** More categories than this are not counted. */
const MOST_CATEGORIES = 10_000;

export function aggregationsOf({
  facets = [],
}: SearchCriteria): Record<string, estypes.AggregationsAggregationContainer> {
  return {
    ...(facets.includes('category') && { category: { terms: { field: 'category_id', size: MOST_CATEGORIES } } }),
    ...(facets.includes('price') && { least: { min: { field: 'price' } }, most: { max: { field: 'price' } } }),
  };
}
