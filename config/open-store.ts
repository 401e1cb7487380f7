import type { Knex } from 'knex';
import type { ShopLogin } from '../adapters/knex/shop-role.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { Store } from '../application/ports/store.ts';
import type { Settings } from './settings.ts';

export interface OpenStore {
  readonly store: Store;
  /** Where the data lies, in words. */
  readonly place: string;
  /** Another process runs the database of this folder, and will take it along when it ends. */
  readonly borrowed?: boolean;
  close(): Promise<void>;
}

type Progress = (message: string) => void;

/** Connects, migrates, and says where the data lies. Adapters that are not chosen are not even loaded. */
export async function openStore(settings: Settings, clock: Clock, progress: Progress): Promise<OpenStore> {
  switch (settings.store.kind) {
    case 'memory': {
      const { createInMemoryStore } = await import('../adapters/in-memory/store.ts');
      const place = 'in memory only: it is gone when the shop stops';
      return { store: createInMemoryStore({ clock }), place, close: () => Promise.resolve() };
    }
    case 'embedded': {
      const { startEmbeddedPostgres } = await import('../adapters/embedded-postgres/start.ts');
      const { folder } = settings.store;
      const server = await startEmbeddedPostgres(folder, { onProgress: progress });
      const owner = { ...server.connection, ssl: false };
      const roles = { connection: { ...owner, user: EMBEDDED_ROLE }, owner, login: { name: EMBEDDED_ROLE } };
      const place = `${folder} (Postgres that the shop runs itself)`;
      const opened = await openPostgres(settings, { ...roles, clock, progress, place, after: () => server.stop() });
      return { ...opened, borrowed: !server.owned };
    }
    case 'postgres': {
      const { url, migrationUrl } = settings.store;
      const { host, pathname } = new URL(url);
      const place = `Postgres on ${host || 'a socket'}, database ${pathname.slice(1)}`;
      const roles = { connection: url, ...(migrationUrl && { owner: migrationUrl, login: loginOf(url) }) };
      return openPostgres(settings, { ...roles, clock, progress, place, after: () => Promise.resolve() });
    }
  }
}

/** Its superuser, who made the cluster, migrates; nobody else than this process reaches the server. */
const EMBEDDED_ROLE = 'shop';

function loginOf(url: string): ShopLogin {
  const { username, password, searchParams } = new URL(url);
  const part = (typed: string, name: string) => decodeURIComponent(typed) || (searchParams.get(name) ?? undefined);
  return { name: part(username, 'user') ?? '', password: part(password, 'password') };
}

type Connection = string | Readonly<Record<string, unknown>>;

interface Server {
  readonly connection: Connection;
  /** Of the role that migrates, and what the other one is called; undefined: there is only one. */
  readonly owner?: Connection;
  readonly login?: ShopLogin;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly place: string;
  readonly after: () => Promise<void>;
}

async function openPostgres(settings: Settings, server: Server): Promise<OpenStore> {
  const { connect } = await import('../adapters/knex/connect.ts');
  const { createKnexStore } = await import('../adapters/knex/store.ts');
  const { databasePoolMax: max, databaseSchema: searchPath, preparedStatements } = settings;
  const knex = connect({ connection: server.connection, pool: { max }, ...(searchPath && { searchPath }) });
  const close = async () => {
    await knex.destroy();
    await server.after();
  };
  try {
    await migrateAs(settings, server, knex);
  } catch (error) {
    await close();
    throw error;
  }
  return { store: createKnexStore(knex, { clock: server.clock, preparedStatements }), place: server.place, close };
}

/** With the role that owns the tables where there is one, which is let go of at once. */
async function migrateAs({ databaseSchema: searchPath }: Settings, server: Server, shop: Knex): Promise<void> {
  const { connect } = await import('../adapters/knex/connect.ts');
  const { migrate } = await import('../adapters/knex/migrate.ts');
  const { admitShop } = await import('../adapters/knex/shop-role.ts');
  const { owner, login, progress } = server;
  const knex = owner ? connect({ connection: owner, pool: { max: 1 }, ...(searchPath && { searchPath }) }) : shop;
  try {
    const applied = await migrate(knex);
    if (applied.length > 0) progress(`brought the database up to date (${applied.length} migrations)`);
    if (login) await admitShop(knex, login);
  } finally {
    if (owner) await knex.destroy();
  }
}
