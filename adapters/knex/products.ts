import type { Products } from '../../application/ports/products.ts';
import { Product } from '../../domain/catalog/product.ts';
import type { Sku } from '../../domain/catalog/sku.ts';
import { DomainError, invalidValue } from '../../domain/shared/domain-error.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';
import { refusing, slugTaken } from './errors.ts';
import { productOf, productRow, type ProductRow, variantOf, type VariantRow, variantRows } from './product-rows.ts';
import { grouped } from './rows.ts';
import { type Query, sql, type Sql, upsert } from './sql.ts';

export class KnexProducts implements Products {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: ProductId): Promise<Product | undefined> {
    const [product] = await this.#locked(sql`id = ${id}`);
    return product;
  }

  async findByVariant(id: VariantId): Promise<Product | undefined> {
    const [product] = await this.#locked(sql`id = (SELECT product_id FROM product_variants WHERE id = ${id})`);
    return product?.liveVariants().some(variant => variant.id === id) ? product : undefined;
  }

  async findBySlugs(slugs: readonly string[]): Promise<readonly Product[]> {
    return slugs.length === 0 ? [] : this.#locked(sql`slug = ANY(${[...slugs]})`);
  }

  async ownersOf(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, ProductId>> {
    const rows = await this.#query<{ sku: Sku; product_id: ProductId }>(sql`
      SELECT sku, product_id FROM product_variants WHERE sku = ANY(${[...skus]}) AND deleted_at IS NULL`);
    return new Map(rows.map(row => [row.sku, row.product_id]));
  }

  async save(products: readonly Product[]): Promise<void> {
    if (products.length === 0) return;
    const snapshots = products.map(product => product.snapshot()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const rows = snapshots.map(productRow);
    const variants = snapshots.flatMap(variantRows);
    await this.#requireCategories(rows.filter(row => !row.deleted_at).map(row => row.category_id));
    if (snapshots.some(product => product.version > 1)) await this.#letGo(rows, variants);
    await this.#query(upsert('products', 'id', rows)).catch(
      refusing({ products_slug_unique: slugTaken, products_category_exists: noSuchCategory }),
    );
    if (variants.length === 0) return;
    const saved = await this.#query(
      sql`
      ${upsert('product_variants', 'id', variants)}
       WHERE product_variants.product_id = excluded.product_id RETURNING 1`,
    ).catch(refusing({ product_variants_sku_unique: skuTaken }));
    if (saved.length < variants.length) throw new Error('A variant cannot move to another product.');
  }

  /** The variants are read once the product is locked: before that, somebody else may still be changing them. */
  async #locked(condition: Sql): Promise<Product[]> {
    const rows = await this.#query<ProductRow>(sql`
      SELECT * FROM products WHERE ${condition} AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE`);
    if (rows.length === 0) return [];
    const variants = await this.#query<VariantRow>(sql`
      SELECT * FROM product_variants WHERE product_id = ANY(${rows.map(row => row.id)}) ORDER BY product_id, position`);
    const variantsOf = grouped(variants, variant => variant.product_id);
    return rows.map(row => Product.restore({ ...productOf(row), variants: variantsOf(row.id).map(variantOf) }));
  }

  /** Locked, so that none of them is deleted before this product is in it. */
  async #requireCategories(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)];
    const found = await this.#query(sql`
      SELECT id FROM categories WHERE id = ANY(${wanted}) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE`);
    if (found.length < wanted.length) throw noSuchCategory();
  }

  /** Frees the slugs and SKUs that are given up, so that products can hand them to one another in one go. */
  async #letGo(products: readonly object[], variants: readonly object[]): Promise<void> {
    await this.#query(sql`
      WITH slugs AS (
        UPDATE products p SET deleted_at = p.updated_at
          FROM json_populate_recordset(NULL::products, ${JSON.stringify(products)}) AS n
         WHERE p.id = n.id AND p.deleted_at IS NULL AND p.slug <> n.slug)
      UPDATE product_variants v SET deleted_at = v.updated_at
        FROM json_populate_recordset(NULL::product_variants, ${JSON.stringify(variants)}) AS n
       WHERE v.id = n.id AND v.deleted_at IS NULL AND (v.sku <> n.sku OR n.deleted_at IS NOT NULL)`);
  }
}

const noSuchCategory = (): DomainError => invalidValue('category_id', 'must be a category');

const skuTaken = (sku: string): DomainError =>
  new DomainError('conflict', 'SKU_TAKEN', `The SKU ${sku} is taken.`, { sku });
