import { expect } from 'chai';
import { insufficientStock, priceCart, type PricedCart, requireSellable } from '../../../domain/cart/cart-pricing.ts';
import type { Offer } from '../../../domain/catalog/offer.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { VariantId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { aCart, ACT, anOffer, usd } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const MUG = VariantId('019cae1f-f000-7000-8000-000000000001');
const LEASH = VariantId('019cae1f-f000-7000-8000-000000000002');
const BOWL = VariantId('019cae1f-f000-7000-8000-000000000003');
const eur = (amount: number): Money => Money.of(amount, Currency('EUR'));

/** Two mugs at 10.00 and a leash at 5.00, as the customer saw them. */
function cartAt(offers: readonly Partial<Offer>[]): PricedCart {
  const cart = aCart();
  cart.add(MUG, 2, usd(1000), ACT);
  cart.add(LEASH, 1, usd(500), ACT);
  return priceCart(cart.snapshot(), new Map(offers.map(offer => [offer.variantId!, anOffer(offer)])));
}

const mug = { variantId: MUG, price: usd(1000), productName: 'Mug' };
const leash = { variantId: LEASH, price: usd(500), productName: 'Leash', variantName: 'Blue' };

describe('A cart at the prices of today', () => {
  it('adds up, and nothing stands in its way', () => {
    const { lines, subtotal } = cartAt([mug, leash]);
    expect(subtotal?.equals(usd(2500))).to.equal(true);
    expect(lines.map(line => [line.name, line.quantity, line.lineTotal.amount, line.problems.length])).to.deep.equal([
      ['Mug', 2, 2000, 0],
      ['Leash (Blue)', 1, 500, 0],
    ]);
  });

  it('has no total while it never held anything', () => {
    expect(priceCart(aCart().snapshot(), new Map())).to.deep.equal({ lines: [], subtotal: null });
  });

  it('says ITEM_UNAVAILABLE of what is no longer sold, and leaves it out of the total', () => {
    const { lines, subtotal } = cartAt([mug]);
    expect(lines[1]).to.deep.include({ productId: null, sku: null, name: null, available: 0 });
    expect(lines[1]!.unitPrice.equals(usd(500))).to.equal(true);
    expect(lines[1]!.problems).to.deep.equal([{ code: 'ITEM_UNAVAILABLE' }]);
    expect(subtotal?.equals(usd(2000))).to.equal(true);
  });

  it('is worth nothing, in its own currency, when all of it is gone', () => {
    expect(cartAt([]).subtotal?.equals(usd(0))).to.equal(true);
  });

  it('says INSUFFICIENT_STOCK of what there is too little of, and how much there is', () => {
    const { lines } = cartAt([{ ...mug, available: 1 }, leash]);
    expect(lines[0]!.problems).to.deep.equal([{ code: 'INSUFFICIENT_STOCK', available: 1 }]);
    expect(cartAt([{ ...mug, available: 2 }, leash]).lines[0]!.problems).to.deep.equal([]);
  });

  it('says PRICE_CHANGED of what cost something else when the customer looked, and counts the new price', () => {
    const { lines, subtotal } = cartAt([{ ...mug, price: usd(900) }, leash]);
    expect(lines[0]!.problems).to.deep.equal([{ code: 'PRICE_CHANGED', previousPrice: usd(1000) }]);
    expect(subtotal?.equals(usd(2300))).to.equal(true);
  });

  it('says everything that is wrong with a line', () => {
    const { lines } = cartAt([{ ...mug, price: usd(900), available: 0 }]);
    expect(lines.map(line => line.problems.map(problem => problem.code))).to.deep.equal([
      ['INSUFFICIENT_STOCK', 'PRICE_CHANGED'],
      ['ITEM_UNAVAILABLE'],
    ]);
  });

  it('never adds euros to dollars: what is now priced in euros is not sold to it', () => {
    const { lines, subtotal } = cartAt([{ ...mug, price: eur(1000) }, leash]);
    expect(lines[0]!.problems).to.deep.equal([{ code: 'ITEM_UNAVAILABLE' }]);
    expect(subtotal?.equals(usd(500))).to.equal(true);
  });
});

const refused = (cart: PricedCart, expectedTotal?: Money) => {
  const { kind, code, details } = refusal(() => requireSellable(cart, expectedTotal));
  return { kind, code, details };
};

describe('A checkout', () => {
  it('sells a cart that nothing stands in the way of', () => {
    expect(() => requireSellable(cartAt([mug, leash]), undefined)).to.not.throw();
    expect(() => requireSellable(cartAt([mug, leash]), usd(2500))).to.not.throw();
  });

  it('sells the very last ones', () => {
    expect(() =>
      requireSellable(
        cartAt([
          { ...mug, available: 2 },
          { ...leash, available: 1 },
        ]),
        undefined,
      ),
    ).to.not.throw();
  });

  it('sells at a new price when the customer named no total or the right one', () => {
    const cheaper = cartAt([{ ...mug, price: usd(900) }, leash]);
    expect(() => requireSellable(cheaper, undefined)).to.not.throw();
    expect(() => requireSellable(cheaper, usd(2300))).to.not.throw();
  });

  it('names every line that is no longer sold', () => {
    expect(refused(cartAt([]))).to.deep.equal({
      kind: 'conflict',
      code: 'ITEM_UNAVAILABLE',
      details: { lines: [{ variant_id: MUG }, { variant_id: LEASH }] },
    });
  });

  it('names every line that there is too little of', () => {
    const short = cartAt([
      { ...mug, available: 1 },
      { ...leash, available: 0 },
    ]);
    const expected = {
      kind: 'conflict',
      code: 'INSUFFICIENT_STOCK',
      details: {
        lines: [
          { variant_id: MUG, requested: 2, available: 1 },
          { variant_id: LEASH, requested: 1, available: 0 },
        ],
      },
    };
    expect(refused(short)).to.deep.equal(expected);
    const stores = insufficientStock([{ variantId: BOWL, requested: 3, available: 2 }]);
    expect(stores).to.include({ kind: 'conflict', code: 'INSUFFICIENT_STOCK' });
    expect(stores.details).to.deep.equal({ lines: [{ variant_id: BOWL, requested: 3, available: 2 }] });
  });

  it('speaks of what is gone before it speaks of what is short', () => {
    expect(refused(cartAt([{ ...mug, available: 0 }])).details).to.deep.equal({ lines: [{ variant_id: LEASH }] });
  });

  for (const [what, total] of [
    ['less', usd(2499)],
    ['more', usd(2501)],
    ['in another currency', eur(2500)],
  ] as const)
    it(`takes no other total than the customer expects: ${what}`, () => {
      expect(refused(cartAt([mug, leash]), total)).to.deep.equal({
        kind: 'conflict',
        code: 'PRICE_CHANGED',
        details: { expected_total: total, total: usd(2500) },
      });
    });
});
