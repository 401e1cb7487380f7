import { type Offer, offerName } from '../catalog/offer.ts';
import type { Shortage } from '../inventory/reservation.ts';
import type { ProductId, VariantId } from '../shared/ids.ts';
import { DomainError } from '../shared/domain-error.ts';
import { Money } from '../shared/money.ts';
import type { CartSnapshot } from './cart.ts';

/** Stable codes; the same words that a checkout refuses with. */
export type CartProblem =
  | { readonly code: 'ITEM_UNAVAILABLE' }
  | { readonly code: 'INSUFFICIENT_STOCK'; readonly available: number }
  | { readonly code: 'PRICE_CHANGED'; readonly previousPrice: Money };

export interface PricedLine {
  readonly variantId: VariantId;
  readonly productId: ProductId | null;
  readonly sku: string | null;
  readonly name: string | null;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly lineTotal: Money;
  readonly available: number;
  readonly problems: readonly CartProblem[];
}

export interface PricedCart {
  readonly lines: readonly PricedLine[];
  /** What can be bought; lines that are gone do not count. Null for a cart that never held anything. */
  readonly subtotal: Money | null;
}

/** The cart at today's prices, each line with what stands in its way. */
export function priceCart(cart: CartSnapshot, offers: ReadonlyMap<VariantId, Offer>): PricedCart {
  const lines = cart.lines.map((line): PricedLine => {
    const offer = offerInCurrencyOf(line, offers);
    const unitPrice = offer?.price ?? line.seenPrice;
    return {
      variantId: line.variantId,
      productId: offer?.productId ?? null,
      sku: offer?.sku ?? null,
      name: offer ? offerName(offer) : null,
      quantity: line.quantity,
      unitPrice,
      lineTotal: unitPrice.times(line.quantity),
      available: offer?.available ?? 0,
      problems: problemsOf(line, offer),
    };
  });
  const sellable = lines.filter(line => line.productId !== null).map(line => line.lineTotal);
  const currency = lines[0]?.unitPrice.currency;
  return { lines, subtotal: currency ? Money.sum(sellable, currency) : null };
}

/** Amounts of two currencies have no sum: what is now priced in another one is no longer sold to this cart. */
function offerInCurrencyOf(line: CartSnapshot['lines'][number], offers: ReadonlyMap<VariantId, Offer>) {
  const offer = offers.get(line.variantId);
  return offer?.price.currency === line.seenPrice.currency ? offer : undefined;
}

function problemsOf(line: CartSnapshot['lines'][number], offer: Offer | undefined): CartProblem[] {
  if (!offer) return [{ code: 'ITEM_UNAVAILABLE' }];
  const problems: CartProblem[] = [];
  if (offer.available < line.quantity) problems.push({ code: 'INSUFFICIENT_STOCK', available: offer.available });
  if (!offer.price.equals(line.seenPrice)) problems.push({ code: 'PRICE_CHANGED', previousPrice: line.seenPrice });
  return problems;
}

/** Refuses a cart that cannot be sold as it stands, naming every line that is in the way. */
export function requireSellable({ lines, subtotal }: PricedCart, expectedTotal: Money | undefined): void {
  const gone = lines.filter(line => line.productId === null);
  if (gone.length > 0)
    throw new DomainError('conflict', 'ITEM_UNAVAILABLE', 'Something in the cart is no longer sold.', {
      lines: gone.map(line => ({ variant_id: line.variantId })),
    });
  const short = lines.filter(line => line.available < line.quantity);
  if (short.length > 0)
    throw insufficientStock(
      short.map(line => ({ variantId: line.variantId, requested: line.quantity, available: line.available })),
    );
  if (expectedTotal && subtotal && !subtotal.equals(expectedTotal))
    throw new DomainError('conflict', 'PRICE_CHANGED', 'The cart comes to another total than expected.', {
      expected_total: expectedTotal,
      total: subtotal,
    });
}

export const insufficientStock = (short: readonly Shortage[]): DomainError =>
  new DomainError('conflict', 'INSUFFICIENT_STOCK', 'There is not enough of everything in the cart.', {
    lines: short.map(({ variantId, requested, available }) => ({ variant_id: variantId, requested, available })),
  });
