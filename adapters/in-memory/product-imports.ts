import type { ProductImportQueries, ProductImports } from '../../application/ports/product-imports.ts';
import type { ProductImport } from '../../domain/catalog/product-import.ts';
import type { ImportId } from '../../domain/shared/ids.ts';
import type { Drafts, View } from './tables.ts';

export class InMemoryProductImports implements ProductImports {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async save(report: ProductImport): Promise<void> {
    this.#drafts.productImports.set(report.id, structuredClone(report));
  }
}

export class InMemoryProductImportQueries implements ProductImportQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async find(id: ImportId): Promise<ProductImport | undefined> {
    return this.#view.productImports.get(id);
  }
}
