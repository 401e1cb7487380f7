import type { Categories } from '../../application/ports/categories.ts';
import { Category, type CategorySnapshot } from '../../domain/catalog/category.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';
import { requireRow } from './references.ts';
import type { Drafts } from './tables.ts';

export class InMemoryCategories implements Categories {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: CategoryId): Promise<Category | undefined> {
    const row = this.#drafts.categories.get(id);
    return row && !row.deletedAt ? Category.restore(row) : undefined;
  }

  async findAll(): Promise<readonly Category[]> {
    return this.#live().map(row => Category.restore(row));
  }

  async contents(id: CategoryId): Promise<{ products: number; categories: number }> {
    let products = 0;
    for (const product of this.#drafts.products.values())
      if (product.categoryId === id && !product.deletedAt) products += 1;
    return { products, categories: this.#live().filter(row => row.parentId === id).length };
  }

  async save(categories: readonly Category[]): Promise<void> {
    const { categories: rows, liveCategoriesBySlug: slugs } = this.#drafts;
    const changed = categories.map(category => category.snapshot());
    for (const row of changed) {
      const before = rows.get(row.id);
      if (before && slugs.get(before.slug) === row.id) slugs.delete(before.slug);
      rows.set(row.id, row);
    }
    for (const row of changed) {
      requireRow(rows, row.parentId, 'category');
      if (row.deletedAt) continue;
      const owner = slugs.get(row.slug);
      if (owner !== undefined && owner !== row.id) throw slugTaken(row.slug);
      slugs.set(row.slug, row.id);
    }
  }

  #live(): CategorySnapshot[] {
    return [...this.#drafts.categories.values()].filter(row => !row.deletedAt);
  }
}

export const slugTaken = (slug: string): DomainError =>
  new DomainError('conflict', 'SLUG_TAKEN', 'Something else has this slug already.', { slug });
