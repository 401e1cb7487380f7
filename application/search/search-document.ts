import type { ProductView } from '../ports/catalog-queries.ts';
import type { SearchDocument } from '../ports/search-index.ts';

/** Undefined for what nobody is shown. */
export function searchDocumentOf(product: ProductView): SearchDocument | undefined {
  if (product.deletedAt || product.status !== 'active') return undefined;
  const { id, name, vendor, tags, categoryId, createdAt, variants } = product;
  return {
    id,
    name,
    vendor,
    tags,
    skus: variants.map(({ sku }) => sku),
    categoryId,
    price: Math.min(...variants.map(({ price }) => price.amount)),
    inStock: variants.some(({ available }) => available > 0),
    createdAt,
  };
}
