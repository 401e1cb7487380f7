import { Category } from '../../../domain/catalog/category.ts';
import type { Act } from '../../../domain/shared/audit.ts';
import { CategoryId } from '../../../domain/shared/ids.ts';
import { fold, slugify } from '../../../domain/shared/text.ts';
import type { Ids } from '../../ports/ids.ts';
import { categoryCell } from './sheet-form.ts';

const UNCATEGORISED = ['Uncategorised'];

/** The categories of the shop by their path, and those that an import adds. */
export class Shelves {
  readonly #byPath: Map<string, CategoryId>;
  readonly #pathOf: Map<CategoryId, string>;
  readonly #slugs: Set<string>;
  readonly added: Category[] = [];

  private constructor(byPath: Map<string, CategoryId>, pathOf: Map<CategoryId, string>, slugs: Set<string>) {
    this.#byPath = byPath;
    this.#pathOf = pathOf;
    this.#slugs = slugs;
  }

  static of(categories: readonly Category[]): Shelves {
    const byId = new Map(categories.map(category => [category.snapshot().id, category.snapshot()]));
    const shelves = new Shelves(new Map(), new Map(), new Set());
    for (const { id, slug, name, parentId } of byId.values()) {
      const path = [name];
      for (let above = parentId && byId.get(parentId); above; above = above.parentId && byId.get(above.parentId))
        path.unshift(above.name);
      shelves.#note(keyOf(path), id, slug);
    }
    return shelves;
  }

  /** A copy whose additions do not show here. */
  draft(): Shelves {
    return new Shelves(new Map(this.#byPath), new Map(this.#pathOf), new Set(this.#slugs));
  }

  holds(id: CategoryId, path: readonly string[]): boolean {
    return this.#pathOf.get(id) === keyOf(path);
  }

  /** The category at the end of a path, made with all above it where they are missing. */
  place(path: readonly string[] | undefined, ids: Ids, act: Act): CategoryId {
    const names = path ?? UNCATEGORISED;
    return this.#byPath.get(keyOf(names)) ?? this.#add(names, ids, act);
  }

  #add(path: readonly string[], ids: Ids, act: Act): CategoryId {
    const id = CategoryId(ids.next());
    const parentId = path.length > 1 ? this.place(path.slice(0, -1), ids, act) : null;
    const slug = this.#freeSlug(slugify(path.join(' ')) || id);
    this.added.push(Category.create({ id, name: path.at(-1)!, slug, parentId }, act));
    this.#note(keyOf(path), id, slug);
    return id;
  }

  #freeSlug(stem: string): string {
    let slug = stem;
    for (let number = 2; this.#slugs.has(slug); number++) slug = `${stem}-${number}`;
    return slug;
  }

  #note(path: string, id: CategoryId, slug: string): void {
    if (!this.#byPath.has(path)) this.#byPath.set(path, id);
    this.#pathOf.set(id, path);
    this.#slugs.add(slug);
  }
}

const keyOf = (path: readonly string[]): string => categoryCell(path.map(fold));
