import { expect } from 'chai';
import { TotpCodes } from '../../../adapters/security/totp-codes.ts';
import { times } from '../../support/waiting.ts';

/** "12345678901234567890", as in RFC 6238. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number) => new Date(seconds * 1000);

describe('The codes of authenticators', () => {
  const codes = new TotpCodes({ issuer: 'Pannier' });

  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ] as const)
    it(`are those of RFC 6238 at ${seconds}`, () => {
      expect(codes.stepOf(SECRET, code, at(seconds))).to.equal(Math.floor(seconds / 30));
    });

  it('are good half a minute early and late, under the step that they belong to', () => {
    const step = Math.floor(1111111109 / 30);
    for (const seconds of [-30, 0, 30]) expect(codes.stepOf(SECRET, '081804', at(1111111109 + seconds))).to.equal(step);
    for (const seconds of [-60, 60])
      expect(codes.stepOf(SECRET, '081804', at(1111111109 + seconds))).to.equal(undefined);
  });

  for (const none of ['', '81804', '0818040', ' 081804', '081 804', '٠٨١٨٠٤', 'abcdef', 'x'.repeat(20)])
    it(`are not ${JSON.stringify(none)}`, () => {
      expect(codes.stepOf(SECRET, none, at(1111111109))).to.equal(undefined);
    });

  it('come from secrets of 160 bits, and those of paper have 80, never the same', () => {
    const secrets = times(50, () => codes.newSecret());
    for (const secret of secrets) expect(secret).to.match(/^[A-Z2-7]{32}$/);
    const paper = times(50, () => codes.newRecoveryCode());
    for (const code of paper) expect(code).to.match(/^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/);
    expect(new Set([...secrets, ...paper]).size).to.equal(100);
  });

  it('are set up by a URL, whatever stands in the name of the account', () => {
    const url = new URL(codes.urlOf(SECRET, 'a&secret=x@example.com'));
    expect(url.protocol).to.equal('otpauth:');
    expect(url.searchParams.getAll('secret')).to.deep.equal([SECRET]);
    expect(Object.fromEntries(url.searchParams)).to.include({ issuer: 'Pannier', digits: '6', period: '30' });
  });
});
