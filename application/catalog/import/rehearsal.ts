import { Product, type ProductSnapshot } from '../../../domain/catalog/product.ts';
import { StockItem, type StockSnapshot } from '../../../domain/inventory/stock-item.ts';
import type { VariantId } from '../../../domain/shared/ids.ts';
import type { ProductPlan } from './plan-product.ts';

const MOST_PRODUCTS = 2_000;

/**
 * What a dry run would have written, so that a handle that comes back later in the file finds it. Only the latest
 * 2,000 products are kept: one that comes back after more than that is counted as the store has it.
 */
export class Rehearsal {
  readonly #products = new Map<string, ProductSnapshot>();
  readonly #stock = new Map<VariantId, StockSnapshot>();

  keep(plans: readonly ProductPlan[]): void {
    for (const { product, stock } of plans) {
      if (product) this.#products.set(product.snapshot().slug, product.snapshot());
      for (const item of stock) this.#stock.set(item.snapshot().variantId, item.snapshot());
    }
    for (const [slug, { variants }] of this.#products) {
      if (this.#products.size <= MOST_PRODUCTS) return;
      this.#products.delete(slug);
      for (const { id } of variants) this.#stock.delete(id);
    }
  }

  product(slug: string): Product | undefined {
    const snapshot = this.#products.get(slug);
    return snapshot && Product.restore(snapshot);
  }

  stock(id: VariantId): StockItem | undefined {
    const snapshot = this.#stock.get(id);
    return snapshot && StockItem.restore(snapshot);
  }
}
