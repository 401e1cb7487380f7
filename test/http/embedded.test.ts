import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everySuite } from './every-suite.ts';
import { onHarness } from './harness.ts';

const database = () => {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-test-http-'));
  const drop = () => Promise.resolve(rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return Promise.resolve({ url: `embedded:${folder}`, drop });
};

onHarness({ name: 'in the Postgres that it starts itself', database }, everySuite);
