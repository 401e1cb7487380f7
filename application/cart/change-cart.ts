import type { Cart } from '../../domain/cart/cart.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Offers } from '../ports/offers.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { CartKey } from './cart-key.ts';
import { type CartView, viewCart } from './cart-view.ts';
import { loadCart } from './load-cart.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly offers: Offers;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Target {
  readonly key: CartKey;
  readonly expectedVersion?: number | undefined;
}

interface Line {
  readonly variantId: VariantId;
  readonly quantity: number;
}

/** What a customer does with a cart; each verb answers with the cart as it then is. */
export class ChangeCart {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  add({ variantId, quantity, ...target }: Target & Line): Promise<CartView> {
    return this.#change(target, async (cart, offers, act) => {
      const offer = (await offers.find([variantId])).get(variantId);
      if (!offer)
        throw new DomainError('conflict', 'ITEM_UNAVAILABLE', 'This is not sold (any more).', {
          variant_id: variantId,
        });
      cart.add(variantId, quantity, offer.price, act);
    });
  }

  setQuantity({ variantId, quantity, ...target }: Target & Line): Promise<CartView> {
    return this.#change(target, async (cart, offers, act) => {
      const offer = (await offers.find([variantId])).get(variantId);
      cart.setQuantity(variantId, quantity, offer?.price, act);
    });
  }

  remove({ variantId, ...target }: Target & Pick<Line, 'variantId'>): Promise<CartView> {
    return this.#change(target, (cart, _offers, act) => cart.remove(variantId, act));
  }

  clear(target: Target): Promise<CartView> {
    return this.#change(target, (cart, _offers, act) => cart.clear(act));
  }

  async #change(
    { key, expectedVersion }: Target,
    change: (cart: Cart, offers: Offers, act: Act) => Promise<void> | void,
  ): Promise<CartView> {
    const act: Act = { at: this.#ports.clock.now(), by: 'userId' in key ? key.userId : null };
    const changed = await this.#ports.unitOfWork.run(async collections => {
      const cart = await loadCart(collections, key, this.#ports.ids, act);
      requireVersion(cart.snapshot().version, expectedVersion);
      await change(cart, collections.offers, act);
      await collections.carts.save(cart);
      return cart.snapshot();
    });
    return viewCart(this.#ports.offers, changed);
  }
}
