import { expect } from 'chai';
import { fromStripeAmount, toStripeAmount } from '../../../adapters/stripe/stripe-amounts.ts';
import { Currency, CURRENCIES } from '../../../domain/shared/currency.ts';
import { Money } from '../../../domain/shared/money.ts';

/** What the customer pays, and how Stripe writes it: https://docs.stripe.com/currencies. */
const WRITTEN: readonly (readonly [decimal: string, currency: string, units: number])[] = [
  ['43.50', 'USD', 4350],
  ['0.01', 'EUR', 1],
  ['10.45', 'HUF', 1045],
  ['800.45', 'TWD', 80_045],
  ...'BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF'.split(' ').map(code => ['500', code, 500] as const),
  ['500.00', 'MGA', 500],
  ['5', 'ISK', 500],
  ['5', 'UGX', 500],
  ['5.120', 'KWD', 5120],
  ['5.130', 'BHD', 5130],
  ['0.010', 'JOD', 10],
  ['1.000', 'OMR', 1000],
  ['2.500', 'TND', 2500],
];

const NOT_WRITTEN: readonly (readonly [decimal: string, currency: string])[] = [
  ['5.124', 'KWD'],
  ['0.001', 'TND'],
  ['500.20', 'MGA'],
  ['1.000', 'IQD'],
  ['1.000', 'LYD'],
  ['1.0000', 'CLF'],
  ['1', 'UYI'],
];

const NOT_READ: readonly (readonly [units: number, currency: string])[] = [
  [505, 'ISK'],
  [5001, 'UGX'],
  [5124, 'KWD'],
  [1.5, 'USD'],
  [Number.NaN, 'USD'],
  [2 ** 53, 'USD'],
  [9_007_199_254_740_000, 'MGA'],
  [100, 'IQD'],
];

const money = (decimal: string, currency: string): Money => Money.fromDecimal(decimal, Currency(currency))!;

describe('amounts for Stripe', () => {
  for (const [decimal, currency, units] of WRITTEN)
    it(`${decimal} ${currency} are ${units}, there and back`, () => {
      expect(toStripeAmount(money(decimal, currency))).to.equal(units);
      expect(fromStripeAmount(units, Currency(currency))).to.deep.equal(money(decimal, currency));
    });

  for (const [decimal, currency] of NOT_WRITTEN)
    it(`${decimal} ${currency} cannot be expressed`, () => {
      expect(toStripeAmount(money(decimal, currency))).to.equal(undefined);
    });

  for (const [units, currency] of NOT_READ)
    it(`${units} of ${currency} come from somebody else`, () => {
      expect(fromStripeAmount(units, Currency(currency))).to.equal(undefined);
    });

  it('come back as they went in every currency that Stripe may have, and no other is sent', () => {
    const there = CURRENCIES.map(code => money('12300', code)).filter(amount => toStripeAmount(amount) !== undefined);
    for (const amount of there)
      expect(fromStripeAmount(toStripeAmount(amount)!, amount.currency), amount.currency).to.deep.equal(amount);
    const sent = new Set<string>(there.map(({ currency }) => currency));
    expect(CURRENCIES.filter(code => !sent.has(code))).to.deep.equal(['CLF', 'IQD', 'LYD', 'UYI', 'UYW']);
  });
});
