import type { Offers } from '../../application/ports/offers.ts';
import type { Offer } from '../../domain/catalog/offer.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import type { View } from './tables.ts';

export class InMemoryOffers implements Offers {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async find(variantIds: readonly VariantId[]): Promise<ReadonlyMap<VariantId, Offer>> {
    const offers = new Map<VariantId, Offer>();
    for (const id of variantIds) {
      const offer = this.#offerOf(id);
      if (offer) offers.set(id, offer);
    }
    return offers;
  }

  #offerOf(variantId: VariantId): Offer | undefined {
    const productId = this.#view.productsByVariant.get(variantId);
    const product = productId && this.#view.products.get(productId);
    if (!product || product.deletedAt || product.status !== 'active') return undefined;
    const variant = product.variants.find(candidate => candidate.id === variantId);
    if (!variant || variant.deletedAt) return undefined;
    const stock = this.#view.stock.get(variantId);
    return {
      variantId,
      productId,
      sku: variant.sku,
      productName: product.name,
      variantName: variant.name,
      options: variant.options,
      price: variant.price,
      available: stock ? stock.onHand - stock.reserved : 0,
    };
  }
}
