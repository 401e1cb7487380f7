import { expect } from 'chai';
import { OneTimeToken } from '../../../domain/identity/one-time-token.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { actAt, nextId, NOON } from '../../support/builders.ts';

const HOUR = 3600;
const after = (seconds: number) => actAt(seconds).at;
const token = (purpose: 'password-reset' | 'email-verification') =>
  OneTimeToken.issue({ tokenHash: 'hash', userId: UserId(nextId()), purpose }, NOON);

describe('A one-time token', () => {
  it('is good for an hour to reset a password, and for a day to confirm an address', () => {
    const lasts = (purpose: 'password-reset' | 'email-verification', seconds: number) =>
      token(purpose).isGoodFor(purpose, after(seconds));
    expect([lasts('password-reset', HOUR - 1), lasts('password-reset', HOUR)]).to.deep.equal([true, false]);
    expect([lasts('email-verification', 24 * HOUR - 1), lasts('email-verification', 24 * HOUR)]).to.deep.equal([
      true,
      false,
    ]);
  });

  it('is good for nothing else', () => {
    expect(token('password-reset').isGoodFor('email-verification', NOON)).to.equal(false);
    expect(token('email-verification').isGoodFor('password-reset', NOON)).to.equal(false);
  });

  it('is good once, and remembers when', () => {
    const one = token('password-reset');
    one.spend(after(1));
    one.spend(after(2));
    expect(one.isGoodFor('password-reset', after(3))).to.equal(false);
    expect(one.snapshot().usedAt).to.deep.equal(after(1));
  });
});
