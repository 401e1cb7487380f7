import type {
  ProductImage,
  ProductSnapshot,
  ProductStatus,
  VariantOption,
  VariantSnapshot,
} from '../../domain/catalog/product.ts';
import type { Sku } from '../../domain/catalog/sku.ts';
import type { CategoryId, ProductId, VariantId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { type AuditRow, auditOf, auditRow, dateOrNull, moneyOf, type Timestamp } from './rows.ts';

export interface ProductRow extends AuditRow {
  readonly id: ProductId;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly category_id: CategoryId;
  readonly vendor: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  readonly images: readonly ProductImage[];
  readonly deleted_at: Timestamp | null;
}

export interface VariantRow extends AuditRow {
  readonly id: VariantId;
  readonly product_id: ProductId;
  readonly sku: Sku;
  readonly name: string;
  readonly options: readonly VariantOption[];
  readonly price: number;
  readonly compare_at_price: number | null;
  readonly currency: string;
  readonly barcode: string | null;
  readonly grams: number | null;
  readonly deleted_at: Timestamp | null;
}

export const productOf = (row: ProductRow): Omit<ProductSnapshot, 'variants'> => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  description: row.description,
  categoryId: row.category_id,
  vendor: row.vendor,
  tags: row.tags,
  status: row.status,
  images: row.images.map(({ src, alt }) => ({ src, alt })),
  deletedAt: dateOrNull(row.deleted_at),
  ...auditOf(row),
});

export const variantOf = (row: VariantRow): VariantSnapshot => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  options: row.options.map(({ name, value }) => ({ name, value })),
  price: moneyOf(row.price, row.currency),
  compareAtPrice: row.compare_at_price === null ? null : moneyOf(row.compare_at_price, row.currency),
  barcode: row.barcode,
  grams: row.grams,
  deletedAt: dateOrNull(row.deleted_at),
  ...auditOf(row),
});

/** The lowest price, the name to sort by and the text to search in are kept with the product, for reading. */
export function productRow(product: ProductSnapshot) {
  const live = product.variants.filter(variant => !variant.deletedAt);
  const words = [product.name, product.vendor, ...product.tags, ...live.map(variant => variant.sku)];
  return {
    id: product.id,
    name: product.name,
    slug: product.slug,
    description: product.description,
    category_id: product.categoryId,
    vendor: product.vendor,
    tags: product.tags,
    status: product.status,
    images: product.images,
    min_price: live.length > 0 ? Math.min(...live.map(variant => variant.price.amount)) : null,
    sort_name: fold(product.name),
    search_text: words.map(fold).join('\n'),
    deleted_at: product.deletedAt,
    ...auditRow(product),
  };
}

export const variantRows = (product: ProductSnapshot) =>
  product.variants.map((variant, position) => ({
    id: variant.id,
    product_id: product.id,
    position,
    sku: variant.sku,
    folded_sku: fold(variant.sku),
    name: variant.name,
    options: variant.options,
    price: variant.price.amount,
    compare_at_price: variant.compareAtPrice?.amount ?? null,
    currency: variant.price.currency,
    barcode: variant.barcode,
    grams: variant.grams,
    deleted_at: variant.deletedAt,
    ...auditRow(variant),
  }));
