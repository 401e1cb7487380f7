import { expect } from 'chai';

import { brokenOff, newImport, withOutcome } from '../../domain/catalog/product-import.ts';
import { ImportId, UserId } from '../../domain/shared/ids.ts';
import { actAt, nextId } from '../support/builders.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

export function productImportsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'product imports', it => {
    it('gives back the report of an import as it was saved last', async ({ run, store }) => {
      const started = newImport({ id: ImportId(nextId()), dryRun: true, by: UserId(nextId()), at: actAt(0).at });
      await run(({ productImports }) => productImports.save(started));
      expect(await store.productImports.find(started.id)).to.deep.equal(started);
      const note = { row: 7, handle: 'rope-leash', message: 'price "abc" is not a number' };
      const outcome = { created: 5, updated: 4, skipped: 3, errors: [note], warnings: [{ ...note, row: 8 }, note] };
      const going = { ...withOutcome(started, outcome, actAt(5).at), status: 'running' as const };
      const failed = brokenOff(going, 'The file ended in the middle of a row.', actAt(9).at);
      for (const report of [going, failed]) {
        await run(({ productImports }) => productImports.save(report));
        expect(await store.productImports.find(started.id)).to.deep.equal(report);
      }
    });

    it('keeps a report that nobody is named in', async ({ run, store }) => {
      const report = newImport({ id: ImportId(nextId()), dryRun: false, by: null, at: actAt(0).at });
      await run(({ productImports }) => productImports.save(report));
      expect(await store.productImports.find(report.id)).to.deep.equal(report);
    });

    it('knows nothing of an import that was never there', async ({ store }) => {
      expect(await store.productImports.find(ImportId(nextId()))).to.equal(undefined);
    });
  });
}
