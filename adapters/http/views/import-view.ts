import Joi from 'joi';
import { failedRows, type ProductImport } from '../../../domain/catalog/product-import.ts';
import { time, uuid } from '../schemas.ts';

const notes = Joi.array().items(
  Joi.object({
    row: Joi.number().integer().required(),
    handle: Joi.string().allow('').required(),
    message: Joi.string().required(),
  }),
);

export const importSchema = Joi.object({
  id: uuid.required(),
  status: Joi.string().valid('pending', 'running', 'completed', 'failed').required(),
  dry_run: Joi.boolean().required(),
  rows: Joi.number().integer().required(),
  created: Joi.number().integer().required(),
  updated: Joi.number().integer().required(),
  skipped: Joi.number().integer().required(),
  failed: Joi.number().integer().required(),
  errors: notes.required(),
  warnings: notes.required(),
  created_at: time.required(),
  updated_at: time.required(),
})
  .meta({ name: 'ProductImport' })
  .description('Counts are rows of the file: rows = created + updated + skipped + failed.');

export const importView = (report: ProductImport) => ({
  id: report.id,
  status: report.status,
  dry_run: report.dryRun,
  rows: report.rows,
  created: report.created,
  updated: report.updated,
  skipped: report.skipped,
  failed: failedRows(report),
  errors: report.errors,
  warnings: report.warnings,
  created_at: report.createdAt,
  updated_at: report.updatedAt,
});
