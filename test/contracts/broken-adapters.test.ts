import { expect } from 'chai';

import { inMemoryHarness } from '../adapters/in-memory/in-memory-harness.ts';
import { BROKEN_AUDIT } from './broken/audit.ts';
import { BROKEN_ACCESS } from './broken/access.ts';
import { BROKEN_COLLECTIONS } from './broken/collections.ts';
import { BROKEN_DELIVERIES } from './broken/deliveries.ts';
import { BROKEN_ERASING } from './broken/erasing.ts';
import { BROKEN_QUERIES } from './broken/queries.ts';
import { BROKEN_UNITS_OF_WORK } from './broken/units-of-work.ts';
import { verdictOn } from './verdict.ts';

const BROKEN = [
  ...BROKEN_AUDIT,
  ...BROKEN_UNITS_OF_WORK,
  ...BROKEN_COLLECTIONS,
  ...BROKEN_DELIVERIES,
  ...BROKEN_QUERIES,
  ...BROKEN_ERASING,
  ...BROKEN_ACCESS,
];

describe('the contract of a store', () => {
  it('accepts a sound adapter', async () => {
    const { passed, failed } = await verdictOn(inMemoryHarness);
    expect(failed).to.deep.equal([]);
    for (const sentence of BROKEN.flatMap(adapter => adapter.breaks))
      expect(
        passed.filter(title => title.endsWith(sentence)),
        sentence,
      ).to.have.length(1);
  });

  for (const { harness, breaks } of BROKEN) {
    it(`refuses an adapter that ${harness.name}`, async () => {
      const { passed, failed } = await verdictOn(harness, breaks);
      expect(passed).to.deep.equal([]);
      expect(failed).to.have.length(breaks.length);
    });
  }
});
