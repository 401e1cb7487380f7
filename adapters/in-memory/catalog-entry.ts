import type { ProductSort, ProductView } from '../../application/ports/catalog-queries.ts';
import type { ProductSnapshot } from '../../domain/catalog/product.ts';
import { fold } from '../../domain/shared/text.ts';
import type { View } from './tables.ts';
import type { Ordering } from './paging.ts';

/** What a search needs of a product; none of it changes with stock. */
export interface CatalogEntry {
  readonly product: ProductSnapshot;
  readonly name: string;
  readonly text: string;
  readonly lowestPrice: number;
}

const entries = new WeakMap<ProductSnapshot, CatalogEntry>();

/** Folding is slow and a snapshot never changes, so each is done once. */
export function entryOf(product: ProductSnapshot): CatalogEntry {
  let entry = entries.get(product);
  if (!entry) entries.set(product, (entry = makeEntry(product)));
  return entry;
}

function makeEntry(product: ProductSnapshot): CatalogEntry {
  const variants = product.variants.filter(variant => !variant.deletedAt);
  const fields = [product.name, product.vendor, ...product.tags, ...variants.map(variant => variant.sku)];
  return {
    product,
    name: fold(product.name),
    text: fields.map(fold).join('\n'),
    lowestPrice: Math.min(...variants.map(variant => variant.price.amount)),
  };
}

/** Blanks part words, so no word can reach from one field into the next. */
export const wordsOf = (text: string): string[] => fold(text).split(/\s+/).filter(Boolean);

export const holdsAll = (text: string, words: readonly string[]): boolean => words.every(word => text.includes(word));

export function orderingOf(sort: ProductSort, words: readonly string[]): Ordering<CatalogEntry> {
  const by = (value: (entry: CatalogEntry) => string | number) => (entry: CatalogEntry) => ({
    value: value(entry),
    id: entry.product.id,
  });
  switch (sort) {
    case 'newest':
      return { positionOf: by(entry => entry.product.createdAt.toISOString()), byValue: -1, byId: -1 };
    case 'price':
      return { positionOf: by(entry => entry.lowestPrice), byValue: 1, byId: 1 };
    case '-price':
      return { positionOf: by(entry => entry.lowestPrice), byValue: -1, byId: 1 };
    case 'name':
      return { positionOf: by(entry => entry.name), byValue: 1, byId: 1 };
    case 'relevance':
      return { positionOf: by(({ name }) => `${holdsAll(name, words) ? 0 : 1}${name}`), byValue: 1, byId: 1 };
  }
}

export const availableOf = ({ stock }: View, variantId: Parameters<View['stock']['get']>[0]): number => {
  const item = stock.get(variantId);
  return item ? item.onHand - item.reserved : 0;
};

export const isInStock = (view: View, { product }: CatalogEntry): boolean =>
  product.variants.some(variant => !variant.deletedAt && availableOf(view, variant.id) > 0);

export function productView({ stock }: View, product: ProductSnapshot): ProductView {
  const variants = product.variants
    .filter(variant => !variant.deletedAt)
    .map(variant => {
      const { onHand, reserved } = stock.get(variant.id) ?? { onHand: 0, reserved: 0 };
      return { ...variant, onHand, reserved, available: onHand - reserved };
    });
  return { ...product, variants };
}
