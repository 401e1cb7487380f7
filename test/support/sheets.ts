import type { ProductImport } from '../../domain/catalog/product-import.ts';
import { failedRows } from '../../domain/catalog/product-import.ts';
import { Currency } from '../../domain/shared/currency.ts';
import { ShopifySheets } from '../../adapters/csv/shopify-sheets.ts';
import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { ExportProducts } from '../../application/catalog/export-products.ts';
import { ImportProducts } from '../../application/catalog/import-products.ts';
import { StartProductImport } from '../../application/catalog/start-product-import.ts';
import type { ProductView } from '../../application/ports/catalog-queries.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { NOON, nextId } from './builders.ts';

/** The bytes of a text in pieces of a size that cuts characters in two. */
export async function* inPieces(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** created / updated / skipped / failed, in rows. */
export const countsOf = (report: ProductImport): string =>
  `${report.created}/${report.updated}/${report.skipped}/${failedRows(report)}`;

/** "row handle: message" of each error. */
export const errorsOf = (report: ProductImport): string[] =>
  report.errors.map(({ row, handle, message }) => `${row} ${handle}: ${message}`);

export const warningsOf = (report: ProductImport): string[] =>
  report.warnings.map(({ row, handle, message }) => `${row} ${handle}: ${message}`);

/** A shop in memory that takes in and gives out sheets; its clock goes on by a second whenever it is read. */
export function aShopWithSheets(wrap: (unitOfWork: UnitOfWork) => UnitOfWork = unitOfWork => unitOfWork) {
  let seconds = 0;
  const clock = { now: () => new Date(NOON.getTime() + 1000 * seconds++) };
  const store = createInMemoryStore({ clock });
  const sheets = new ShopifySheets();
  const ports = { unitOfWork: wrap(store.unitOfWork), sheets, clock, ids: { next: nextId } };

  const importBytes = async (bytes: AsyncIterable<Uint8Array>, { dryRun = false } = {}): Promise<ProductImport> => {
    const report = await new StartProductImport(ports).execute({ dryRun, by: null });
    return new ImportProducts(ports).execute({ report, bytes, currency: Currency('USD') });
  };

  return {
    store,
    ports,
    importBytes,
    /** @param lines of a sheet, the header first */
    importLines: (lines: readonly string[], options?: { dryRun: boolean }) =>
      importBytes(inPieces(lines.join('\n')), options),
    exported: async () => (await all(new ExportProducts({ catalog: store.catalog, sheets }).execute())).join(''),
    events: () => [...store.tables.outbox.values()].map(({ event }) => event),
    products: (): Promise<ProductView[]> => all(store.catalog.all()),
    product: async (slug: string): Promise<ProductView> => {
      const product = await store.catalog.product({ slug }, { hidden: true });
      if (!product) throw new Error(`There is no product ${slug}`);
      return product;
    },
  };
}
