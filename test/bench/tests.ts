import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../../config/version.ts';
import { median, print, repeated, timed } from './support.ts';

/** The fast part of the tests, as `npm run test:fast` runs it once it is compiled. */
const RUNS = 5;

const { scripts } = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const command = scripts['test:fast']!.replace(/^npm run --silent build && /, '');
const binaries = path.join(PROJECT_ROOT, 'node_modules', '.bin');

const runs = await repeated(RUNS, async () => {
  const { seconds, result } = await timed(() =>
    spawnSync('sh', ['-c', command], {
      cwd: PROJECT_ROOT,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${binaries}:${process.env['PATH'] ?? ''}` },
    }),
  );
  const passing = /(\d+) passing \((\d+)(m?s)\)/.exec(result.stdout);
  if (result.status !== 0 || !passing) throw new Error(`The tests fail: ${result.stdout.slice(-2_000)}`);
  const told = Number(passing[2]) / (passing[3] === 'ms' ? 1000 : 1);
  return { seconds, told, count: Number(passing[1]) };
});

const note = `${runs[0]!.count} tests`;
print(`The fast tests (median of ${RUNS})`, [
  { what: 'as mocha tells', measured: median(runs.map(({ told }) => told)), limit: 2, unit: 's', note },
  { what: 'from the command to its end', measured: median(runs.map(({ seconds }) => seconds)), limit: 2, unit: 's' },
]);
