import type { StockItem } from '../../domain/inventory/stock-item.ts';
import type { VariantId } from '../../domain/shared/ids.ts';

export interface Stock {
  /** Those that exist, locked in ascending order of variant id. */
  find(variantIds: readonly VariantId[]): Promise<readonly StockItem[]>;
  /** Adds or replaces, and appends each item's movements to the ledger. */
  save(items: readonly StockItem[]): Promise<void>;
}
