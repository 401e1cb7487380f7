import type {
  CatalogQueries,
  ProductCriteria,
  ProductFacets,
  ProductPage,
  ProductView,
  VariantView,
} from '../../application/ports/catalog-queries.ts';
import type { PageRequest } from '../../application/ports/paging.ts';
import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { conditionsOf, orderingOf, wordsOf } from './catalog-criteria.ts';
import { categoryOf, type CategoryRow } from './categories.ts';
import { readPage } from './pages.ts';
import { productOf, type ProductRow, variantOf, type VariantRow } from './product-rows.ts';
import { allOf, fleeting, type Query, sql, type Sql } from './sql.ts';

interface ListedVariantRow extends VariantRow {
  readonly on_hand: number;
  readonly reserved: number;
}

interface ListedProductRow extends ProductRow {
  readonly variants: readonly ListedVariantRow[] | null;
  readonly sort_value: string | number | Date;
}

/** How many products are read at a time when all are. */
const BATCH = 200;

export class KnexCatalogQueries implements CatalogQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async search(criteria: ProductCriteria, page: PageRequest): Promise<ProductPage> {
    const words = wordsOf(criteria.text ?? '');
    const where = conditionsOf(criteria, words);
    const order = orderingOf(criteria.sort, words);
    const [found, facets] = await Promise.all([
      readPage<ListedProductRow, ProductView>(this.#query, {
        select: selectProducts(order.value),
        from: sql`products p`,
        where,
        order,
        page,
        positionOf: row => ({ value: sortValueOf(row), id: row.id }),
        itemOf: viewOf,
      }),
      this.#facets(criteria, where),
    ]);
    return { ...found, facets };
  }

  async product(
    by: { id: ProductId } | { slug: string },
    { hidden } = { hidden: false },
  ): Promise<ProductView | undefined> {
    const named = 'id' in by ? sql`p.id = ${by.id}` : sql`p.slug = ${by.slug}`;
    const [row] = await this.#query<ListedProductRow>(sql`
      ${selectProducts(sql`NULL`)}
       WHERE ${named} AND p.deleted_at IS NULL AND (p.status = 'active' OR ${hidden}::boolean)`);
    return row && viewOf(row);
  }

  async products(ids: readonly ProductId[]): Promise<readonly ProductView[]> {
    const rows = await this.#query<ListedProductRow>(sql`
      ${selectProducts(sql`NULL`)}
       WHERE p.id = ANY(${[...ids]}::uuid[]) AND p.deleted_at IS NULL AND p.status = 'active'`);
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.flatMap(id => (byId.has(id) ? [viewOf(byId.get(id)!)] : []));
  }

  async categories(): Promise<readonly CategorySnapshot[]> {
    const rows = await this.#query<CategoryRow>(sql`
      SELECT * FROM categories WHERE deleted_at IS NULL ORDER BY sort_name, id`);
    return rows.map(categoryOf);
  }

  async *all(): AsyncIterable<ProductView> {
    for (let after = ''; ;) {
      // oxlint-disable-next-line no-await-in-loop -- a batch begins where the one before it ended
      const rows: ListedProductRow[] = await this.#query<ListedProductRow>(sql`
        ${selectProducts(sql`NULL`)} WHERE p.deleted_at IS NULL AND p.slug > ${after} ORDER BY p.slug LIMIT ${BATCH}`);
      yield* rows.map(viewOf);
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.slug;
    }
  }

  async #facets({ facets = [] }: ProductCriteria, where: readonly Sql[]): Promise<ProductFacets> {
    const [category, price] = await Promise.all([
      facets.includes('category') ? this.#categoryFacet(where) : undefined,
      facets.includes('price') ? this.#priceFacet(where) : undefined,
    ]);
    return { ...(category && { category }), ...(price !== undefined && { price }) };
  }

  #categoryFacet(where: readonly Sql[]): Promise<NonNullable<ProductFacets['category']>> {
    return this.#query<{ id: CategoryId; name: string; count: number }>(
      fleeting(sql`
      SELECT c.id, c.name, f.count
        FROM (SELECT p.category_id, COUNT(*) AS count FROM products p WHERE ${allOf(where)} GROUP BY p.category_id) f
        JOIN categories c ON c.id = f.category_id
       ORDER BY f.count DESC, c.sort_name, c.id`),
    );
  }

  async #priceFacet(where: readonly Sql[]): Promise<NonNullable<ProductFacets['price']> | null> {
    const [row] = await this.#query<{ min: number | null; max: number | null }>(
      fleeting(sql`SELECT MIN(p.min_price) AS min, MAX(p.min_price) AS max FROM products p WHERE ${allOf(where)}`),
    );
    return row && row.min !== null && row.max !== null ? { min: row.min, max: row.max } : null;
  }
}

/** Variants and stock come with their products in the same statement; Postgres fetches them for the page only. */
const selectProducts = (sortValue: Sql): Sql => sql`
  SELECT p.id, p.name, p.slug, p.description, p.category_id, p.vendor, p.tags, p.status, p.images, p.deleted_at,
         p.created_at, p.updated_at, p.created_by, p.updated_by, p.version, ${sortValue} AS sort_value,
         (SELECT json_agg(l ORDER BY l.position)
            FROM (SELECT v.*, COALESCE(i.on_hand, 0) AS on_hand, COALESCE(i.reserved, 0) AS reserved
                    FROM product_variants v LEFT JOIN inventory i ON i.variant_id = v.id
                   WHERE v.product_id = p.id AND v.deleted_at IS NULL) l) AS variants
    FROM products p`;

const sortValueOf = ({ sort_value: value }: ListedProductRow): string | number =>
  value instanceof Date ? value.toISOString() : value;

const viewOf = (row: ListedProductRow): ProductView => ({
  ...productOf(row),
  variants: (row.variants ?? []).map((variant): VariantView => ({
    ...variantOf(variant),
    onHand: variant.on_hand,
    reserved: variant.reserved,
    available: variant.on_hand - variant.reserved,
  })),
});
