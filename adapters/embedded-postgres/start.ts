import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.ts';
import { type DataFolder, holdsCluster, openDataFolder } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { launch } from './launch.ts';
import { OwnerLock } from './owner-lock.ts';
import { postmasterOf } from './postmaster.ts';
import { connectionTo, takesConnections, type PostgresConnection } from './readiness.ts';

export interface EmbeddedPostgres {
  /** For node-postgres: `host` is the folder of a Unix socket. There is no TCP and no password. */
  readonly connection: PostgresConnection;
  /** Whether this process launched the server; false: it adopted one that already ran for the folder. */
  readonly owned: boolean;
  /** Of the server's main process. */
  readonly pid: number | null;
  /**
   * Disconnects everyone, lets Postgres write everything, and resolves when its process has gone. Does nothing when the
   * server is not ours, or has stopped.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Hears, in a sentence, what takes long. */
  readonly onProgress?: (message: string) => void;
  /** Postgres settings, such as `{ work_mem: '8MB' }`, over the launcher's own. An adopted server keeps what it has. */
  readonly settings?: Record<string, string>;
}

/** Recovery after a crash reads at most `max_wal_size`; a full shutdown writes at most `shared_buffers`. */
const PATIENCE_MS = 60_000;

/**
 * Starts the Postgres of a data folder, or adopts the one that another process of this machine runs for it.
 *
 * The process that launched a server owns it: the server stops with it, also when it is killed. Those that adopted it then
 * lose their connections and must start anew; so only what `npm start` runs should own one for long.
 * A folder must not be shared between machines or containers.
 *
 * @param folder is made when missing; may lie anywhere that this user can write, also when that is root
 * @throws EmbeddedPostgresError with a remedy, when there can be no server
 */
export async function startEmbeddedPostgres(
  folder: string,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  const data = openDataFolder(folder);
  holdsCluster(data, binaries.major);
  for (const giveUp = Date.now() + PATIENCE_MS; Date.now() < giveUp; await sleep(20)) {
    const postgres = (await adopt(data)) ?? (await own(data, binaries, options));
    if (postgres) return postgres;
  }
  throw new EmbeddedPostgresError(
    `Postgres for ${data.root} did not get ready within ${PATIENCE_MS / 1000} s.`,
    `See ${data.log}. Another process may hold the folder without serving it: ${data.lock} names its pid.`,
  );
}

/** Undefined when no living process owns a server of this folder that takes connections. */
async function adopt(data: DataFolder): Promise<EmbeddedPostgres | undefined> {
  if (!OwnerLock.isHeld(data.lock)) return undefined;
  const server = postmasterOf(data.cluster);
  if (!server?.ready) return undefined;
  const connection = connectionTo(server.socketFolder, server.port);
  // Asked again, because an owner that has been killed in the meantime takes its server along.
  if (!(await takesConnections(connection)) || !OwnerLock.isHeld(data.lock)) return undefined;
  return { connection, owned: false, pid: server.pid, stop: async () => {} };
}

/** Undefined when another process owns the folder, or the server of the last owner is not quite gone. */
async function own(
  data: DataFolder,
  binaries: Binaries,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres | undefined> {
  const lock = OwnerLock.take(data.lock);
  if (!lock) return undefined;
  const server = await launch(data, binaries, options).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  if (!server) {
    lock.release();
    return undefined;
  }
  const released = server.gone.then(() => lock.release());
  return {
    connection: server.connection,
    owned: true,
    pid: server.pid,
    async stop() {
      await server.stop();
      await released;
    },
  };
}
