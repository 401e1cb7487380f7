import Joi from 'joi';
import type { InventoryRow, MovementRow } from '../../../application/ports/inventory-queries.ts';
import { time, uuid, version } from '../schemas.ts';

export const inventorySchema = Joi.object({
  variant_id: uuid.required(),
  sku: Joi.string().required(),
  name: Joi.string().required(),
  on_hand: Joi.number().integer().min(0).required(),
  reserved: Joi.number().integer().min(0).required(),
  available: Joi.number().integer().min(0).required(),
  low_stock_threshold: Joi.number().integer().allow(null).required(),
  version: version.required(),
}).meta({ name: 'InventoryItem' });

export const inventoryView = (row: InventoryRow) => ({
  variant_id: row.variantId,
  sku: row.sku,
  name: row.name,
  on_hand: row.onHand,
  reserved: row.reserved,
  available: row.available,
  low_stock_threshold: row.lowStockThreshold,
  version: row.version,
});

export const movementSchema = Joi.object({
  id: uuid.required(),
  variant_id: uuid.required(),
  delta: Joi.number().integer().required(),
  kind: Joi.string().valid('RECEIPT', 'ADJUST', 'SALE', 'RETURN').required(),
  reason: Joi.string().allow(null).required(),
  ref_type: Joi.string().allow(null).required(),
  ref_id: uuid.allow(null).required(),
  created_by: uuid.allow(null).required(),
  created_at: time.required(),
}).meta({ name: 'StockMovement' });

export const movementView = (row: MovementRow) => ({
  id: row.id,
  variant_id: row.variantId,
  delta: row.delta,
  kind: row.kind,
  reason: row.reason,
  ref_type: row.refType,
  ref_id: row.refId,
  created_by: row.by,
  created_at: row.at,
});
