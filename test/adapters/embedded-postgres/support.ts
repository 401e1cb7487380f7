import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Client } from 'pg';
import { EmbeddedPostgresError } from '../../../adapters/embedded-postgres/embedded-postgres-error.ts';
import { markOf } from '../../../adapters/embedded-postgres/processes.ts';
import { socketFolderFor } from '../../../adapters/embedded-postgres/socket-folder.ts';
import type { EmbeddedPostgres } from '../../../adapters/embedded-postgres/start.ts';

export type Report =
  | { readonly did: 'start'; readonly owned: boolean; readonly pid: number; readonly host: string }
  | { readonly did: 'query' | 'drain' };

export interface Place {
  readonly folder: string;
  remove(): void;
}

/** A folder for a data folder. Others may enter it unless `mode` says otherwise. */
export function newPlace(mode = 0o755): Place {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'pannier-test-')));
  chmodSync(place, mode);
  const folder = join(place, 'shop data');
  return {
    folder,
    remove() {
      // A server that was cut off leaves its socket folder to the next one.
      for (const path of [place, socketFolderFor(folder)])
        rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function query(
  { connection }: Pick<EmbeddedPostgres, 'connection'>,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const client = new Client(connection);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export const addOrder = (server: EmbeddedPostgres, number: number): Promise<unknown> =>
  query(server, `CREATE TABLE IF NOT EXISTS orders (number int); INSERT INTO orders VALUES (${number})`);

export const ordersOf = async (server: EmbeddedPostgres): Promise<unknown[]> =>
  (await query(server, 'SELECT number FROM orders ORDER BY number')).map(row => row['number']);

export const lives = (pid: number): boolean => markOf(pid) !== undefined;

export async function until(what: string, holds: () => boolean, withinMs = 5_000): Promise<void> {
  const giveUp = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > giveUp) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(5);
  }
}

export async function refusalOf(attempt: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmbeddedPostgresError)) expect.fail(`expected a refusal, got ${String(error)}`);
  return error;
}

/** Runs launcher-process beside this file, compiled or not. */
export class LauncherProcess {
  readonly child: ChildProcess;
  readonly #reports: Report[] = [];

  constructor(folder: string) {
    const extension = extname(import.meta.url);
    const script = fileURLToPath(new URL(`launcher-process${extension}`, import.meta.url));
    this.child = fork(script, [folder], {
      execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
      // A terminal gives every command a process group; Ctrl-C goes to all in it.
      detached: true,
    });
    this.child.on('message', (report: Report) => this.#reports.push(report));
  }

  async hears<Did extends Report['did']>(did: Did): Promise<Extract<Report, { did: Did }>> {
    const isIt = (report: Report): report is Extract<Report, { did: Did }> => report.did === did;
    await until(`a launcher process tells of its ${did}`, () => this.#reports.some(isIt) || this.hasExited, 10_000);
    return this.#reports.find(isIt) ?? expect.fail(`the launcher process ended before its ${did}`);
  }

  tell(order: 'query' | 'stop' | 'forget'): void {
    this.child.send(order);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  pressCtrlC(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async exited(): Promise<void> {
    if (!this.hasExited) await once(this.child, 'exit');
  }
}

/** [pid, pid of the parent] of every process of this machine. */
export const pidsAndParents = (): [number, number][] =>
  psOf(['-A', '-o', 'pid=,ppid=']).map(line => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return [pid, parent];
  });

export const uidOf = (pid: number): number => Number(psOf(['-o', 'uid=', '-p', String(pid)])[0]);

const psOf = (args: string[]): string[] => spawnSync('ps', args, { encoding: 'utf8' }).stdout.trim().split('\n');
