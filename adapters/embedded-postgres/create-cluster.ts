import { closeSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { type DataFolder, openLog, syncFolder } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { handOver, type Identity } from './identity.ts';
import { isAlive, markOf } from './processes.ts';
import { supervise } from './supervise.ts';

const HALF_MADE = 'pg.init-';

/** No password, because only those who may enter the socket's folder get that far; the same order of text on every system. */
const INITDB = [
  '--username=pannier',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

/** Makes the cluster folder beside its place and moves it there when it is whole and on the disk. */
export async function createCluster(folder: DataFolder, binaries: Binaries, identity: Identity): Promise<void> {
  const made = join(folder.root, HALF_MADE + markOf(process.pid));
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { mode: 0o700 });
  const log = openLog(folder);
  try {
    handOver(made, identity.owner);
    const code = await supervise(binaries.initdb, ['-D', made, ...INITDB], identity, log.descriptor).exited;
    if (code !== 0)
      throw new EmbeddedPostgresError(
        `Postgres could not set up ${folder.cluster}:\n${log.lastLines()}`,
        `Is the disk full? The whole story is in ${folder.log}.`,
      );
    moveInto(folder.cluster, made);
    syncFolder(folder.root);
  } finally {
    closeSync(log.descriptor);
    rmSync(made, { recursive: true, force: true, maxRetries: 5 });
  }
}

function moveInto(place: string, made: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    // Another process was first: its cluster is as good as ours.
    if (!['ENOTEMPTY', 'EEXIST'].includes(String(errorCode(error)))) throw error;
  }
}

/**
 * Removes what a process that was killed while it made a cluster has left. What its initdb, which dies a moment later, still
 * writes there is left to the next start.
 */
export function clearHalfMade({ root }: DataFolder): void {
  for (const name of readdirSync(root)) {
    if (!name.startsWith(HALF_MADE) || isAlive(name.slice(HALF_MADE.length))) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // It takes space, but is in nobody's way.
    }
  }
}
