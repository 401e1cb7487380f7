import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError, invalidValue } from '../shared/domain-error.ts';
import type { CategoryId } from '../shared/ids.ts';
import { slugify } from '../shared/text.ts';

export interface CategorySnapshot extends Audit {
  readonly id: CategoryId;
  readonly name: string;
  readonly slug: string;
  readonly parentId: CategoryId | null;
  readonly deletedAt: Date | null;
}

export interface CategoryChanges {
  readonly name?: string;
  readonly slug?: string;
}

/** A shelf of the shop; shelves form a tree. */
export class Category {
  #state: CategorySnapshot;

  private constructor(state: CategorySnapshot) {
    this.#state = state;
  }

  static create(
    facts: { id: CategoryId; name: string; slug?: string; parentId: CategoryId | null },
    act: Act,
  ): Category {
    const slug = facts.slug ?? (slugify(facts.name) || facts.id);
    return new Category({ ...facts, slug, deletedAt: null, ...created(act) });
  }

  static restore(snapshot: CategorySnapshot): Category {
    return new Category(snapshot);
  }

  snapshot(): CategorySnapshot {
    return this.#state;
  }

  change(changes: CategoryChanges, act: Act): void {
    this.#state = revised({ ...this.#state, ...changes }, act);
  }

  /** @param ancestors the new parent and all above it, nearest first; empty for a top-level shelf */
  moveUnder(ancestors: readonly CategoryId[], act: Act): void {
    if (ancestors.includes(this.#state.id))
      throw invalidValue('parent_id', 'must not be the category itself or below it');
    this.#state = revised({ ...this.#state, parentId: ancestors[0] ?? null }, act);
  }

  delete(contents: { products: number; categories: number }, act: Act): void {
    if (contents.products + contents.categories > 0)
      throw new DomainError(
        'conflict',
        'CATEGORY_NOT_EMPTY',
        'Move its products and categories elsewhere first.',
        contents,
      );
    this.#state = revised({ ...this.#state, deletedAt: act.at }, act);
  }
}
