import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/start.ts';
import { installedPostgres, startLocalPostgres } from '../support/local-postgres.ts';

/** The database that is tortured. */
export interface OwnPostgres {
  readonly name: string;
  /** For DATABASE_URL. */
  readonly url: string;
  /** Both undefined where the server is somebody else's. */
  readonly crash: (() => Promise<void>) | undefined;
  readonly restart: (() => Promise<void>) | undefined;
  stop(): Promise<void>;
}

/** What a deployment has: nothing that was committed is lost. */
const DURABLE = ['fsync=on', 'full_page_writes=on', 'synchronous_commit=on'];

/**
 * Starts one of the programs that are installed, because such a server may be crashed; else takes a database of the
 * server of `TEST_POSTGRES_URL`; else the one that comes with the shop. `TEST_POSTGRES_URL=none` leaves only the last.
 */
export async function ownPostgres(): Promise<OwnPostgres> {
  const served = process.env['TEST_POSTGRES_URL'];
  const programs = served === 'none' ? undefined : installedPostgres();
  if (programs) {
    const server = await startLocalPostgres(programs, DURABLE);
    return { ...server, name: `a Postgres of its own (${programs})` };
  }
  return served && served !== 'none' ? borrowed(served) : embedded();
}

async function borrowed(server: string): Promise<OwnPostgres> {
  const name = `torture_${process.pid}_${Date.now()}`;
  await administer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    name: 'TEST_POSTGRES_URL',
    url: url.href,
    crash: undefined,
    restart: undefined,
    stop: () => administer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function embedded(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-torture-'));
  let server = await startEmbeddedPostgres(folder);
  const { host, port, user, database } = server.connection;
  const login = new URLSearchParams({ host, port: String(port), user });
  return {
    name: 'the embedded Postgres',
    url: `postgres:///${database}?${login.toString()}`,
    crash: async () => {
      process.kill(server.pid!, 'SIGQUIT');
      while (isAlive(server.pid!)) await sleep(10);
    },
    restart: async () => void (server = await startEmbeddedPostgres(folder)),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A connection that tells of nothing when it breaks: whoever uses it next finds out. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'torture' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
