import { expect } from 'chai';
import * as fc from 'fast-check';
import { Cart, cartNotOpen, LARGEST_QUANTITY, MOST_LINES } from '../../../domain/cart/cart.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { UserId, VariantId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { aCart, actAt, usd } from '../../support/builders.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

const variant = (n: number): VariantId => VariantId(`019cae1f-f000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const [MUG, LEASH, BOWL] = [variant(1), variant(2), variant(3)] as const;
const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const act = actAt(60, ANN);
const eur = (amount: number): Money => Money.of(amount, Currency('EUR'));

const quantities = (cart: Cart): Record<string, number> =>
  Object.fromEntries(cart.snapshot().lines.map(line => [line.variantId, line.quantity]));

const cartOf = (lines: readonly (readonly [VariantId, number])[]): Cart =>
  aCart({ lines: lines.map(([variantId, quantity]) => ({ variantId, quantity })) });

const fullCart = (): Cart => cartOf(Array.from({ length: MOST_LINES }, (_, n) => [variant(1000 + n), 1]));

describe('A cart', () => {
  it('begins open and empty', () => {
    expect(aCart({ userId: ANN }).snapshot()).to.deep.include({ status: 'OPEN', lines: [], userId: ANN, version: 1 });
  });

  it('adds up when the same thing is added again, at the price seen last', () => {
    const cart = aCart();
    cart.add(MUG, 2, usd(1000), act);
    cart.add(LEASH, 1, usd(500), act);
    cart.add(MUG, 3, usd(1200), act);
    expect(cart.snapshot().lines).to.deep.equal([
      { variantId: MUG, quantity: 5, seenPrice: usd(1200) },
      { variantId: LEASH, quantity: 1, seenPrice: usd(500) },
    ]);
    expect(cart.snapshot()).to.include({ version: 4, updatedBy: ANN });
  });

  it('holds 1 to 999 of a thing', () => {
    expect(LARGEST_QUANTITY).to.equal(999);
    const cart = cartOf([[MUG, 998]]);
    cart.add(MUG, 1, usd(1), act);
    expect(quantities(cart)).to.deep.equal({ [MUG]: 999 });
    const { kind, code, details } = refusal(() => cart.add(MUG, 1, usd(1), act));
    expect({ kind, code, details }).to.deep.equal({
      kind: 'invalid',
      code: 'QUANTITY_TOO_LARGE',
      details: { in_cart: 999 },
    });
    expect(codeOf(() => cart.setQuantity(MUG, 1000, undefined, act))).to.equal('QUANTITY_TOO_LARGE');
    for (const quantity of [0, -1, 1.5, Number.NaN]) {
      expect(codeOf(() => cart.add(LEASH, quantity, usd(1), act))).to.equal('VALIDATION_ERROR');
      expect(codeOf(() => cart.setQuantity(MUG, quantity, undefined, act))).to.equal('VALIDATION_ERROR');
    }
    expect(quantities(cart)).to.deep.equal({ [MUG]: 999 });
  });

  it('holds a hundred different things, and more of those', () => {
    expect(MOST_LINES).to.equal(100);
    const cart = fullCart();
    expect(codeOf(() => cart.add(MUG, 1, usd(1), act))).to.equal('CART_FULL');
    cart.add(variant(1000), 1, usd(2999), act);
    expect(quantities(cart)[variant(1000)]).to.equal(2);
    cart.remove(variant(1001), act);
    cart.add(MUG, 1, usd(1), act);
    expect(cart.snapshot().lines).to.have.lengthOf(100);
  });

  it('holds prices of one currency', () => {
    const cart = cartOf([
      [MUG, 1],
      [LEASH, 1],
    ]);
    expect(codeOf(() => cart.add(BOWL, 1, eur(1), act))).to.equal('CURRENCY_MISMATCH');
    expect(codeOf(() => cart.add(MUG, 1, eur(1), act))).to.equal('CURRENCY_MISMATCH');
    expect(codeOf(() => cart.setQuantity(MUG, 1, eur(1), act))).to.equal('CURRENCY_MISMATCH');
    expect(cart.snapshot().lines.every(line => line.seenPrice.currency === 'USD')).to.equal(true);
  });

  it('follows its only line into another currency', () => {
    const cart = cartOf([[MUG, 1]]);
    cart.add(MUG, 1, eur(900), act);
    expect(cart.snapshot().lines).to.deep.equal([{ variantId: MUG, quantity: 2, seenPrice: eur(900) }]);
    cart.setQuantity(MUG, 1, usd(1000), act);
    expect(cart.snapshot().lines[0]!.seenPrice.currency).to.equal('USD');
  });

  it('sets a quantity, and keeps the price seen when there is none now', () => {
    const cart = cartOf([[MUG, 1]]);
    cart.setQuantity(MUG, 7, undefined, act);
    expect(cart.snapshot().lines).to.deep.equal([{ variantId: MUG, quantity: 7, seenPrice: usd(2999) }]);
    cart.setQuantity(MUG, 3, usd(1), act);
    expect(cart.snapshot().lines).to.deep.equal([{ variantId: MUG, quantity: 3, seenPrice: usd(1) }]);
  });

  it('finds no line that it does not hold', () => {
    const cart = cartOf([[MUG, 1]]);
    expect(codeOf(() => cart.setQuantity(LEASH, 1, usd(1), act))).to.equal('NOT_FOUND');
    expect(codeOf(() => cart.remove(LEASH, act))).to.equal('NOT_FOUND');
    expect(cart.snapshot().version).to.equal(2);
  });

  it('can be emptied line by line or at once', () => {
    const cart = cartOf([
      [MUG, 1],
      [LEASH, 1],
      [BOWL, 1],
    ]);
    cart.remove(LEASH, act);
    expect(quantities(cart)).to.deep.equal({ [MUG]: 1, [BOWL]: 1 });
    cart.clear(act);
    expect(cart.snapshot()).to.deep.include({ lines: [], status: 'OPEN' });
  });
});

const converted = (): Cart => {
  const cart = cartOf([[MUG, 1]]);
  cart.convert(act);
  return cart;
};

describe('A cart that is checked out', () => {
  it('takes no more changes', () => {
    const cart = converted();
    const before = cart.snapshot();
    for (const attempt of [
      () => cart.add(LEASH, 1, usd(1), act),
      () => cart.setQuantity(MUG, 2, undefined, act),
      () => cart.remove(MUG, act),
      () => cart.clear(act),
      () => cart.convert(act),
      () => cart.absorb(cartOf([[LEASH, 1]]), act),
    ])
      expect(codeOf(attempt)).to.equal('CART_NOT_OPEN');
    expect(cart.snapshot()).to.equal(before);
  });

  it('was not empty', () => {
    const { kind, code } = refusal(() => aCart().convert(act));
    expect({ kind, code }).to.deep.equal({ kind: 'conflict', code: 'CART_EMPTY' });
  });

  it('names the order that it became, where there is one', () => {
    expect(cartNotOpen('o-1').details).to.deep.equal({ order_id: 'o-1' });
    expect(cartNotOpen().details).to.deep.equal({});
  });

  it('is as it was when the order came to nothing', () => {
    const cart = converted();
    cart.reopen(act);
    expect(cart.snapshot().status).to.equal('OPEN');
    expect(quantities(cart)).to.deep.equal({ [MUG]: 1 });
    const { version } = cart.snapshot();
    cart.reopen(act);
    expect(cart.snapshot().version).to.equal(version);
  });

  it('stays spent when it was merged into another one', () => {
    const spent = cartOf([[MUG, 1]]);
    aCart().absorb(spent, act);
    spent.reopen(act);
    expect(spent.snapshot().status).to.equal('ABANDONED');
  });
});

describe('Merging carts', () => {
  it('adds up what is in both, at the price the guest saw last', () => {
    const mine = cartOf([
      [MUG, 2],
      [LEASH, 1],
    ]);
    const guest = aCart();
    guest.add(MUG, 3, usd(1000), act);
    guest.add(BOWL, 1, usd(500), act);
    mine.absorb(guest, act);
    expect(quantities(mine)).to.deep.equal({ [MUG]: 5, [LEASH]: 1, [BOWL]: 1 });
    expect(mine.snapshot().lines[0]!.seenPrice.equals(usd(1000))).to.equal(true);
    expect(guest.snapshot().status).to.equal('ABANDONED');
  });

  it('takes as much as fits: 999 of a thing, and a hundred things', () => {
    const mine = fullCart();
    mine.setQuantity(variant(1000), 990, undefined, act);
    mine.absorb(
      cartOf([
        [MUG, 1],
        [variant(1000), 20],
      ]),
      act,
    );
    expect(mine.snapshot().lines).to.have.lengthOf(100);
    expect(quantities(mine)).to.include({ [variant(1000)]: 999 });
    expect(quantities(mine)).to.not.have.property(MUG);
  });

  it('leaves behind what is priced in another currency', () => {
    const mine = cartOf([[MUG, 1]]);
    const guest = aCart();
    guest.add(MUG, 1, eur(1), act);
    guest.add(LEASH, 1, eur(1), act);
    mine.absorb(guest, act);
    expect(mine.snapshot().lines).to.deep.equal([{ variantId: MUG, quantity: 1, seenPrice: usd(2999) }]);
  });

  it('changes nothing the second time', () => {
    const lines = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 999 })), {
      selector: ([n]) => n,
      maxLength: 8,
    });
    fc.assert(
      fc.property(lines, lines, (mineHas, guestHas) => {
        const mine = cartOf(mineHas.map(([n, quantity]) => [variant(n), quantity]));
        const guest = cartOf(guestHas.map(([n, quantity]) => [variant(n), quantity]));
        mine.absorb(guest, act);
        const once = mine.snapshot();
        const both = new Map(mineHas);
        for (const [n, quantity] of guestHas) both.set(n, Math.min(999, quantity + (both.get(n) ?? 0)));
        expect(quantities(mine)).to.deep.equal(Object.fromEntries([...both].map(([n, q]) => [variant(n), q])));
        mine.absorb(guest, act);
        mine.absorb(Cart.restore(guest.snapshot()), act);
        expect(mine.snapshot()).to.equal(once);
      }),
    );
  });
});
