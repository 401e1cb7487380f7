import type { ProductId, VariantId } from '../shared/ids.ts';
import type { Money } from '../shared/money.ts';
import type { VariantOption } from './product.ts';
import type { Sku } from './sku.ts';

/** What the shop would sell right now: a live variant of an active product, its price and what is left of it. */
export interface Offer {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly sku: Sku;
  readonly productName: string;
  readonly variantName: string;
  readonly options: readonly VariantOption[];
  readonly price: Money;
  readonly available: number;
}

/** "Rope Leash (Blue / L)": how a line is called in carts, orders and mails. */
export const offerName = ({ productName, variantName, options }: Offer): string =>
  options.length === 0 && variantName === 'Default' ? productName : `${productName} (${variantName})`;
