import { Cart } from '../../domain/cart/cart.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import { CartId } from '../../domain/shared/ids.ts';
import type { CartQueries } from '../ports/carts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Offers } from '../ports/offers.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CartKey } from './cart-key.ts';
import { type CartView, viewCart } from './cart-view.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly carts: CartQueries;
  readonly offers: Offers;
  readonly clock: Clock;
  readonly ids: Ids;
}

export class ShowCart {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** A guest's cart is shown whatever became of it; a customer who has none gets a new one. */
  async execute(key: CartKey): Promise<CartView> {
    const { carts, offers } = this.#ports;
    if (!('userId' in key)) {
      const cart = await carts.byToken(key.tokenHash);
      if (!cart || cart.userId) throw notFound('Cart');
      return viewCart(offers, cart);
    }
    return viewCart(offers, (await carts.openOf(key.userId)) ?? (await this.#open(key)));
  }

  async #open({ userId }: Extract<CartKey, { userId: unknown }>) {
    const { unitOfWork, clock, ids } = this.#ports;
    const fresh = Cart.open({ id: CartId(ids.next()), userId, tokenHash: null }, { at: clock.now(), by: userId });
    return (await unitOfWork.run(({ carts }) => carts.findOrOpen(userId, fresh))).snapshot();
  }
}
