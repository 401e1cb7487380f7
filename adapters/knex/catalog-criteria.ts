import type { ProductCriteria, ProductSort } from '../../application/ports/catalog-queries.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import type { Ordering } from './pages.ts';
import { allOf, containing, sql, type Sql } from './sql.ts';

/** Blanks sql words, so no word can reach from one field of a product into the next. */
export const wordsOf = (text: string): string[] => fold(text).split(/\s+/).filter(Boolean);

/** Over `products p`. */
export function conditionsOf(criteria: ProductCriteria, words: readonly string[]): Sql[] {
  const { category, minPrice, maxPrice, inStock } = criteria;
  const conditions = [sql`p.deleted_at IS NULL AND p.status = 'active'`];
  conditions.push(...words.map(word => sql`p.search_text LIKE ${containing(word)}`));
  if (category !== undefined) conditions.push(sql`p.category_id IN (${categoryAndBelow(category)})`);
  if (minPrice !== undefined) conditions.push(sql`p.min_price >= ${minPrice}`);
  if (maxPrice !== undefined) conditions.push(sql`p.min_price <= ${maxPrice}`);
  if (inStock !== undefined) conditions.push(inStock ? IN_STOCK : sql`NOT ${IN_STOCK}`);
  return conditions;
}

const IN_STOCK = sql`
  EXISTS (SELECT FROM product_variants v JOIN inventory i ON i.variant_id = v.id
           WHERE v.product_id = p.id AND v.deleted_at IS NULL AND i.on_hand > i.reserved)`;

/** UNION, not UNION ALL: even a tree that has become a ring is walked once. */
const categoryAndBelow = (id: CategoryId): Sql => sql`
  WITH RECURSIVE below (id) AS (
    SELECT ${id}::uuid
    UNION SELECT c.id FROM categories c JOIN below b ON c.parent_id = b.id)
  SELECT id FROM below`;

/** Prices go up or down, but products of the same price always in the order of their ids. */
export function orderingOf(sort: ProductSort, words: readonly string[]): Ordering {
  const id = sql`p.id`;
  const orderings: Record<ProductSort, Ordering> = {
    newest: { value: sql`p.created_at`, id, byValue: 'DESC', byId: 'DESC' },
    price: { value: sql`p.min_price`, id, byValue: 'ASC', byId: 'ASC' },
    '-price': { value: sql`p.min_price`, id, byValue: 'DESC', byId: 'ASC' },
    name: { value: sql`p.sort_name`, id, byValue: 'ASC', byId: 'ASC' },
    relevance: { value: relevance(words), id, byValue: 'ASC', byId: 'ASC' },
  };
  return orderings[sort];
}

const relevance = (words: readonly string[]): Sql => {
  const inName = allOf(words.map(word => sql`p.sort_name LIKE ${containing(word)}`));
  return sql`(CASE WHEN ${inName} THEN '0' ELSE '1' END || p.sort_name)`;
};
