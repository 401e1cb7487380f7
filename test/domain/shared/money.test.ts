import { expect } from 'chai';
import { dinero, toDecimal } from 'dinero.js';
import * as oracle from 'dinero.js/currencies';
import * as fc from 'fast-check';
import { CURRENCIES, Currency, exponentOf } from '../../../domain/shared/currency.ts';
import { LARGEST_PRICE, Money } from '../../../domain/shared/money.ts';
import { usd } from '../../support/builders.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

const eur = (amount: number): Money => Money.of(amount, Currency('EUR'));
const jpy = (amount: number): Money => Money.of(amount, Currency('JPY'));
const kwd = (amount: number): Money => Money.of(amount, Currency('KWD'));

const currencies = fc.constantFrom(...CURRENCIES).map(code => Currency(code));
const amounts = fc.integer({ min: -LARGEST_PRICE, max: LARGEST_PRICE });
const moneys = fc.tuple(amounts, currencies).map(([amount, currency]) => Money.of(amount, currency));

describe('Money', () => {
  it('is never half a cent', () => {
    for (const amount of [0.5, 19.99, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      expect(() => usd(amount), String(amount)).to.throw(RangeError);
  });

  it('does not mix currencies', () => {
    expect(() => usd(1).plus(eur(1))).to.throw(RangeError);
    expect(() => usd(1).minus(eur(1))).to.throw(RangeError);
    expect(() => usd(1).isMoreThan(eur(1))).to.throw(RangeError);
    expect(() => Money.sum([usd(1)], Currency('EUR'))).to.throw(RangeError);
    expect(usd(1).equals(eur(1))).to.equal(false);
  });

  it('comes to 435.00 for a hundred at 4.35, where a float comes to 434.99999999999994', () => {
    expect(4.35 * 100).to.not.equal(435);
    expect(usd(435).times(100).toDecimal()).to.equal('435.00');
  });

  it('cannot be halved by multiplying', () => {
    expect(() => usd(100).times(0.5)).to.throw(RangeError);
  });

  it('flies as a bug where a sum would no longer be exact', () => {
    expect(() => usd(Number.MAX_SAFE_INTEGER).plus(usd(1))).to.throw(RangeError);
    expect(() => usd(Number.MAX_SAFE_INTEGER).times(2)).to.throw(RangeError);
  });

  it('adds up the fullest cart of the dearest things', () => {
    const line = Money.price(LARGEST_PRICE, Currency('USD')).times(999);
    const total = Money.sum(
      Array.from({ length: 100 }, () => line),
      Currency('USD'),
    );
    expect(BigInt(total.amount)).to.equal(10_000_000_000n * 999n * 100n);
  });

  it('is zero for a sum of nothing', () => {
    expect(Money.sum([], Currency('JPY')).equals(jpy(0))).to.equal(true);
  });

  it('tells which of two is more', () => {
    expect([usd(2).isMoreThan(usd(1)), usd(1).isMoreThan(usd(1)), usd(1).isMoreThan(usd(2))]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('is plain JSON', () => {
    expect(JSON.stringify({ price: usd(1999) })).to.equal('{"price":{"amount":1999,"currency":"USD"}}');
  });

  it('never turns into a fraction, whatever is done to it', () => {
    const step = fc.oneof(
      fc.record({ verb: fc.constant('plus' as const), by: amounts }),
      fc.record({ verb: fc.constant('minus' as const), by: amounts }),
      fc.record({ verb: fc.constant('times' as const), by: fc.double({ min: -999, max: 999 }) }),
      fc.record({ verb: fc.constant('times' as const), by: fc.integer({ min: -999, max: 999 }) }),
    );
    fc.assert(
      fc.property(moneys, fc.array(step, { maxLength: 6 }), (start, steps) => {
        let money = start;
        for (const { verb, by } of steps)
          try {
            money = verb === 'times' ? money.times(by) : money[verb](Money.of(by, start.currency));
          } catch (error) {
            expect(error).to.be.instanceOf(RangeError);
          }
        expect(Number.isSafeInteger(money.amount)).to.equal(true);
      }),
    );
  });

  it('comes back when what was added is taken away', () => {
    fc.assert(
      fc.property(moneys, amounts, (money, amount) => {
        const other = Money.of(amount, money.currency);
        expect(money.plus(other).minus(other).equals(money)).to.equal(true);
        expect(money.plus(other).equals(other.plus(money))).to.equal(true);
      }),
    );
  });
});

describe('A price', () => {
  it('may be nothing, or ten thousand million minor units', () => {
    expect(Money.price(0, Currency('USD')).amount).to.equal(0);
    expect(Money.price(LARGEST_PRICE, Currency('USD')).amount).to.equal(10_000_000_000);
  });

  for (const amount of [-1, LARGEST_PRICE + 1, 19.99, Number.NaN])
    it(`is never ${amount}`, () => {
      expect(codeOf(() => Money.price(amount, Currency('USD')))).to.equal('VALIDATION_ERROR');
    });

  it('names the field that holds a wrong one', () => {
    const { details } = refusal(() => Money.price(-1, Currency('USD'), 'variants.0.price.amount'));
    expect(details).to.deep.equal({ 'variants.0.price.amount': ['must be ≥ 0'] });
  });
});

describe('Splitting money', () => {
  it('gives the odd cents to the first shares', () => {
    const shares = usd(100).split([1, 1, 1]);
    expect(shares.map(share => share.amount)).to.deep.equal([34, 33, 33]);
    expect(
      usd(-100)
        .split([1, 1, 1])
        .map(share => share.amount),
    ).to.deep.equal([-34, -33, -33]);
  });

  it('gives nothing to a share that weighs nothing', () => {
    const shares = usd(5).split([0, 1, 1]);
    expect(shares.map(share => share.amount)).to.deep.equal([0, 3, 2]);
  });

  it('needs weights that add up', () => {
    for (const weights of [[], [0, 0], [2, -1], [-1]])
      expect(() => usd(100).split(weights), JSON.stringify(weights)).to.throw(RangeError, 'weights that add up');
    for (const weights of [[0.5, 0.5], [Number.NaN]])
      expect(() => usd(100).split(weights), JSON.stringify(weights)).to.throw(RangeError);
  });

  it('keeps every unit, and is at most one unit off for each share', () => {
    const weightLists = fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 30 })
      .filter(weights => weights.some(weight => weight > 0));
    const anyAmounts = fc.maxSafeInteger();
    fc.assert(
      fc.property(anyAmounts, currencies, weightLists, (amount, currency, weights) => {
        const shares = Money.of(amount, currency).split(weights);
        const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(shares.reduce((sum, share) => sum + BigInt(share.amount), 0n)).to.equal(BigInt(amount));
        shares.forEach((share, i) => {
          const off = BigInt(share.amount) * total - BigInt(amount) * BigInt(weights[i]!);
          expect(off < total && off > -total).to.equal(true);
          expect(share.currency).to.equal(currency);
        });
      }),
    );
  });
});

const read = (text: string, code = 'USD') => Money.fromDecimal(text, Currency(code))?.amount;

describe('Decimal amounts', () => {
  it('have as many decimals as the currency', () => {
    expect([usd(1999), jpy(1999), kwd(1999), usd(5), usd(-5), usd(0)].map(money => money.toDecimal())).to.deep.equal([
      '19.99',
      '1999',
      '1.999',
      '0.05',
      '-0.05',
      '0.00',
    ]);
  });

  it('are read as they are written in price lists', () => {
    expect(['19.99', ' 19.9 ', '19', '19.9900', '007.50', '-0.5', '-0.00'].map(text => read(text))).to.deep.equal([
      1999, 1990, 1900, 1999, 750, -50, 0,
    ]);
    expect(read('1999', 'JPY')).to.equal(1999);
    expect(read('1999.00', 'JPY')).to.equal(1999);
    expect(read('1.999', 'KWD')).to.equal(1999);
  });

  it('are not guessed at', () => {
    const odd = ['', '.', '19.', '.99', '19,99', '1e3', '0x10', '19.999', '$19.99', '1 999', '--1', '+1', 'NaN', '१२'];
    for (const text of [...odd, '9'.repeat(13), '9'.repeat(50_000)])
      expect(Money.fromDecimal(text, Currency('USD')), text.slice(0, 20)).to.equal(undefined);
    expect(Money.fromDecimal('19.5', Currency('JPY'))).to.equal(undefined);
  });

  it('come back the same at the edges of every currency', () => {
    const edges = [0, 1, -1, 9, 10, 99, 100, 999, 1000, 10_000, 12_345, LARGEST_PRICE, -LARGEST_PRICE];
    for (const currency of CURRENCIES.map(code => Currency(code)))
      for (const amount of edges) {
        const text = Money.of(amount, currency).toDecimal();
        expect(Money.fromDecimal(text, currency)?.amount, `${currency} ${text}`).to.equal(amount);
        expect(text.split('.')[1]?.length ?? 0, `${currency} ${text}`).to.equal(exponentOf(currency));
      }
  });

  it('come back the same, whatever the amount', () => {
    fc.assert(
      fc.property(moneys, money => {
        expect(Money.fromDecimal(money.toDecimal(), money.currency)?.equals(money)).to.equal(true);
      }),
    );
  });

  it('look as an independent library writes them', () => {
    const decimal = Object.values(oracle).filter(({ base, code }) => base === 10 && CURRENCIES.includes(code));
    fc.assert(
      fc.property(fc.constantFrom(...decimal), fc.maxSafeInteger(), (currency, amount) => {
        expect(Money.of(amount, Currency(currency.code)).toDecimal()).to.equal(toDecimal(dinero({ amount, currency })));
      }),
    );
  });
});
