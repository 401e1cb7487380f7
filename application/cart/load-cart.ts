import { Cart, cartNotOpen } from '../../domain/cart/cart.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import { CartId } from '../../domain/shared/ids.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { Ids } from '../ports/ids.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import type { CartKey } from './cart-key.ts';

/** The customer's open cart, made when there is none, or the guest's, locked for a change. */
export async function loadCart({ carts, orders }: Collections, key: CartKey, ids: Ids, act: Act): Promise<Cart> {
  if ('userId' in key)
    return carts.findOrOpen(
      key.userId,
      Cart.open({ id: CartId(ids.next()), userId: key.userId, tokenHash: null }, act),
    );
  const cart = await carts.findByToken(key.tokenHash);
  if (!cart || cart.snapshot().userId) throw notFound('Cart');
  if (cart.snapshot().status !== 'OPEN') throw cartNotOpen(await orders.findLiveOrderOf(cart.snapshot().id));
  return cart;
}
