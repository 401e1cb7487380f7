import type { Cart, CartSnapshot } from '../../domain/cart/cart.ts';
import type { CartId, UserId } from '../../domain/shared/ids.ts';

export interface Carts {
  find(id: CartId): Promise<Cart | undefined>;
  /** Whatever its status. */
  findByToken(tokenHash: string): Promise<Cart | undefined>;
  findOpenOf(userId: UserId): Promise<Cart | undefined>;
  /** The cart that was checked out last. */
  findLastConvertedOf(userId: UserId): Promise<Cart | undefined>;
  /** The customer's open cart, or else `fresh`, now stored. However many ask at once, all get the same one. */
  findOrOpen(userId: UserId, fresh: Cart): Promise<Cart>;
  save(cart: Cart): Promise<void>;
}

/** The same without locks, for screens. */
export interface CartQueries {
  byToken(tokenHash: string): Promise<CartSnapshot | undefined>;
  openOf(userId: UserId): Promise<CartSnapshot | undefined>;
}
