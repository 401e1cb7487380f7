import type { CartQueries, Carts } from '../../application/ports/carts.ts';
import { Cart, type CartSnapshot } from '../../domain/cart/cart.ts';
import type { CartId, UserId } from '../../domain/shared/ids.ts';
import { requireFree, requireRow, requireUser } from './references.ts';
import type { Drafts, View } from './tables.ts';

export class InMemoryCarts implements Carts {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: CartId): Promise<Cart | undefined> {
    return this.#restored(id);
  }

  async findByToken(tokenHash: string): Promise<Cart | undefined> {
    return this.#restored(this.#drafts.cartsByToken.get(tokenHash));
  }

  async findOpenOf(userId: UserId): Promise<Cart | undefined> {
    return this.#restored(this.#drafts.openCartsByUser.get(userId));
  }

  async findLastConvertedOf(userId: UserId): Promise<Cart | undefined> {
    let last: CartSnapshot | undefined;
    for (const id of this.#drafts.cartsByUser.of(userId)) {
      const cart = this.#drafts.carts.get(id)!;
      if (cart.status === 'CONVERTED' && !(last && last.updatedAt > cart.updatedAt)) last = cart;
    }
    return last && Cart.restore(last);
  }

  async findOrOpen(userId: UserId, fresh: Cart): Promise<Cart> {
    const open = await this.findOpenOf(userId);
    if (open) return open;
    await this.save(fresh);
    return fresh;
  }

  async save(cart: Cart): Promise<void> {
    const row = cart.snapshot();
    const { carts, cartsByToken, cartsByUser, productsByVariant } = this.#drafts;
    requireUser(this.#drafts, row.userId);
    for (const line of row.lines) requireRow(productsByVariant, line.variantId, 'variant');
    const before = carts.get(row.id);
    if (before?.tokenHash) cartsByToken.delete(before.tokenHash);
    if (row.tokenHash) {
      requireFree(cartsByToken, row.tokenHash, row.id, 'cart token');
      cartsByToken.set(row.tokenHash, row.id);
    }
    this.#keepOneOpen(row);
    if (row.userId && before?.userId !== row.userId) cartsByUser.append(row.userId, row.id);
    carts.set(row.id, row);
  }

  #keepOneOpen({ id, userId, status }: CartSnapshot): void {
    const { openCartsByUser } = this.#drafts;
    if (userId === null) return;
    if (status === 'OPEN') {
      requireFree(openCartsByUser, userId, id, 'customer with an open cart');
      openCartsByUser.set(userId, id);
    } else if (openCartsByUser.get(userId) === id) openCartsByUser.delete(userId);
  }

  #restored(id: CartId | undefined): Cart | undefined {
    const row = id && this.#drafts.carts.get(id);
    return row && Cart.restore(row);
  }
}

export class InMemoryCartQueries implements CartQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async byToken(tokenHash: string): Promise<CartSnapshot | undefined> {
    return this.#found(this.#view.cartsByToken.get(tokenHash));
  }

  async openOf(userId: UserId): Promise<CartSnapshot | undefined> {
    return this.#found(this.#view.openCartsByUser.get(userId));
  }

  #found(id: CartId | undefined): CartSnapshot | undefined {
    return id && this.#view.carts.get(id);
  }
}
