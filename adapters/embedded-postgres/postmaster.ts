import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf } from './processes.ts';

/** What a server writes about itself into its data folder. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly port: number;
  /** It takes connections. */
  readonly ready: boolean;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isServerOf(cluster: string, pid: number): boolean {
  const command = commandOf(pid);
  // The supervisor's own command line holds the server's.
  return command !== undefined && !command.startsWith('sh ') && `${command} `.includes(`/postgres -D ${cluster} `);
}

/** The living server of a cluster folder, whoever launched it; undefined when what stands there is left from a dead one. */
export function postmasterOf(cluster: string): Postmaster | undefined {
  const [pid = '', , , port = '', socketFolder = '', , , status = ''] = linesOf(join(cluster, 'postmaster.pid'));
  if (!isServerOf(cluster, Number(pid))) return undefined;
  return { pid: Number(pid), socketFolder, port: Number(port), ready: status.trim() === 'ready' };
}

/**
 * Reads the locks that a dead server left. Postgres clears them itself, except when another process has since got the pid
 * in them: then it would refuse to start for as long as that process lives.
 *
 * @returns the pids of servers of this cluster that still live
 */
export function clearLeftLocks(cluster: string, socketFolder: string): number[] {
  const locks = [join(cluster, 'postmaster.pid'), join(socketFolder, '.s.PGSQL.5432.lock')];
  return locks.flatMap(lock => {
    const pid = Number(linesOf(lock)[0]);
    if (isServerOf(cluster, pid)) return [pid];
    if (commandOf(pid) !== undefined) rmSync(lock, { force: true });
    return [];
  });
}
