import { closeSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { clearHalfMade, createCluster } from './create-cluster.ts';
import { type DataFolder, holdsCluster, openLog } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { chooseIdentity, handOver } from './identity.ts';
import { clearLeftLocks, postmasterOf } from './postmaster.ts';
import { markOf } from './processes.ts';
import { connectionTo, type PostgresConnection, takesConnections } from './readiness.ts';
import { ADDRESS, asArguments, SERVER_SETTINGS } from './settings.ts';
import { makeSocketFolder, socketFolderFor } from './socket-folder.ts';
import { type Supervised, supervise } from './supervise.ts';

export interface LaunchedServer {
  readonly connection: PostgresConnection;
  readonly pid: number;
  /** Resolves when the server's process has ended, for whatever reason. Does not keep this process alive. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

/** A server that does not stop within this is cut off; it loses nothing, the next start recovers. */
const SLOWEST_STOP_MS = 30_000;

/** Postgres's own guards: the last server, or one of its children, is still around. They pass. */
const NOT_YET_FREE = /lock file ".*" already exists|pre-existing shared memory block/;

/**
 * Starts the server of a folder whose OwnerLock is held. Undefined: the last owner's server is still on its way out; ask
 * again shortly.
 */
export async function launch(
  data: DataFolder,
  binaries: Binaries,
  options: { readonly onProgress?: (message: string) => void; readonly settings?: Record<string, string> },
): Promise<LaunchedServer | undefined> {
  const sockets = socketFolderFor(data.root);
  if (endsLeftServers(data, sockets)) return undefined;
  clearHalfMade(data);
  const identity = chooseIdentity(binaries.postgres, [data.root, dirname(sockets)], [data.cluster, data.root]);
  if (!holdsCluster(data, binaries.major)) {
    options.onProgress?.('Creating the database: first start in this folder.');
    await createCluster(data, binaries, identity);
  }
  handOver(data.cluster, identity.owner);
  makeSocketFolder(sockets, identity.owner);

  const log = openLog(data);
  try {
    const settings = asArguments({
      ...SERVER_SETTINGS,
      ...options.settings,
      ...ADDRESS,
      unix_socket_directories: sockets,
    });
    const server = supervise(binaries.postgres, ['-D', data.cluster, ...settings], identity, log.descriptor);
    const connection = connectionTo(sockets, Number(ADDRESS.port));
    const pid = await whenReady(server, data, connection, options.onProgress);
    if (pid !== undefined) return launched(server, pid, connection);
    const lastLines = log.lastLines();
    if (NOT_YET_FREE.test(lastLines)) return undefined;
    throw new EmbeddedPostgresError(
      `Postgres ended while it started:\n${lastLines}`,
      `The whole story is in ${data.log}.`,
    );
  } finally {
    closeSync(log.descriptor);
  }
}

/**
 * Whoever holds the lock owns the folder's server: one that still lives has lost its owner and is asked to stop. It would by
 * itself, unless its supervisor was killed too, or the folder was deleted under it and made anew.
 */
function endsLeftServers(data: DataFolder, sockets: string): boolean {
  const left = clearLeftLocks(data.cluster, sockets);
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGINT');
    } catch (cause) {
      if (errorCode(cause) !== 'EPERM') continue;
      throw new EmbeddedPostgresError(
        `A Postgres that another user started (pid ${pid}) still runs on ${data.cluster}.`,
        'Stop the process that started it, or run the shop as that user.',
        { cause },
      );
    }
  }
  return left.length > 0;
}

const SLOW_START_MS = 2_000;

/** Its pid, once it takes connections; undefined when it ended before. Recovery takes as long as it takes. */
async function whenReady(
  server: Supervised,
  data: DataFolder,
  connection: PostgresConnection,
  onProgress: ((message: string) => void) | undefined,
): Promise<number | undefined> {
  const pid = await server.pid;
  let tellAt = Date.now() + SLOW_START_MS;
  while (!server.hasExited()) {
    const found = postmasterOf(data.cluster);
    if (found?.ready && found.pid === pid && (await takesConnections(connection))) return pid;
    if (Date.now() > tellAt) {
      tellAt = Infinity;
      onProgress?.(`Postgres is still starting, probably recovering from a crash; see ${data.log}.`);
    }
    await sleep(5);
  }
  return undefined;
}

function launched(server: Supervised, pid: number, connection: PostgresConnection): LaunchedServer {
  const mark = markOf(pid);
  const lives = () => mark !== undefined && markOf(pid) === mark;
  let stopping: Promise<void> | undefined;

  async function ended(): Promise<void> {
    await server.exited.catch(() => {});
    // The supervisor waits for the server, so this loops only when someone has killed the supervisor.
    while (lives()) await sleep(20, undefined, { ref: false });
    rmSync(connection.host, { recursive: true, force: true });
  }
  const gone = ended();

  async function stop(): Promise<void> {
    const cutOff = setTimeout(() => lives() && process.kill(pid, 'SIGQUIT'), SLOWEST_STOP_MS);
    try {
      await server.end();
      await gone;
    } finally {
      clearTimeout(cutOff);
    }
  }

  server.letGo();
  return {
    connection,
    pid,
    gone,
    stop: () => (stopping ??= stop()),
  };
}
