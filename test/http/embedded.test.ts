import { aFolder } from '../support/shop-process.ts';
import { everySuite } from './every-suite.ts';
import { onHarness } from './harness.ts';

const database = () => {
  const { path, remove } = aFolder();
  return Promise.resolve({ url: `embedded:${path}`, drop: () => Promise.resolve(remove()) });
};

onHarness({ name: 'in the Postgres that it starts itself', database }, everySuite);
