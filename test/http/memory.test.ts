import { everySuite } from './every-suite.ts';
import { onHarness } from './harness.ts';

onHarness(
  { name: 'in memory', database: () => Promise.resolve({ url: 'memory:', drop: () => Promise.resolve() }) },
  everySuite,
);
