import type {
  InventoryCriteria,
  InventoryQueries,
  InventoryRow,
  MovementRow,
} from '../../application/ports/inventory-queries.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { newestFirst, type Ordering, pageOf } from './paging.ts';
import type { View } from './tables.ts';

const BY_SKU: Ordering<InventoryRow> = {
  positionOf: row => ({ value: row.sku, id: row.variantId }),
  byValue: 1,
  byId: 1,
};

export class InMemoryInventoryQueries implements InventoryQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async list(criteria: InventoryCriteria, request: PageRequest): Promise<Page<InventoryRow>> {
    const rows: InventoryRow[] = [];
    for (const variantId of this.#candidates(criteria)) {
      const row = this.#row(variantId);
      if (row && matches(row, criteria)) rows.push(row);
    }
    return pageOf(rows, BY_SKU, request, row => row);
  }

  async find(variantId: VariantId): Promise<InventoryRow | undefined> {
    return this.#row(variantId);
  }

  async ledger(variantId: VariantId, request: PageRequest): Promise<Page<MovementRow>> {
    return pageOf(
      this.#view.ledger.of(variantId),
      newestFirst(row => row.id),
      request,
      row => row,
    );
  }

  #candidates({ variantId, sku }: InventoryCriteria): readonly VariantId[] {
    if (variantId !== undefined) return [variantId];
    if (sku !== undefined) return [this.#view.liveVariantsBySku.get(sku)].filter(id => id !== undefined);
    return [...this.#view.stock.values()].map(stock => stock.variantId);
  }

  #row(variantId: VariantId): InventoryRow | undefined {
    const stock = this.#view.stock.get(variantId);
    const productId = this.#view.productsByVariant.get(variantId);
    const product = productId && this.#view.products.get(productId);
    const variant = product?.variants.find(candidate => candidate.id === variantId);
    if (!stock || !product || !variant || variant.deletedAt) return undefined;
    return { ...stock, sku: variant.sku, name: product.name, available: stock.onHand - stock.reserved };
  }
}

function matches(row: InventoryRow, { sku, text, low }: InventoryCriteria): boolean {
  if (sku !== undefined && row.sku !== sku) return false;
  if (low && (row.lowStockThreshold === null || row.available > row.lowStockThreshold)) return false;
  if (text === undefined) return true;
  const part = fold(text);
  return fold(row.sku).includes(part) || fold(row.name).includes(part);
}
