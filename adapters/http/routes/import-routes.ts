import Joi from 'joi';
import { Readable } from 'node:stream';
import type { ExportProducts } from '../../../application/catalog/export-products.ts';
import type { ImportProducts } from '../../../application/catalog/import-products.ts';
import type { StartProductImport } from '../../../application/catalog/start-product-import.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { ProductImportQueries } from '../../../application/ports/product-imports.ts';
import { asSeenAt } from '../../../domain/catalog/product-import.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { ImportId } from '../../../domain/shared/ids.ts';
import { HttpRefusal } from '../errors.ts';
import { one, raw, type Route, route } from '../route.ts';
import { idParams } from '../schemas.ts';
import { spool } from '../spool.ts';
import { importSchema, importView } from '../views/import-view.ts';

export interface ImportUseCases {
  readonly startProductImport: StartProductImport;
  readonly importProducts: ImportProducts;
  readonly exportProducts: ExportProducts;
  readonly productImports: ProductImportQueries;
  readonly clock: Clock;
  /** What the prices in a sheet are in. */
  readonly currency: Currency;
  /** Runs a task that the answer does not wait for; the shop waits for it when it closes. */
  readonly inBackground: (name: string, task: () => Promise<void>) => void;
}

const MOST_BYTES = 20_000_000;

export const importRoutes = (use: ImportUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/admin/imports/products',
    name: 'importProducts',
    tag: 'Import and export',
    summary: 'Take in products from a CSV file in Shopify’s format; with dry_run nothing is kept',
    access: 'products:write',
    idempotency: 'ignored',
    query: Joi.object<{ dry_run: boolean }>({ dry_run: Joi.boolean().default(false) }),
    body: 'csv',
    answers: { 202: one(importSchema) },
    handle: async ({ query, stream, userId, contentLength }) => {
      if ((contentLength ?? 0) > MOST_BYTES) throw new HttpRefusal('PAYLOAD_TOO_LARGE');
      const upload = await spool(stream, MOST_BYTES);
      const start = use.startProductImport.execute({ dryRun: query.dry_run, by: userId });
      const report = await start.catch(async (error: unknown) => {
        await upload.drop();
        throw error;
      });
      use.inBackground('product import', async () => {
        try {
          await use.importProducts.execute({ report, bytes: upload.bytes, currency: use.currency });
        } finally {
          await upload.drop();
        }
      });
      return { status: 202, data: importView(report), location: `/api/v1/admin/imports/${report.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/admin/imports/{id}',
    name: 'showImport',
    tag: 'Import and export',
    summary: 'How far an import has come, and what it refused',
    access: 'products:write',
    params: idParams,
    answers: { 200: one(importSchema) },
    handle: async ({ params }) => {
      const report = await use.productImports.find(ImportId(params.id));
      if (!report) throw notFound('Import');
      return { status: 200, data: importView(asSeenAt(report, use.clock.now())) };
    },
  }),
  route({
    method: 'GET',
    path: '/admin/exports/products',
    name: 'exportProducts',
    tag: 'Import and export',
    summary: 'All products as a CSV file that an import would find nothing new in',
    access: 'products:write',
    answers: { 200: raw(Joi.string(), 'text/csv') },
    handle: () => ({
      status: 200,
      raw: Readable.from(use.exportProducts.execute()),
      type: 'text/csv; charset=utf-8',
      fileName: 'products.csv',
    }),
  }),
];
