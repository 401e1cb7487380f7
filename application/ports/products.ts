import type { Product } from '../../domain/catalog/product.ts';
import type { Sku } from '../../domain/catalog/sku.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';

/** Products that are not deleted, each with all its variants. */
export interface Products {
  find(id: ProductId): Promise<Product | undefined>;
  findByVariant(id: VariantId): Promise<Product | undefined>;
  /** Those that exist, in ascending order of id. */
  findBySlugs(slugs: readonly string[]): Promise<readonly Product[]>;
  /** Which of these SKUs live variants hold, and of which product. */
  ownersOf(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, ProductId>>;
  /**
   * Adds or replaces. Does not touch stock: open a stock item for each new variant.
   * @throws DomainError SKU_TAKEN (details `sku`) or SLUG_TAKEN when a live one elsewhere holds it;
   *   VALIDATION_ERROR on `category_id` when there is no such live category
   */
  save(products: readonly Product[]): Promise<void>;
}
