import type { ProductImport } from '../../domain/catalog/product-import.ts';
import type { ImportId } from '../../domain/shared/ids.ts';

/** Reports of product imports. */
export interface ProductImports {
  save(report: ProductImport): Promise<void>;
}

export interface ProductImportQueries {
  find(id: ImportId): Promise<ProductImport | undefined>;
}
