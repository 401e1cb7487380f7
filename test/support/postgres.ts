import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, type ClientConfig } from 'pg';

import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/start.ts';
import { installedPostgres, startLocalPostgres } from './local-postgres.ts';

/** A database of one suite alone, on a server that all suites of this process share. */
export interface TestDatabase {
  /** What `connect` takes. */
  readonly connection: ClientConfig & Readonly<Record<string, unknown>>;
  drop(): Promise<void>;
}

/** A kind of Postgres that tests can run on. */
export interface TestPostgres {
  readonly name: string;
  /** Why it cannot be had here; undefined when it can. */
  readonly missing: string | undefined;
  /** An empty database. The first call starts the server. */
  database(): Promise<TestDatabase>;
}

interface Server {
  readonly connection: ClientConfig;
  stop(): Promise<void>;
}

const running: Promise<Server>[] = [];
let made = 0;

function testPostgres(name: string, missing: string | undefined, start: () => Promise<Server>): TestPostgres {
  let server: Promise<Server> | undefined;
  return {
    name,
    missing,
    database: async () => {
      if (!server) running.push((server = start()));
      const { connection } = await server;
      const database = `shop_${process.pid}_${(made += 1)}`;
      await administer(connection, `CREATE DATABASE ${database}`);
      return {
        connection: { ...connection, database },
        drop: () => administer(connection, `DROP DATABASE ${database} WITH (FORCE)`),
      };
    },
  };
}

async function administer(connection: ClientConfig, statement: string): Promise<void> {
  const client = new Client(connection);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The one that runs when nobody has a server. */
export const embeddedPostgres = testPostgres('embedded Postgres', undefined, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pannier-test-embedded-'));
  chmodSync(folder, 0o755); // When root runs the tests, its Postgres is another user.
  const server = await startEmbeddedPostgres(folder);
  return {
    connection: { ...server.connection },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

/** `none` hides the programs that are installed, as on a machine that has none. */
const setting = process.env['TEST_POSTGRES_URL'];
const served = setting === 'none' ? undefined : setting;
const programs = setting === 'none' ? undefined : installedPostgres();

/** The one of `TEST_POSTGRES_URL`, whose user may make databases, or else one of the programs that are installed. */
export const servedPostgres = testPostgres(
  'served Postgres',
  served || programs ? undefined : 'TEST_POSTGRES_URL is not set, and no Postgres is installed',
  async () => {
    if (served) return { connection: partsOf(served), stop: () => Promise.resolve() };
    const server = await startLocalPostgres(programs!);
    return { connection: partsOf(server.url), stop: () => server.stop() };
  },
);

function partsOf(url: string): ClientConfig {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** A suite for each Postgres; where there is none it is pending with the reason, or fails when CI must not miss it. */
export function onEachPostgres(title: string, define: (postgres: TestPostgres) => void): void {
  for (const postgres of [embeddedPostgres, servedPostgres]) onPostgres(postgres, title, define);
}

export function onPostgres(postgres: TestPostgres, title: string, define: (postgres: TestPostgres) => void): void {
  describe(`${title} (${postgres.name})`, () => {
    if (postgres.missing === undefined) define(postgres);
    else if (process.env['CI'] === 'true')
      it('has a server', () => {
        throw new Error(postgres.missing);
      });
    else it(`cannot be examined: ${postgres.missing}`);
  });
}

after(async () => {
  for (const server of running) await (await server).stop();
});
