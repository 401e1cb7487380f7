import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError, USE_A_SERVER } from './embedded-postgres-error.ts';

/** Where things are; all real paths. */
export interface DataFolder {
  readonly root: string;
  /** Postgres's own folder; complete as soon as it exists. */
  readonly cluster: string;
  readonly log: string;
  readonly lock: string;
}

/** Makes the folder when it is missing. Throws EmbeddedPostgresError when it cannot be made or written. */
export function openDataFolder(folder: string): DataFolder {
  try {
    const first = mkdirSync(folder, { recursive: true });
    const root = realpathSync(folder);
    if (first) syncUpwards(root, dirname(resolve(first)));
    accessSync(root, constants.R_OK | constants.W_OK | constants.X_OK);
    return {
      root,
      cluster: join(root, 'pg'),
      log: join(root, 'postgres.log'),
      lock: join(root, 'owner.lock'),
    };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The data folder ${resolve(folder)} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
      `Name a data folder that this user may write, or give this one to them (chown -R). Or: ${USE_A_SERVER}.`,
      { cause },
    );
  }
}

/** A power cut must not take back the folders in which the shop's data stands. */
function syncUpwards(from: string, to: string): void {
  const last = realpathSync(to);
  for (let path = dirname(from); ; path = dirname(path)) {
    syncFolder(path);
    if (path === last || path === dirname(path)) return;
  }
}

export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * @param major of the binaries at hand
 * @returns whether the folder holds a cluster that this version of Postgres can open; false: it holds none yet
 */
export function holdsCluster({ cluster }: DataFolder, major: string): boolean {
  const stat = lstatSync(cluster, { throwIfNoEntry: false });
  if (!stat) return false;
  const us = process.geteuid?.() ?? 0;
  if (us !== 0 && stat.uid !== us)
    throw new EmbeddedPostgresError(
      `${cluster} belongs to another user (uid ${stat.uid}): the shop has run under that name before.`,
      `Run the shop as that user again, or give the folder to this one: sudo chown -R ${us} ${dirname(cluster)}`,
    );
  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    if (stat.isDirectory() && readdirSync(cluster).length === 0) return false;
    throw new EmbeddedPostgresError(
      `${cluster} is in the way: it is not a Postgres data folder.`,
      'Move it elsewhere, or name another data folder.',
    );
  }
  const written = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (written === major) return true;
  throw new EmbeddedPostgresError(
    `${cluster} was written by Postgres ${written}; this is Postgres ${major}, which cannot open it.`,
    `To keep the data, run a Postgres ${written} on that folder and set DATABASE_URL to it, or pg_dump it from there ` +
      `into an empty shop. To start empty, move ${cluster} away.`,
  );
}

const LARGEST_LOG = 1024 * 1024;

/** Opens the server's log for appending, afresh when it has grown large. The caller closes the descriptor. */
export function openLog({ root, log }: DataFolder): { descriptor: number; lastLines: () => string } {
  const size = lstatSync(log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_LOG) rmSync(log);
  const descriptor = openSync(log, 'a', 0o640);
  // What root writes today, the owner of the folder must be able to write tomorrow.
  if (process.geteuid?.() === 0) fchownSync(descriptor, lstatSync(root).uid, lstatSync(root).gid);
  const from = fstatSync(descriptor).size;
  const lastLines = () => readFileSync(log).subarray(from).toString('utf8').trim().split('\n').slice(-12).join('\n');
  return { descriptor, lastLines };
}
