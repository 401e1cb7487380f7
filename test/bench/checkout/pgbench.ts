import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** Beside the other programs of Postgres, or on the path; undefined when it is not installed. */
export function findPgbench(programs: string): string | undefined {
  const beside = join(programs, 'pgbench');
  if (existsSync(beside)) return beside;
  return spawnSync('pgbench', ['--version']).status === 0 ? 'pgbench' : undefined;
}

interface Run {
  readonly url: string;
  readonly script: string;
  readonly clients: number;
  readonly firstCart: number;
  readonly carts: number;
}

/** Checkouts a second of the same statements, prepared, without anything in between. */
export async function pgbench(program: string, { url, script, clients, firstCart, carts }: Run): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-pgbench-'));
  const file = join(folder, 'checkout.sql');
  writeFileSync(file, script);
  const per = Math.floor(carts / clients);
  const variables = { base: firstCart, per, c: 0 };
  const child = spawn(
    program,
    ['-n', '-M', 'prepared', '-c', String(clients), '-j', String(Math.min(2, clients)), '-t', String(per), '-f', file]
      .concat(Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]))
      .concat(url),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [said, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  rmSync(folder, { recursive: true });
  const rate = /tps = ([\d.]+)/.exec(said)?.[1];
  const processed = /actually processed: (\d+)/.exec(said)?.[1];
  if (code !== 0 || !rate || Number(processed) !== per * clients) throw new Error(`pgbench failed: ${said}${problems}`);
  return Number(rate);
}
