import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError, invalidValue, notFound } from '../shared/domain-error.ts';
import type { CartId, UserId, VariantId } from '../shared/ids.ts';
import type { Money } from '../shared/money.ts';

export const MOST_LINES = 100;
export const LARGEST_QUANTITY = 999;

export type CartStatus = 'OPEN' | 'CONVERTED' | 'ABANDONED';

export interface CartLine {
  readonly variantId: VariantId;
  readonly quantity: number;
  /** The price that the customer saw when the line was last touched. */
  readonly seenPrice: Money;
}

export interface CartSnapshot extends Audit {
  readonly id: CartId;
  /** Null for a guest's cart. */
  readonly userId: UserId | null;
  /** How a guest proves that the cart is theirs: the hash of a token that only they have. */
  readonly tokenHash: string | null;
  readonly status: CartStatus;
  readonly lines: readonly CartLine[];
}

/** What a customer means to buy. It promises nothing: prices and stock are asked again at checkout. */
export class Cart {
  #state: CartSnapshot;

  private constructor(state: CartSnapshot) {
    this.#state = state;
  }

  static open(owner: { id: CartId; userId: UserId | null; tokenHash: string | null }, act: Act): Cart {
    return new Cart({ ...owner, status: 'OPEN', lines: [], ...created(act) });
  }

  static restore(snapshot: CartSnapshot): Cart {
    return new Cart(snapshot);
  }

  snapshot(): CartSnapshot {
    return this.#state;
  }

  /** Adding a variant that is already there adds up. */
  add(variantId: VariantId, quantity: number, seenPrice: Money, act: Act): void {
    const before = this.#line(variantId)?.quantity ?? 0;
    requireQuantity(quantity, before);
    if (before === 0 && this.#state.lines.length >= MOST_LINES)
      throw new DomainError('invalid', 'CART_FULL', `A cart holds at most ${MOST_LINES} lines.`);
    this.#requireCurrencyOfOthers(variantId, seenPrice);
    this.#put({ variantId, quantity: before + quantity, seenPrice }, act);
  }

  setQuantity(variantId: VariantId, quantity: number, seenPrice: Money | undefined, act: Act): void {
    const line = this.#line(variantId);
    if (!line) throw notFound('Cart line');
    requireQuantity(quantity);
    if (seenPrice) this.#requireCurrencyOfOthers(variantId, seenPrice);
    this.#put({ ...line, quantity, seenPrice: seenPrice ?? line.seenPrice }, act);
  }

  remove(variantId: VariantId, act: Act): void {
    if (!this.#line(variantId)) throw notFound('Cart line');
    this.#setLines(
      this.#state.lines.filter(line => line.variantId !== variantId),
      act,
    );
  }

  clear(act: Act): void {
    this.#setLines([], act);
  }

  /** Takes in as much of another cart as fits. The other one is spent, so doing it again changes nothing. */
  absorb(other: Cart, act: Act): void {
    if (other.#state.status !== 'OPEN') return;
    const lines = new Map(this.#state.lines.map(line => [line.variantId, line]));
    for (const line of other.#state.lines) {
      const mine = lines.get(line.variantId);
      const quantity = Math.min(LARGEST_QUANTITY, line.quantity + (mine?.quantity ?? 0));
      if (this.#fits(line, lines)) lines.set(line.variantId, { ...line, quantity });
    }
    this.#setLines([...lines.values()], act);
    other.#state = revised({ ...other.#state, status: 'ABANDONED' }, act);
  }

  convert(act: Act): void {
    this.#requireOpen();
    if (this.#state.lines.length === 0) throw new DomainError('conflict', 'CART_EMPTY', 'The cart is empty.');
    this.#state = revised({ ...this.#state, status: 'CONVERTED' }, act);
  }

  /** The order came to nothing: the cart is as it was. */
  reopen(act: Act): void {
    if (this.#state.status === 'CONVERTED') this.#state = revised({ ...this.#state, status: 'OPEN' }, act);
  }

  #fits(line: CartLine, lines: ReadonlyMap<VariantId, CartLine>): boolean {
    const [first] = lines.values();
    const room = lines.has(line.variantId) || lines.size < MOST_LINES;
    return room && (!first || first.seenPrice.currency === line.seenPrice.currency);
  }

  #requireCurrencyOfOthers(variantId: VariantId, { currency }: Money): void {
    if (this.#state.lines.some(line => line.variantId !== variantId && line.seenPrice.currency !== currency))
      throw new DomainError('invalid', 'CURRENCY_MISMATCH', 'A cart holds prices of one currency.');
  }

  #line(variantId: VariantId): CartLine | undefined {
    return this.#state.lines.find(line => line.variantId === variantId);
  }

  #put(changed: CartLine, act: Act): void {
    const known = this.#line(changed.variantId);
    this.#setLines(
      known ? this.#state.lines.map(line => (line === known ? changed : line)) : [...this.#state.lines, changed],
      act,
    );
  }

  #setLines(lines: readonly CartLine[], act: Act): void {
    this.#requireOpen();
    this.#state = revised({ ...this.#state, lines }, act);
  }

  #requireOpen(): void {
    if (this.#state.status !== 'OPEN') throw cartNotOpen();
  }
}

function requireQuantity(quantity: number, before = 0): void {
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw invalidValue('quantity', 'must be a whole number from 1');
  if (before + quantity > LARGEST_QUANTITY)
    throw new DomainError('invalid', 'QUANTITY_TOO_LARGE', `A line holds at most ${LARGEST_QUANTITY}.`, {
      in_cart: before,
    });
}

/** `orderId` names the order that the cart became, where there is one. */
export const cartNotOpen = (orderId?: string): DomainError =>
  new DomainError(
    'conflict',
    'CART_NOT_OPEN',
    'This cart has been checked out already.',
    orderId ? { order_id: orderId } : {},
  );
