import type { Products } from '../../application/ports/products.ts';
import { Product, type ProductSnapshot } from '../../domain/catalog/product.ts';
import type { Sku } from '../../domain/catalog/sku.ts';
import { DomainError, invalidValue } from '../../domain/shared/domain-error.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';
import { slugTaken } from './categories.ts';
import { requireFree } from './references.ts';
import type { Drafts } from './tables.ts';

export class InMemoryProducts implements Products {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: ProductId): Promise<Product | undefined> {
    return this.#live(id);
  }

  async findByVariant(id: VariantId): Promise<Product | undefined> {
    const product = this.#live(this.#drafts.productsByVariant.get(id));
    return product?.liveVariants().some(variant => variant.id === id) ? product : undefined;
  }

  async findBySlugs(slugs: readonly string[]): Promise<readonly Product[]> {
    const ids = new Set(slugs.map(slug => this.#drafts.liveProductsBySlug.get(slug)));
    const found = [...ids].map(id => this.#live(id)).filter(product => product !== undefined);
    return found.toSorted((a, b) => (a.snapshot().id < b.snapshot().id ? -1 : 1));
  }

  async ownersOf(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, ProductId>> {
    const owners = new Map<Sku, ProductId>();
    for (const sku of skus) {
      const variantId = this.#drafts.liveVariantsBySku.get(sku);
      if (variantId) owners.set(sku, this.#drafts.productsByVariant.get(variantId)!);
    }
    return owners;
  }

  async save(products: readonly Product[]): Promise<void> {
    const rows = products.map(product => product.snapshot());
    for (const row of rows) this.#forget(row.id);
    for (const row of rows) this.#put(row);
  }

  #live(id: ProductId | undefined): Product | undefined {
    const row = id && this.#drafts.products.get(id);
    return row && !row.deletedAt ? Product.restore(row) : undefined;
  }

  /** Frees what the old versions held, so that products may hand slugs and SKUs to one another in one go. */
  #forget(id: ProductId): void {
    const { products, liveProductsBySlug: slugs, liveVariantsBySku: skus } = this.#drafts;
    const row = products.get(id);
    if (!row || row.deletedAt) return;
    slugs.delete(row.slug);
    for (const variant of row.variants) if (!variant.deletedAt) skus.delete(variant.sku);
  }

  #put(row: ProductSnapshot): void {
    const {
      products,
      categories,
      productsByVariant,
      liveProductsBySlug: slugs,
      liveVariantsBySku: skus,
    } = this.#drafts;
    products.set(row.id, row);
    for (const variant of row.variants) {
      requireFree(productsByVariant, variant.id, row.id, 'variant');
      productsByVariant.set(variant.id, row.id);
    }
    if (row.deletedAt) return;
    if (categories.get(row.categoryId)?.deletedAt !== null) throw invalidValue('category_id', 'must be a category');
    if (slugs.get(row.slug)) throw slugTaken(row.slug);
    slugs.set(row.slug, row.id);
    for (const { id, sku, deletedAt } of row.variants) {
      if (deletedAt) continue;
      if (skus.get(sku)) throw new DomainError('conflict', 'SKU_TAKEN', `The SKU ${sku} is taken.`, { sku });
      skus.set(sku, id);
    }
  }
}
