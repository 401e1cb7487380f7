import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type { CategoryId } from '../../domain/shared/ids.ts';
import type { CatalogQueries } from '../ports/catalog-queries.ts';
import type { ProductSheets } from '../ports/product-sheets.ts';

/** Writes every product as a sheet that `ImportProducts` would find nothing new in. */
export class ExportProducts {
  readonly #ports: { readonly catalog: CatalogQueries; readonly sheets: ProductSheets };

  constructor(ports: { readonly catalog: CatalogQueries; readonly sheets: ProductSheets }) {
    this.#ports = ports;
  }

  /** Text in pieces, made while they are read. */
  async *execute(): AsyncIterable<string> {
    const { catalog, sheets } = this.#ports;
    const categories = new Map((await catalog.categories()).map(category => [category.id, category]));
    yield* sheets.write(catalog.all(), product => pathOf(product.categoryId, categories));
  }
}

function pathOf(id: CategoryId, categories: ReadonlyMap<CategoryId, CategorySnapshot>): readonly string[] {
  const path: string[] = [];
  for (let next: CategoryId | null = id; next;) {
    const category = categories.get(next);
    if (category) path.unshift(category.name);
    next = category?.parentId ?? null;
  }
  return path;
}
