import type { CartKey } from '../../application/cart/cart-key.ts';
import type { IdempotencyClaim } from '../../application/ports/idempotency-records.ts';
import { OrderId, type UserId, type VariantId } from '../../domain/shared/ids.ts';
import { POSTAL_ADDRESS } from '../support/builders.ts';
import type { Promises } from './promises.ts';
import type { Actor } from './scheduler.ts';
import { contentOf, once, type Reply, type Web } from './web.ts';
import type { World } from './world.ts';

const METHODS = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_ok', 'tok_requires_action', 'tok_decline', 'tok_capture_refused'];

/** A person at a browser: clicks, waits, clicks again, gives up. */
export class Customer {
  readonly actor: Actor;
  readonly #world: World;
  readonly #web: Web;
  readonly #promises: Promises;
  readonly #userId: UserId | undefined;
  #cart: CartKey | undefined;
  #keys = 0;

  /** @param userId undefined: a guest */
  constructor(world: World, { web, promises }: { web: Web; promises: Promises }, name: string, userId?: UserId) {
    this.#world = world;
    this.#web = web;
    this.#promises = promises;
    this.actor = world.actor(name);
    this.#userId = userId;
    if (userId) {
      this.#cart = { userId };
      world.people.set(userId, name);
    }
  }

  /** A visit: fills the cart, checks out in one way or another, and perhaps thinks better of it. */
  async visit(variants: readonly VariantId[]): Promise<void> {
    const { chance, scheduler } = this.#world;
    await scheduler.sleep(this.actor, chance.between(0, 30_000));
    await this.putInCart(Array.from({ length: 1 + chance.below(2) }, () => chance.pick(variants)));
    if (!this.#cart) return;
    const method = chance.pick(METHODS);
    const key = this.nextKey();
    if (chance.is(0.4)) this.#alongside(() => this.checkout(key, method, 4));
    if (chance.is(0.3)) this.#alongside(() => this.checkout(this.nextKey(), method, 3));
    if (chance.is(0.1)) this.#alongside(() => this.checkout(key, 'tok_other', 2));
    await this.checkout(key, method, 6);
    if (chance.is(0.3)) await this.putInCart([chance.pick(variants)]);
    if (this.#userId && chance.is(0.25)) await this.cancel();
  }

  async putInCart(variants: readonly VariantId[], quantity?: number): Promise<void> {
    const { chance } = this.#world;
    if (!this.#cart) await this.#takeCart();
    const key = this.#cart;
    if (!key) return;
    for (const variantId of variants) {
      const line = { key, variantId, quantity: quantity ?? 1 + chance.below(2) };
      await this.#insist('put something in the cart', async shop => {
        await shop.changeCart.add(line);
        return { status: 200, body: '' };
      });
    }
  }

  nextKey(): string {
    this.#keys += 1;
    return `key ${this.#keys}`;
  }

  /** Asks until it is answered or has had enough; then perhaps once more, to see whether the answer is the same. */
  async checkout(key: string, method: string, tries: number): Promise<void> {
    const { chance, scheduler } = this.#world;
    const cart = this.#cart!;
    for (let i = 0; i < tries; i += 1) {
      let claim: IdempotencyClaim | undefined;
      const reply = await this.#web.post(this.actor, `check out (${key}, ${method})`, async (shop, requestId) => {
        claim = this.#claim(key, method, requestId);
        const email = 'tokenHash' in cart ? 'guest@example.com' : null;
        const command = { cart, paymentMethod: method, shipTo: POSTAL_ADDRESS, email, claim };
        return (await shop.placeOrder.execute(command)).answer;
      });
      if (claim && this.#promises.told(claim, reply) && chance.is(0.7)) return;
      await scheduler.sleep(this.actor, chance.between(0, 40_000));
    }
  }

  /** Cancels the order that was placed last. */
  async cancel(): Promise<void> {
    const by = this.#userId!;
    const orderId = this.#world.store.tables.ordersByUser.of(by).at(-1);
    if (!orderId) return;
    const key = this.nextKey();
    await this.#insist(
      `cancel ${orderId}`,
      (shop, requestId) =>
        once(shop, this.#claim(key, 'cancel', requestId), OrderId(orderId), () =>
          shop.cancelOrder.execute({ orderId: OrderId(orderId), by, ownerId: by, reason: 'changed_my_mind' }),
        ),
      key,
      'cancel',
    );
  }

  async #takeCart(): Promise<void> {
    const reply = await this.#insist('open a cart', async shop => {
      const { cartToken } = await shop.openGuestCart.execute();
      return { status: 201, body: JSON.stringify({ token: cartToken }) };
    });
    if (reply?.status !== 201) return;
    const tokenHash = `hash of ${(JSON.parse(reply.body) as { token: string }).token}`;
    this.#cart = { tokenHash };
    this.#world.people.set(tokenHash, this.actor.name);
  }

  async #insist(what: string, ask: Parameters<Web['post']>[2], key?: string, action = ''): Promise<Reply> {
    const { chance, scheduler } = this.#world;
    for (let i = 0; i < (this.#world.plan.impatient && this.#world.armed ? 1 : 4); i += 1) {
      const reply = await this.#web.post(this.actor, what, ask);
      if (key) this.#promises.told(this.#claim(key, action, ''), reply);
      if (reply && reply.status !== 503 && contentOf(reply.body).error?.code !== 'IDEMPOTENCY_IN_PROGRESS')
        return reply;
      await scheduler.sleep(this.actor, chance.between(0, 20_000));
    }
    return undefined;
  }

  #alongside(work: () => Promise<void>): void {
    this.#world.spawn(this.actor, work);
  }

  #claim(key: string, action: string, requestId: string): IdempotencyClaim {
    const cart = this.#cart!;
    const owner = 'userId' in cart ? `user:${cart.userId}` : `cart:${cart.tokenHash}`;
    return { owner, key, fingerprint: action, requestId };
  }
}
