import type { Categories } from '../../application/ports/categories.ts';
import { Category, type CategorySnapshot } from '../../domain/catalog/category.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { refusing, slugTaken } from './errors.ts';
import { type AuditRow, auditOf, auditRow, dateOrNull, type Timestamp } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

export interface CategoryRow extends AuditRow {
  readonly id: CategoryId;
  readonly name: string;
  readonly slug: string;
  readonly parent_id: CategoryId | null;
  readonly deleted_at: Timestamp | null;
}

export class KnexCategories implements Categories {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The strongest lock: while a category may be about to go, no product can be put into it. */
  async find(id: CategoryId): Promise<Category | undefined> {
    const [row] = await this.#query<CategoryRow>(sql`
      SELECT * FROM categories WHERE id = ${id} AND deleted_at IS NULL FOR UPDATE`);
    return row && Category.restore(categoryOf(row));
  }

  async findAll(): Promise<readonly Category[]> {
    const rows = await this.#query<CategoryRow>(sql`
      SELECT * FROM categories WHERE deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE`);
    return rows.map(row => Category.restore(categoryOf(row)));
  }

  async contents(id: CategoryId): Promise<{ products: number; categories: number }> {
    const [row] = await this.#query<{ products: number; categories: number }>(sql`
      SELECT (SELECT COUNT(*) FROM products WHERE category_id = ${id} AND deleted_at IS NULL) AS products,
             (SELECT COUNT(*) FROM categories WHERE parent_id = ${id} AND deleted_at IS NULL) AS categories`);
    return row!;
  }

  async save(categories: readonly Category[]): Promise<void> {
    if (categories.length === 0) return;
    const rows = categories.map(category => rowOf(category.snapshot()));
    // Those that give up a slug let go of it first, so that another one can have it in the same go.
    await this.#query(sql`
      UPDATE categories c SET deleted_at = c.updated_at
        FROM json_populate_recordset(NULL::categories, ${JSON.stringify(rows)}) AS n
       WHERE c.id = n.id AND c.deleted_at IS NULL AND c.slug <> n.slug`);
    await this.#query(upsert('categories', 'id', rows)).catch(refusing({ categories_slug_unique: slugTaken }));
  }
}

export const categoryOf = (row: CategoryRow): CategorySnapshot => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  parentId: row.parent_id,
  deletedAt: dateOrNull(row.deleted_at),
  ...auditOf(row),
});

const rowOf = (category: CategorySnapshot): CategoryRow & { readonly sort_name: string } => ({
  id: category.id,
  name: category.name,
  slug: category.slug,
  parent_id: category.parentId,
  sort_name: fold(category.name),
  deleted_at: category.deletedAt,
  ...auditRow(category),
});
