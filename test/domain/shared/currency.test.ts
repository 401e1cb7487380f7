import { expect } from 'chai';
import * as oracle from 'dinero.js/currencies';
import { CURRENCIES, Currency, exponentOf } from '../../../domain/shared/currency.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

/**
 * One fifth of these is a coin, so the oracle counts them in base 5. ISO 4217 lists both with two digits, and so do
 * gateways, banks and `Intl`; an amount that is sent to them must count in hundredths.
 */
const COUNTED_IN_FIFTHS = ['MGA', 'MRU'];

/** The Arab accounting dinar: a unit of account between central banks, in no shop's till. */
const NOT_FOR_SHOPS = ['XAD'];

describe('The currencies of the shop', () => {
  const known = Object.values(oracle);

  it('are those of an independent list', () => {
    const expected = known.map(({ code }) => code).filter(code => !NOT_FOR_SHOPS.includes(code));
    expect(CURRENCIES).to.have.members(expected);
    expect(CURRENCIES).to.have.lengthOf(165);
  });

  it('have as many decimals as that list says', () => {
    const different = known.filter(
      ({ code, base, exponent }) =>
        CURRENCIES.includes(code) && (base !== 10 || exponent !== exponentOf(Currency(code))),
    );
    expect(different.map(({ code }) => code)).to.have.members(COUNTED_IN_FIFTHS);
  });

  it('count ariary and ouguiya in hundredths, as ISO 4217 does', () => {
    for (const code of COUNTED_IN_FIFTHS) expect(exponentOf(Currency(code)), code).to.equal(2);
  });

  it('know yen without, dollars with two and Kuwaiti dinars with three decimals', () => {
    expect(['JPY', 'USD', 'KWD', 'CLF'].map(code => exponentOf(Currency(code)))).to.deep.equal([0, 2, 3, 4]);
  });

  it('are listed in order', () => {
    expect(CURRENCIES).to.deep.equal(CURRENCIES.toSorted());
  });

  for (const code of ['usd', 'US', 'USDT', '', 'XAD', ' USD', '__proto__'])
    it(`do not include ${JSON.stringify(code)}`, () => {
      expect(codeOf(() => Currency(code))).to.equal('VALIDATION_ERROR');
    });

  it('name the field that holds a wrong one', () => {
    expect(refusal(() => Currency('EURO', 'expected_total.currency')).details).to.have.all.keys(
      'expected_total.currency',
    );
  });
});
