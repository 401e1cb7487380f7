import { expect } from 'chai';
import { madeAt } from '../../../domain/shared/made-at.ts';

describe('The time that an id was made', () => {
  it('is told by a UUIDv7, to the millisecond', () => {
    expect(madeAt('019cae6b-3c00-7000-8000-000000000001')).to.deep.equal(new Date(0x019cae6b3c00));
    expect(madeAt('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')?.toISOString()).to.equal('2022-02-22T19:22:22.000Z');
  });

  it('is not told by any other', () => {
    for (const id of ['5f0c9a52-1c1e-4d0e-9c55-0a8f3ad3f1aa', '', '7'.repeat(14)])
      expect(madeAt(id)).to.equal(undefined);
  });
});
