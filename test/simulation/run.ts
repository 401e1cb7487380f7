import { execFile } from 'node:child_process';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { checkMutants, MUTANTS } from './mutants.ts';
import type { Outcome } from './simulate.ts';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    sweep: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
});

const say = (text: string): boolean => process.stdout.write(text);

async function manySeeds(from: number, count: number): Promise<void> {
  const { simulate } = await import('./simulate.ts');
  const sum = { seeds: 0, kills: 0, steps: 0, orders: 0, paid: 0 };
  const began = performance.now();
  const line = () => {
    const rate = Math.round((sum.seeds / (performance.now() - began)) * 1000);
    const { seeds, kills, steps, orders, paid } = sum;
    return `${seeds} seeds, ${kills} kills, ${steps} steps, ${orders} orders, ${paid} paid; ${rate} seeds/s`;
  };
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await simulate({ seed });
    sum.seeds += 1;
    for (const name of ['kills', 'steps', 'orders', 'paid'] as const) sum[name] += outcome[name];
    if (outcome.violations.length > 0) {
      say(`\n`);
      await replay(seed);
      return;
    }
    if (process.stdout.isTTY ? seed % 100 === 0 : sum.seeds % 5000 === 0)
      say(process.stdout.isTTY ? `\r${line()}` : `${line()}\n`);
  }
  say(`${process.stdout.isTTY ? '\r' : ''}${line()}: no violation\n`);
}

/** Tells what happened under one seed. */
async function replay(seed: number): Promise<void> {
  const { simulate } = await import('./simulate.ts');
  const { storyOf } = await import('./report.ts');
  const outcome = await simulate({ seed, story: true });
  say(storyOf(outcome, options.trace));
  if (outcome.violations.length > 0) process.exitCode = 1;
}

const ENOUGH = 400;
const MOST = 20_000;

/** From here on the shop has never had this guard; so nothing of it may be loaded yet. */
function takeOut(guard: string): void {
  if (!MUTANTS.some(mutant => mutant.guard === guard)) throw new Error(`There is no guard "${guard}"`);
  register('./mutation-hooks.js', import.meta.url, { data: { guard } });
}

/** Runs without one guard: at least `ENOUGH` seeds, and on until it is caught. Prints what was found as JSON. */
async function hunt(guard: string): Promise<void> {
  const { simulate } = await import('./simulate.ts');
  let first: { seed: number; symptom: string } | undefined;
  let [seeds, caught] = [0, 0];
  while (seeds < ENOUGH || (!first && seeds < MOST)) {
    seeds += 1;
    const { violations }: Outcome = await simulate({ seed: seeds });
    if (violations.length === 0) continue;
    caught += 1;
    if (!first) {
      const { story } = await simulate({ seed: seeds, story: true });
      first = { seed: seeds, symptom: story!.named(`${violations[0]!.invariant} ${violations[0]!.what}`) };
    }
  }
  say(JSON.stringify({ guard, seeds, caught, ...first }));
}

async function tableOfMutants(): Promise<void> {
  checkMutants();
  const run = promisify(execFile);
  const waiting = [...MUTANTS];
  const rows: string[] = [];
  let escaped = 0;
  say(`${'guard'.padEnd(52)} | ${'seed'.padStart(5)} | ${'1 in'.padStart(5)} | first symptom\n`);
  const next = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const { stdout } = await run(process.execPath, [fileURLToPath(import.meta.url), '--mutant', mutant.guard]);
      const found = JSON.parse(stdout) as { seeds: number; caught: number; seed?: number; symptom?: string };
      if (!found.symptom) escaped += 1;
      const oneIn = found.caught > 0 ? Math.round(found.seeds / found.caught) : '–';
      rows.push(mutant.guard);
      say(
        `${mutant.guard.padEnd(52)} | ${String(found.seed ?? '–').padStart(5)} | ${String(oneIn).padStart(5)} | ${found.symptom ?? 'NOT CAUGHT'}\n`,
      );
    }
  };
  await Promise.all([next(), next()]);
  say(`${rows.length} guards taken out one by one: ${rows.length - escaped} caught, ${escaped} not\n`);
  if (escaped > 0) process.exitCode = 1;
}

if (options.mutant !== undefined) takeOut(options.mutant);
if (options.mutants) await tableOfMutants();
else if (options.sweep) process.exitCode = (await (await import('./sweep.ts')).sweepAll(say)) ? 0 : 1;
else if (options.seed !== undefined) await replay(Number(options.seed));
else if (options.mutant !== undefined) await hunt(options.mutant);
else await manySeeds(Number(options.from), Number(options.seeds));
