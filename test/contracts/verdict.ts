import type { StoreHarness } from './store-harness.ts';
import { storeContract } from './store.contract.ts';
import type { SuiteApi } from './suite-api.ts';

export interface Verdict {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly title: string; readonly error: unknown }[];
}

interface Collected {
  readonly title: string;
  readonly test: () => Promise<void>;
}

/** No in-memory test needs a tenth of it; a broken adapter may wait for ever. */
const PATIENCE_MS = 1000;

/** Runs the whole contract of a store without a test runner; `only` picks tests by their titles. */
export const verdictOn = (harness: StoreHarness, only?: readonly string[]): Promise<Verdict> =>
  verdictOf(api => storeContract(harness, api), only);

/** Runs any suite without a test runner and tells how it went; `only` picks tests by their titles. */
export async function verdictOf(suite: (api: SuiteApi) => void, only?: readonly string[]): Promise<Verdict> {
  const { tests, afterwards } = collect(suite);
  const passed: string[] = [];
  const failed: { title: string; error: unknown }[] = [];
  for (const { title, test } of tests) {
    if (only && !only.some(part => title.includes(part))) continue;
    try {
      await withPatience(test());
      passed.push(title);
    } catch (error) {
      failed.push({ title, error });
    }
  }
  for (const hook of afterwards) await hook();
  return { passed, failed };
}

function collect(suite: (api: SuiteApi) => void): { tests: Collected[]; afterwards: (() => Promise<void>)[] } {
  const tests: Collected[] = [];
  const afterwards: (() => Promise<void>)[] = [];
  const path: string[] = [];
  const api: SuiteApi = {
    describe: (title, define) => {
      path.push(title);
      define();
      path.pop();
    },
    it: (title, test) => void tests.push({ title: [...path, title].join(' '), test }),
    after: hook => void afterwards.push(hook),
  };
  suite(api);
  return { tests, afterwards };
}

async function withPatience(test: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It did not end.')), PATIENCE_MS);
  });
  try {
    await Promise.race([test, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
