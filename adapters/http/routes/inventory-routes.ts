import Joi from 'joi';
import type { ChangeStock } from '../../../application/inventory/change-stock.ts';
import type { InventoryQueries } from '../../../application/ports/inventory-queries.ts';
import { LARGEST_STOCK } from '../../../domain/inventory/stock-item.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { ProductId, VariantId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { type Answer, list, one, type Route, route } from '../route.ts';
import { idParams, text, uuid } from '../schemas.ts';
import { inventorySchema, inventoryView, movementSchema, movementView } from '../views/inventory-view.ts';

export interface InventoryUseCases {
  readonly changeStock: ChangeStock;
  readonly inventory: InventoryQueries;
}

interface StockBody {
  readonly stock_qty?: number;
  readonly low_stock_threshold?: number | null;
}

interface InventoryQuery extends PageQuery {
  readonly variant_id?: string;
  readonly sku?: string;
  readonly q?: string;
}

const variantParams = Joi.object<{ variant_id: string }>({ variant_id: uuid.required() });
const stockQty = Joi.number().integer().min(0).max(LARGEST_STOCK);
const threshold = Joi.number().integer().min(0).max(LARGEST_STOCK).allow(null);

export function inventoryRoutes(use: InventoryUseCases): Route[] {
  const shown = async (id: VariantId, status: 200 | 201 = 200): Promise<Answer> => {
    const row = await use.inventory.find(id);
    if (!row) throw notFound('Variant');
    return { status, data: inventoryView(row), version: row.version };
  };

  return [
    route({
      method: 'PATCH',
      path: '/admin/products/{id}',
      name: 'countProduct',
      tag: 'Inventory',
      summary: 'Set what is on hand of a product of one variant',
      access: 'inventory:write',
      params: idParams,
      body: Joi.object<{ stock_qty: number }>({ stock_qty: stockQty.required() }),
      answers: { 200: one(inventorySchema) },
      errors: ['STOCK_BELOW_RESERVED', 'RULE_VIOLATION'],
      handle: async ({ params, body, userId, ifMatch }) => {
        const command = { productId: ProductId(params.id), by: userId, expectedVersion: ifMatch };
        const { variantId } = await use.changeStock.countProduct({ ...command, stockQty: body.stock_qty });
        return shown(variantId);
      },
    }),
    route({
      method: 'GET',
      path: '/admin/inventory',
      name: 'listInventory',
      tag: 'Inventory',
      summary: 'Stock of all variants, by SKU',
      access: 'inventory:read',
      query: Joi.object<InventoryQuery>({ ...pageQuery, variant_id: uuid, sku: text(100), q: text(100) }),
      answers: { 200: list(inventorySchema, pageMeta) },
      handle: async request => {
        const { variant_id: id, sku, q } = request.query;
        const criteria = { variantId: id === undefined ? undefined : VariantId(id), sku, text: q };
        const page = await use.inventory.list(criteria, pageRequest('inventory', request));
        return pageAnswer('inventory', request, page, inventoryView);
      },
    }),
    route({
      method: 'GET',
      path: '/admin/inventory/low-stock',
      name: 'listLowStock',
      tag: 'Inventory',
      summary: 'What is at or below its threshold',
      access: 'inventory:read',
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: list(inventorySchema, pageMeta) },
      handle: async request => {
        const page = await use.inventory.list({ low: true }, pageRequest('low-stock', request));
        return pageAnswer('low-stock', request, page, inventoryView);
      },
    }),
    route({
      method: 'PATCH',
      path: '/admin/inventory/{variant_id}',
      name: 'countVariant',
      tag: 'Inventory',
      summary: 'Set what is on hand, or when to warn',
      access: 'inventory:write',
      params: variantParams,
      body: Joi.object<StockBody>({ stock_qty: stockQty, low_stock_threshold: threshold }).min(1),
      answers: { 200: one(inventorySchema) },
      errors: ['STOCK_BELOW_RESERVED'],
      handle: async ({ params, body, userId, ifMatch }) => {
        const variantId = VariantId(params.variant_id);
        const { stock_qty: onHand, low_stock_threshold: lowStockThreshold } = body;
        await use.changeStock.count({
          variantId,
          by: userId,
          expectedVersion: ifMatch,
          stockQty: onHand,
          lowStockThreshold,
        });
        return shown(variantId);
      },
    }),
    route({
      method: 'POST',
      path: '/admin/inventory/{variant_id}/adjustments',
      name: 'adjustStock',
      tag: 'Inventory',
      summary: 'Add or take units, with the reason',
      access: 'inventory:write',
      params: variantParams,
      body: Joi.object<{ delta: number; reason: string }>({
        delta: Joi.number().integer().min(-LARGEST_STOCK).max(LARGEST_STOCK).invalid(0).required(),
        reason: text(500).required(),
      }),
      answers: { 201: one(inventorySchema) },
      errors: ['STOCK_BELOW_RESERVED', 'RULE_VIOLATION', 'PRECONDITION_FAILED'],
      handle: async ({ params, body, userId, ifMatch }) => {
        const variantId = VariantId(params.variant_id);
        await use.changeStock.adjust({ variantId, by: userId, expectedVersion: ifMatch, ...body });
        return shown(variantId, 201);
      },
    }),
    route({
      method: 'GET',
      path: '/admin/inventory/{variant_id}/ledger',
      name: 'showLedger',
      tag: 'Inventory',
      summary: 'Every unit that came or went, the newest first',
      access: 'inventory:read',
      params: variantParams,
      query: Joi.object<PageQuery>(pageQuery),
      answers: { 200: list(movementSchema, pageMeta) },
      handle: async request => {
        const variantId = VariantId(request.params.variant_id);
        if (!(await use.inventory.find(variantId))) throw notFound('Variant');
        const order = `ledger:${variantId}`;
        const page = await use.inventory.ledger(variantId, pageRequest(order, request));
        return pageAnswer(order, request, page, movementView);
      },
    }),
  ];
}
