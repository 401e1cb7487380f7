import { expect } from 'chai';
import {
  asSeenAt,
  failedRows,
  type ImportNote,
  MOST_NOTES,
  newImport,
  type ProductImport,
  STALLED_AFTER_MS,
  withOutcome,
} from '../../../domain/catalog/product-import.ts';
import { ImportId } from '../../../domain/shared/ids.ts';
import { NOON } from '../../support/builders.ts';

const ID = ImportId('019cae1f-f000-7000-8000-000000000001');
const report = (facts: Partial<ProductImport> = {}): ProductImport => ({
  ...newImport({ id: ID, dryRun: false, by: null, at: NOON }),
  ...facts,
});
const later = (ms: number) => new Date(NOON.getTime() + ms);
const note = (row: number): ImportNote => ({ row, handle: 'rope-leash', message: 'Variant Price is empty' });
const nothing = { created: 0, updated: 0, skipped: 0, errors: [], warnings: [] };

describe('The report of a product import', () => {
  it('counts every row once', () => {
    const first = withOutcome(report(), { ...nothing, created: 3, skipped: 2, errors: [note(4)] }, later(1));
    const both = withOutcome(first, { ...nothing, updated: 1, errors: [note(9), note(8)] }, later(2));
    expect(both).to.include({ rows: 9, created: 3, updated: 1, skipped: 2 });
    expect(failedRows(both)).to.equal(3);
    expect(both.updatedAt).to.deep.equal(later(2));
  });

  it('tells of errors in the order of the file', () => {
    const first = withOutcome(report(), { ...nothing, errors: [note(12), note(4)] }, NOON);
    const both = withOutcome(first, { ...nothing, errors: [note(8)] }, NOON);
    expect(both.errors.map(({ row }) => row)).to.deep.equal([4, 8, 12]);
  });

  it('spells out only so many notes, and still counts every failed row', () => {
    const notes = Array.from({ length: MOST_NOTES + 5 }, (_, index) => note(index + 2));
    const full = withOutcome(report(), { ...nothing, errors: notes, warnings: notes }, NOON);
    expect(full.errors).to.have.length(MOST_NOTES);
    expect(full.warnings).to.have.length(MOST_NOTES);
    expect(failedRows(full)).to.equal(MOST_NOTES + 5);
  });

  for (const status of ['pending', 'running'] as const)
    it(`is shown as failed when it is ${status} and has not moved for a minute`, () => {
      const stalled = report({ status, errors: [note(4)] });
      expect(asSeenAt(stalled, later(STALLED_AFTER_MS))).to.equal(stalled);
      const seen = asSeenAt(stalled, later(STALLED_AFTER_MS + 1));
      expect(seen.status).to.equal('failed');
      expect(seen.errors[0]).to.deep.equal({
        row: 0,
        handle: '',
        message: 'The import stopped before its end: send the file again.',
      });
      expect(seen.errors[1]).to.deep.equal(note(4));
    });

  for (const status of ['completed', 'failed'] as const)
    it(`stays ${status} however long ago that was`, () => {
      const over = report({ status });
      expect(asSeenAt(over, later(STALLED_AFTER_MS * 1000))).to.equal(over);
    });
});
