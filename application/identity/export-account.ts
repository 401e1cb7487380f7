import type { CartSnapshot } from '../../domain/cart/cart.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { type CartView, viewCart } from '../cart/cart-view.ts';
import type { CartQueries } from '../ports/carts.ts';
import type { Offers } from '../ports/offers.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { Position } from '../ports/paging.ts';
import type { SessionFacts, UserQueries } from '../ports/user-queries.ts';

interface Ports {
  readonly users: UserQueries;
  readonly orders: OrderQueries;
  readonly carts: CartQueries;
  readonly offers: Offers;
}

/** Everything that is stored about somebody, but for what opens their account. */
export interface AccountExport {
  readonly profile: UserSnapshot;
  readonly addresses: readonly AddressSnapshot[];
  readonly sessions: readonly SessionFacts[];
  readonly cart: CartView | null;
  readonly orders: readonly OrderSnapshot[];
}

const PAGE = 100;

export class ExportAccount {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ userId }: { userId: UserId }): Promise<AccountExport> {
    const { users, carts } = this.#ports;
    const profile = await users.find(userId);
    if (!profile) throw notFound('User');
    const [addresses, sessions, cart, orders] = await Promise.all([
      users.addressesOf(userId),
      users.sessionsOf(userId),
      carts.openOf(userId),
      this.#ordersOf(userId),
    ]);
    return { profile, addresses, sessions, cart: cart ? await this.#shown(cart) : null, orders };
  }

  #shown(cart: CartSnapshot): Promise<CartView> {
    return viewCart(this.#ports.offers, cart);
  }

  async #ordersOf(userId: UserId): Promise<OrderSnapshot[]> {
    const all: OrderSnapshot[] = [];
    for (let after: Position | null | undefined; after !== null;) {
      const page = await this.#ports.orders.list({ userId }, { limit: PAGE, ...(after && { after }) });
      all.push(...page.items);
      after = page.next;
    }
    return all;
  }
}
