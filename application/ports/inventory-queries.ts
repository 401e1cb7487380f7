import type { Movement, StockSnapshot } from '../../domain/inventory/stock-item.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

export interface InventoryRow extends StockSnapshot {
  readonly sku: string;
  /** Of the product. */
  readonly name: string;
  readonly available: number;
}

export interface InventoryCriteria {
  readonly variantId?: VariantId | undefined;
  readonly sku?: string | undefined;
  /** Part of SKU or product name, folded. */
  readonly text?: string | undefined;
  /** Only rows at or below their threshold. */
  readonly low?: boolean | undefined;
}

export interface MovementRow extends Movement {
  readonly id: string;
  readonly refType: string | null;
  readonly refId: string | null;
  readonly at: Date;
}

/** Stock of variants that are not deleted, for staff. */
export interface InventoryQueries {
  /** In order of SKU (code points); positions carry the SKU. */
  list(criteria: InventoryCriteria, page: PageRequest): Promise<Page<InventoryRow>>;
  find(variantId: VariantId): Promise<InventoryRow | undefined>;
  /** Newest first; positions carry the id twice. */
  ledger(variantId: VariantId, page: PageRequest): Promise<Page<MovementRow>>;
}
