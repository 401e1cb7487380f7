import type { Store } from '../../application/ports/store.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { StoreHarness, StoreInspection, StoreUnderTest } from './store-harness.ts';

/** The little of a test runner that the suites need, so that something else than mocha can run them, too. */
export interface SuiteApi {
  describe(title: string, define: () => void): void;
  it(title: string, test: () => Promise<void>): void;
  after(hook: () => Promise<void>): void;
}

export const mochaApi: SuiteApi = {
  describe: (title, define) => void describe(title, define),
  it: (title, test) => void it(title, test),
  after: hook => after(hook),
};

/** What each test is handed: an empty store. */
export interface Shop {
  readonly store: Store;
  readonly inspect: StoreInspection;
  readonly run: UnitOfWork['run'];
}

export type ShopTest = (title: string, test: (shop: Shop) => Promise<void>) => void;

/** Opens the store with the first test, empties it before each, closes it after the last. */
export function storeSuite(harness: StoreHarness, api: SuiteApi, title: string, define: (it: ShopTest) => void): void {
  let opened: Promise<StoreUnderTest> | undefined;
  api.describe(title, () => {
    api.after(async () => (await opened)?.close());
    define((sentence, test) =>
      api.it(sentence, async () => {
        const underTest = await (opened ??= harness.open());
        await underTest.clear();
        const { store, inspect } = underTest;
        await test({ store, inspect, run: work => store.unitOfWork.run(work) });
      }));
  });
}
