import { expect } from 'chai';
import { SystemClock } from '../../../adapters/system/system-clock.ts';
import { UuidIds } from '../../../adapters/system/uuid-ids.ts';
import { times } from '../../support/waiting.ts';

describe('the system', () => {
  it('tells the time of the machine', () => {
    const before = Date.now();
    const now = new SystemClock().now().getTime();
    expect(now).to.be.within(before, Date.now());
  });

  it('makes ids that are UUIDs of version 7, in lower case', () => {
    expect(new UuidIds().next()).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('makes ids that sort in the order they were made, even thousands in a millisecond', () => {
    const ids = new UuidIds();
    const made = times(5000, () => ids.next());
    expect(made.toSorted()).to.deep.equal(made);
    expect(new Set(made).size).to.equal(made.length);
  });
});
