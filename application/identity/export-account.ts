import type { CartSnapshot } from '../../domain/cart/cart.ts';
import type { ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { accountGone } from './account-gone.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { AuditEntry } from '../audit/sealed-entry.ts';
import { type CartView, viewCart } from '../cart/cart-view.ts';
import type { ApiKeyQueries } from '../ports/api-keys.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { CartQueries } from '../ports/carts.ts';
import type { Offers } from '../ports/offers.ts';
import type { OrderQueries } from '../ports/order-queries.ts';
import type { Position } from '../ports/paging.ts';
import type { SecondFactorQueries } from '../ports/second-factors.ts';
import type { SessionFacts, UserQueries } from '../ports/user-queries.ts';

interface Ports {
  readonly users: UserQueries;
  readonly orders: OrderQueries;
  readonly carts: CartQueries;
  readonly offers: Offers;
  readonly apiKeys: ApiKeyQueries;
  readonly secondFactors: SecondFactorQueries;
  readonly auditLog: AuditLog;
}

/** Everything that is stored about somebody, but for what opens their account. */
export interface AccountExport {
  readonly profile: UserSnapshot;
  readonly addresses: readonly AddressSnapshot[];
  readonly sessions: readonly SessionFacts[];
  readonly cart: CartView | null;
  readonly orders: readonly OrderSnapshot[];
  readonly apiKeys: readonly ApiKeySnapshot[];
  readonly secondFactorIsOn: boolean;
  /** What the audit log says of them and of what they did, the newest first, at most a thousand entries. */
  readonly activity: readonly AuditEntry[];
}

const PAGE = 100;
const MOST_ACTIVITY = 1000;

export class ExportAccount {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async execute({ userId }: { userId: UserId }): Promise<AccountExport> {
    const { users, carts, apiKeys, secondFactors } = this.#ports;
    const profile = await users.find(userId);
    if (!profile) throw accountGone();
    const [addresses, sessions, cart, orders, keys, secondFactorIsOn, activity] = await Promise.all([
      users.addressesOf(userId),
      users.sessionsOf(userId),
      carts.openOf(userId),
      this.#ordersOf(userId),
      apiKeys.ofOwner(userId),
      secondFactors.isOn(userId),
      this.#activityOf(userId),
    ]);
    const shown = cart ? await this.#shown(cart) : null;
    const known = { profile, addresses, sessions, cart: shown, orders };
    return { ...known, apiKeys: keys, secondFactorIsOn, activity };
  }

  #shown(cart: CartSnapshot): Promise<CartView> {
    return viewCart(this.#ports.offers, cart);
  }

  async #activityOf(userId: UserId): Promise<AuditEntry[]> {
    const { auditLog } = this.#ports;
    const pages = await Promise.all(
      [{ actorId: userId }, { subjectId: userId }].map(who => auditLog.list(who, { limit: MOST_ACTIVITY })),
    );
    const entries = new Map(pages.flatMap(({ items }) => items).map(entry => [entry.seq, entry]));
    return [...entries.values()].toSorted((a, b) => b.seq - a.seq).slice(0, MOST_ACTIVITY);
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
