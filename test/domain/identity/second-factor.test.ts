import { expect } from 'chai';
import { SecondFactor } from '../../../domain/identity/second-factor.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { nextId, NOON } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const enrolled = () => SecondFactor.enrol({ userId: UserId(nextId()), secret: 'SECRET' });

const confirmed = () => {
  const factor = enrolled();
  factor.confirm({ step: 100, recoveryHashes: ['one', 'two'] }, NOON);
  return factor;
};

describe('A second factor', () => {
  it('is off until a code has shown that the authenticator holds the secret', () => {
    const factor = enrolled();
    expect([factor.isOn, factor.takeStep(100), factor.takeRecoveryCode('one')]).to.deep.equal([false, false, false]);
    factor.confirm({ step: 100, recoveryHashes: ['one'] }, NOON);
    expect(factor.isOn).to.equal(true);
    expect(factor.snapshot().confirmedAt).to.equal(NOON);
  });

  it('is confirmed once', () => {
    const again = () => confirmed().confirm({ step: 101, recoveryHashes: [] }, NOON);
    expect(refusal(again).code).to.equal('INVALID_TRANSITION');
  });

  it('takes each code once, and none before one that it took', () => {
    const factor = confirmed();
    expect([100, 99, 102, 102, 101, 103].map(step => factor.takeStep(step))).to.deep.equal([
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it('takes each recovery code once', () => {
    const factor = confirmed();
    expect(['two', 'two', 'three', 'one'].map(hash => factor.takeRecoveryCode(hash))).to.deep.equal([
      true,
      false,
      false,
      true,
    ]);
    expect(factor.snapshot().recoveryHashes).to.deep.equal([]);
  });
});
