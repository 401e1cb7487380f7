import type { ProductImportQueries, ProductImports } from '../../application/ports/product-imports.ts';
import type { ImportNote, ProductImport } from '../../domain/catalog/product-import.ts';
import type { ImportId, UserId } from '../../domain/shared/ids.ts';
import type { Timestamp } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

interface ImportRow {
  readonly id: ImportId;
  readonly status: ProductImport['status'];
  readonly dry_run: boolean;
  readonly rows_read: number;
  readonly rows_created: number;
  readonly rows_updated: number;
  readonly rows_skipped: number;
  readonly errors: readonly ImportNote[];
  readonly warnings: readonly ImportNote[];
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  readonly created_by: UserId | null;
}

export class KnexProductImports implements ProductImports {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async save(report: ProductImport): Promise<void> {
    await this.#query(upsert('product_imports', 'id', [rowOf(report)]));
  }
}

export class KnexProductImportQueries implements ProductImportQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: ImportId): Promise<ProductImport | undefined> {
    const [row] = await this.#query<ImportRow>(sql`SELECT * FROM product_imports WHERE id = ${id}`);
    return row && importOf(row);
  }
}

const importOf = (row: ImportRow): ProductImport => ({
  id: row.id,
  status: row.status,
  dryRun: row.dry_run,
  rows: row.rows_read,
  created: row.rows_created,
  updated: row.rows_updated,
  skipped: row.rows_skipped,
  errors: row.errors.map(noteOf),
  warnings: row.warnings.map(noteOf),
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
  createdBy: row.created_by,
});

const noteOf = ({ row, handle, message }: ImportNote): ImportNote => ({ row, handle, message });

const rowOf = (report: ProductImport): ImportRow => ({
  id: report.id,
  status: report.status,
  dry_run: report.dryRun,
  rows_read: report.rows,
  rows_created: report.created,
  rows_updated: report.updated,
  rows_skipped: report.skipped,
  errors: report.errors,
  warnings: report.warnings,
  created_at: report.createdAt,
  updated_at: report.updatedAt,
  created_by: report.createdBy,
});
