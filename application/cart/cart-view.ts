import type { CartSnapshot } from '../../domain/cart/cart.ts';
import { type PricedCart, priceCart } from '../../domain/cart/cart-pricing.ts';
import type { Offers } from '../ports/offers.ts';

export interface CartView extends PricedCart {
  readonly cart: CartSnapshot;
}

/** The cart as it stands at this moment: today's prices, and what stands in the way of buying it. */
export async function viewCart(offers: Offers, cart: CartSnapshot): Promise<CartView> {
  return { cart, ...priceCart(cart, await offers.find(cart.lines.map(line => line.variantId))) };
}
