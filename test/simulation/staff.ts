import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { UserId, VariantId } from '../../domain/shared/ids.ts';
import { Money } from '../../domain/shared/money.ts';
import type { Promises } from './promises.ts';
import type { Actor } from './scheduler.ts';
import { once, type Web } from './web.ts';
import type { World } from './world.ts';

const DEEDS = [
  'count',
  'count',
  'adjust',
  'refund',
  'refund',
  'ship',
  'deliver',
  'cancel',
  'resume',
  'resume',
] as const;

interface RefundWish {
  /** The share of the whole; undefined: all that is left. */
  readonly share?: number;
  readonly restock: boolean;
}

/** Somebody who works in the shop: counts stock, ships, refunds and cancels whatever there is. */
export class StaffMember {
  readonly actor: Actor;
  readonly #world: World;
  readonly #web: Web;
  readonly #promises: Promises;
  readonly #id: UserId;
  #keys = 0;

  constructor(world: World, { web, promises }: { web: Web; promises: Promises }, name: string, id: UserId) {
    this.#world = world;
    this.#web = web;
    this.#promises = promises;
    this.#id = id;
    this.actor = world.actor(name);
  }

  async work(variants: readonly VariantId[], deeds: number): Promise<void> {
    const { chance, scheduler } = this.#world;
    for (let i = 0; i < deeds; i += 1) {
      await scheduler.sleep(this.actor, chance.between(0, 60_000));
      const deed = chance.pick(DEEDS);
      const variantId = chance.pick(variants);
      const order = this.#someOrder();
      if (deed === 'count') await this.#count(variantId, chance.below(6));
      else if (deed === 'adjust') await this.#adjust(variantId, chance.below(5) - 2);
      else if (order && deed === 'refund') await this.refund(order, chance.pick(REFUNDS));
      else if (order && deed === 'cancel') await this.cancel(order);
      else if (deed === 'resume') await this.#resume(this.#someParkedOrder(), chance.is(0.7));
      else if (order) await this.#fulfil(order, deed === 'ship');
    }
  }

  async refund({ id: orderId, totals: { total } }: OrderSnapshot, { share, restock }: RefundWish): Promise<void> {
    const { chance, scheduler } = this.#world;
    const key = this.#nextKey();
    const amount = share === undefined ? undefined : Money.of(Math.ceil(total.amount * share), total.currency);
    for (let i = 0; i < (this.#world.plan.impatient ? 1 : 4); i += 1) {
      const reply = await this.#web.post(this.actor, `refund ${orderId}`, (shop, requestId) =>
        once(shop, this.#claim(key, requestId), orderId, () =>
          shop.refundOrder.execute({ orderId, by: this.#id, amount, reason: 'goodwill', restock }),
        ),
      );
      if (this.#promises.told(this.#claim(key, ''), reply) && chance.is(0.7)) return;
      await scheduler.sleep(this.actor, chance.between(0, 30_000));
    }
  }

  async cancel({ id: orderId }: OrderSnapshot): Promise<void> {
    const key = this.#nextKey();
    const reply = await this.#web.post(this.actor, `cancel ${orderId}`, (shop, requestId) =>
      once(shop, this.#claim(key, requestId), orderId, () =>
        shop.cancelOrder.execute({ orderId, by: this.#id, reason: 'cancelled_by_staff' }),
      ),
    );
    this.#promises.told(this.#claim(key, ''), reply);
  }

  /** Gives back every order that was put aside, and lets those go on that are giving back already. */
  async clearTheDesk(): Promise<void> {
    for (let order = this.#someParkedOrder(); order; order = this.#someParkedOrder()) {
      await this.#resume(order, order.state === 'PENDING');
      await this.#world.scheduler.sleep(this.actor, 1000);
    }
  }

  /** Looks at an order that was put aside, and decides what becomes of it. */
  async #resume(order: OrderSnapshot | undefined, giveBack: boolean): Promise<void> {
    if (!order) return;
    const key = this.#nextKey();
    const reply = await this.#web.post(
      this.actor,
      `${giveBack ? 'give back' : 'resume'} ${order.id}`,
      (shop, requestId) =>
        once(shop, this.#claim(key, requestId), order.id, () =>
          shop.resumeOrder.execute({ orderId: order.id, by: this.#id, reason: 'looked_at_by_staff', giveBack }),
        ),
    );
    this.#promises.told(this.#claim(key, ''), reply);
  }

  async #count(variantId: VariantId, stockQty: number): Promise<void> {
    await this.#web.post(this.actor, `count ${stockQty} of ${variantId}`, async shop => {
      await shop.changeStock.count({ variantId, by: this.#id, stockQty });
      return { status: 200, body: '' };
    });
  }

  async #adjust(variantId: VariantId, delta: number): Promise<void> {
    await this.#web.post(this.actor, `adjust ${variantId} by ${delta}`, async shop => {
      await shop.changeStock.adjust({ variantId, by: this.#id, delta, reason: 'found' });
      return { status: 200, body: '' };
    });
  }

  async #fulfil({ id: orderId }: OrderSnapshot, ship: boolean): Promise<void> {
    await this.#web.post(this.actor, `${ship ? 'ship' : 'deliver'} ${orderId}`, async shop => {
      const shipment = { carrier: 'by hand', trackingNumber: null };
      if (ship) await shop.fulfilOrder.ship({ orderId, by: this.#id, shipment });
      else await shop.fulfilOrder.deliver({ orderId, by: this.#id });
      return { status: 200, body: '' };
    });
  }

  #someOrder(): OrderSnapshot | undefined {
    const orders = this.#orders();
    return orders.length > 0 ? this.#world.chance.pick(orders) : undefined;
  }

  #someParkedOrder(): OrderSnapshot | undefined {
    const parked = this.#orders().filter(({ needsReview }) => needsReview !== null);
    return parked.length > 0 ? this.#world.chance.pick(parked) : undefined;
  }

  #orders(): OrderSnapshot[] {
    return [...this.#world.store.tables.orders.values()].map(({ order }) => order);
  }

  #nextKey(): string {
    this.#keys += 1;
    return `staff key ${this.#keys}`;
  }

  #claim(key: string, requestId: string) {
    return { owner: `user:${this.#id}`, key, fingerprint: key, requestId };
  }
}

const REFUNDS: readonly RefundWish[] = [
  { restock: false },
  { restock: true },
  { share: 0.5, restock: false },
  { share: 0.3, restock: false },
  { share: 1, restock: true },
];
