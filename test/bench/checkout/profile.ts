import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

type Share = readonly [part: string, percent: number];

/** Where a process that is started with these options spends its time, by part of the program; waiting is left out. */
export async function profiled(work: (nodeOptions: readonly string[]) => Promise<void>): Promise<readonly Share[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-profile-'));
  try {
    await work(['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500']);
    const [file] = readdirSync(folder).filter(name => name.endsWith('.cpuprofile'));
    if (!file) throw new Error('The process has left no profile.');
    return sharesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sharesOf({ nodes, samples, timeDeltas }: Profile): readonly Share[] {
  const parts = new Map(nodes.map(node => [node.id, partOf(node)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const part = parts.get(id)!;
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  });
  times.delete('(idle)');
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .map(([part, time]) => [part, (100 * time) / all] as const)
    .filter(([, percent]) => percent >= 0.5)
    .toSorted(([, a], [, b]) => b - a);
}

/** "adapters/http", "package pg", "node:net", "(garbage collector)". */
function partOf({ callFrame: { url, functionName } }: Node): string {
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (installed) return `package ${installed}`;
  const own = /\/dist\/((?:adapters\/[^/]+)|domain|application|config)\//.exec(url)?.[1];
  if (own) return own;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  return url === '' ? functionName || '(program)' : 'other';
}
