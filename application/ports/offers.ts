import type { Offer } from '../../domain/catalog/offer.ts';
import type { VariantId } from '../../domain/shared/ids.ts';

/** What can be bought at this moment. */
export interface Offers {
  /** Live variants of live, active products; the others are missing from the map. Locks nothing. */
  find(variantIds: readonly VariantId[]): Promise<ReadonlyMap<VariantId, Offer>>;
}
