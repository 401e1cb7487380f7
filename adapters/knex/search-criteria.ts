import type { ProductSort } from '../../application/ports/catalog-queries.ts';
import type { SearchCriteria } from '../../application/ports/search-index.ts';
import type { Ordering } from './pages.ts';
import { allOf, containing, sql, type Sql } from './sql.ts';

/** For words that were not found as they were typed: what may have been meant. */
export type Typos = ReadonlyMap<string, readonly string[]>;

/** Over `search_documents s`. */
export function conditionsOf(criteria: SearchCriteria, words: readonly string[], typos?: Typos): Sql[] {
  const { categories, minPrice, maxPrice, inStock, language } = criteria;
  const conditions = [sql`s.document IS NOT NULL`];
  for (const word of words) {
    const ways = [sql`s.search_text LIKE ${containing(word)}`];
    if (language === 'english') ways.push(sql`s.stems @@ plainto_tsquery('english'::regconfig, ${word})`);
    const meant = typos?.get(word);
    if (meant?.length) ways.push(sql`s.words && ${[...meant]}::text[]`);
    conditions.push(sql`(${ways.reduce((all, way) => sql`${all} OR ${way}`)})`);
  }
  if (categories) conditions.push(sql`s.category_id = ANY(${[...categories]}::uuid[])`);
  if (minPrice !== undefined) conditions.push(sql`s.price >= ${minPrice}`);
  if (maxPrice !== undefined) conditions.push(sql`s.price <= ${maxPrice}`);
  if (inStock !== undefined) conditions.push(sql`s.in_stock = ${inStock}::boolean`);
  return conditions;
}

export function orderingOf(sort: ProductSort, words: readonly string[], typos?: Typos): Ordering {
  const id = sql`s.product_id`;
  const orderings: Record<ProductSort, Ordering> = {
    newest: { value: sql`s.created_at`, id, byValue: 'DESC', byId: 'DESC' },
    price: { value: sql`s.price`, id, byValue: 'ASC', byId: 'ASC' },
    '-price': { value: sql`s.price`, id, byValue: 'DESC', byId: 'ASC' },
    name: { value: sql`s.sort_name`, id, byValue: 'ASC', byId: 'ASC' },
    relevance: { value: typos ? sql`('3' || s.sort_name)` : relevance(words), id, byValue: 'ASC', byId: 'ASC' },
  };
  return orderings[sort];
}

const relevance = (words: readonly string[]): Sql => {
  const allIn = (column: Sql) => allOf(words.map(word => sql`${column} LIKE ${containing(word)}`));
  return sql`(
    CASE WHEN ${allIn(sql`s.sort_name`)} THEN '0' WHEN ${allIn(sql`s.search_text`)} THEN '1' ELSE '2' END
    || s.sort_name)`;
};
