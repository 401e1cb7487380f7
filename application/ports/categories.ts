import type { Category } from '../../domain/catalog/category.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';

/** Categories that are not deleted. */
export interface Categories {
  find(id: CategoryId): Promise<Category | undefined>;
  /** All of them; a shop has hundreds, not millions. */
  findAll(): Promise<readonly Category[]>;
  /** How many live products and sub-categories stand directly in it. */
  contents(id: CategoryId): Promise<{ products: number; categories: number }>;
  /** Adds or replaces. @throws DomainError SLUG_TAKEN when another live category has the slug */
  save(categories: readonly Category[]): Promise<void>;
}
