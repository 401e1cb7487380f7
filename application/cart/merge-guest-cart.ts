import { Cart } from '../../domain/cart/cart.ts';
import { CartId, type UserId } from '../../domain/shared/ids.ts';
import type { Ids } from '../ports/ids.ts';
import type { Collections } from '../ports/unit-of-work.ts';

interface Merge {
  readonly tokenHash: string;
  readonly userId: UserId;
  readonly ids: Ids;
  readonly at: Date;
}

/** Puts a guest's open cart into the customer's. A cart that is spent or unknown is passed over: it may come twice. */
export async function mergeGuestCart({ carts }: Pick<Collections, 'carts'>, { tokenHash, userId, ids, at }: Merge) {
  const guest = await carts.findByToken(tokenHash);
  if (!guest || guest.snapshot().status !== 'OPEN' || guest.snapshot().userId) return;
  const act = { at, by: userId };
  const mine = await carts.findOrOpen(userId, Cart.open({ id: CartId(ids.next()), userId, tokenHash: null }, act));
  mine.absorb(guest, act);
  await carts.save(guest);
  await carts.save(mine);
}
