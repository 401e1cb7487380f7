import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statfsSync,
} from 'node:fs';
import path from 'node:path';
import { findBinaries } from '../../adapters/embedded-postgres/binaries.ts';
import { holdsCluster, openDataFolder } from '../../adapters/embedded-postgres/data-folder.ts';
import { EmbeddedPostgresError } from '../../adapters/embedded-postgres/embedded-postgres-error.ts';
import { OwnerLock } from '../../adapters/embedded-postgres/owner-lock.ts';
import { bad, type Finding, good, messageOf, odd } from './findings.ts';

const MEGABYTE = 1_000_000;

/** A new shop takes 50 MB, and a busy one's journal grows by half a gigabyte between two checkpoints. */
const LITTLE_SPACE = 1_000 * MEGABYTE;

/** Looks at the folder of the embedded Postgres and changes nothing. */
export function dataFolder(folder: string): readonly Finding[] {
  const absolute = path.resolve(folder);
  return existsSync(absolute) ? [...existing(absolute), space(absolute)] : [...missing(absolute)];
}

function missing(folder: string): readonly Finding[] {
  const above = nearestFolder(folder);
  if (!isWritable(above))
    return [
      bad(
        `${folder} cannot be made: ${above} is not for this user to write`,
        'Name another folder: DATABASE_URL=embedded:<folder>',
      ),
    ];
  return [good(`${folder} is not there yet: the first start makes it`), space(above)];
}

function existing(folder: string): readonly Finding[] {
  try {
    const data = openDataFolder(folder);
    const { major } = findBinaries();
    const holds = holdsCluster(data, major);
    const state = holds
      ? good(`${folder} holds a Postgres ${versionOf(data.cluster)} and takes ${megabytes(sizeOf(folder))}`)
      : good(`${folder} is writable, and holds no shop yet`);
    return [state, ...holder(data.lock)];
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return [bad(error.message, error.remedy)];
    return [bad(`${folder} cannot be read: ${messageOf(error)}`)];
  }
}

function holder(lock: string): readonly Finding[] {
  if (!OwnerLock.isHeld(lock)) return [good('No other process holds it')];
  const pid = Number.parseInt(readlinkSync(lock), 10);
  return [
    odd(
      `Process ${pid} holds it: a shop that starts now shares its Postgres, and stops working when that process ends`,
    ),
  ];
}

const versionOf = (cluster: string): string => readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();

function space(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return free < LITTLE_SPACE
    ? odd(`Only ${megabytes(free)} are free on its disk`, 'A Postgres whose disk is full stops.')
    : good(`${megabytes(free)} are free on its disk`);
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE).toLocaleString('en')} MB`;

function nearestFolder(folder: string): string {
  const above = path.dirname(folder);
  return existsSync(above) || above === folder ? above : nearestFolder(above);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return lstatSync(folder).isDirectory() || lstatSync(folder).isSymbolicLink();
  } catch {
    return false;
  }
}

/** A running Postgres makes and removes files all the time. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(entry => lstatSync(path.join(folder, entry), { throwIfNoEntry: false }))
    .reduce((bytes, entry) => bytes + (entry?.isFile() ? entry.size : 0), 0);
}
