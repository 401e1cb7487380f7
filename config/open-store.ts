import type { Knex } from 'knex';
import type { ShopLogin } from '../adapters/knex/shop-role.ts';
import type { PoolFigures } from '../adapters/observability/shop-metrics.ts';
import type { Clock } from '../application/ports/clock.ts';
import type { LeftToRotate } from '../adapters/knex/rotate-keys.ts';
import type { Store } from '../application/ports/store.ts';
import type { Secrets } from './open-secrets.ts';
import type { Settings } from './settings.ts';

export interface OpenStore {
  readonly store: Store;
  /** Where the data lies, in words. */
  readonly place: string;
  /** Another process runs the database of this folder, and will take it along when it ends. */
  readonly borrowed?: boolean;
  /** Brings all personal data under the first key, and says what is left; where nothing is sealed there is none. */
  readonly rotateKeys?: (progress: Progress) => Promise<LeftToRotate>;
  /** How its connections are used; undefined where there are none. */
  readonly pool?: () => PoolFigures;
  close(): Promise<void>;
}

type Progress = (message: string) => void;

/** Connects, migrates, seals what is still plain, and says where the data lies. Adapters that are not chosen are not even loaded. */
export async function openStore(
  settings: Settings,
  { clock, secrets, progress }: { clock: Clock; secrets: Secrets; progress: Progress },
): Promise<OpenStore> {
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
      const after = () => server.stop();
      const opened = await openPostgres(settings, { ...roles, clock, secrets, progress, place, after });
      return { ...opened, borrowed: !server.owned };
    }
    case 'postgres': {
      const { url, migrationUrl } = settings.store;
      const { host, pathname } = new URL(url);
      const place = `Postgres on ${host || 'a socket'}, database ${pathname.slice(1)}`;
      const roles = { connection: url, ...(migrationUrl && { owner: migrationUrl, login: loginOf(url) }) };
      const after = () => Promise.resolve();
      return openPostgres(settings, { ...roles, clock, secrets, progress, place, after });
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
  readonly secrets: Secrets;
  readonly progress: Progress;
  readonly place: string;
  readonly after: () => Promise<void>;
}

async function openPostgres(settings: Settings, server: Server): Promise<OpenStore> {
  const { connect, poolOf } = await import('../adapters/knex/connect.ts');
  const { createKnexStore } = await import('../adapters/knex/store.ts');
  const { Database } = await import('../adapters/knex/connection.ts');
  const { forgetSamples, sealPlainRows } = await import('../adapters/knex/seal-rows.ts');
  const { requireKeys } = await import('../adapters/knex/require-keys.ts');
  const { rotateKeys } = await import('../adapters/knex/rotate-keys.ts');
  const { AesPersonalData } = await import('../adapters/security/aes-personal-data.ts');
  const { databasePoolMax: max, databaseSchema: searchPath, preparedStatements } = settings;
  const knex = connect({ connection: server.connection, pool: { max }, ...(searchPath && { searchPath }) });
  const database = new Database(knex, { preparedStatements });
  const cipher = new AesPersonalData({ secrets: server.secrets.personalDataKeys });
  const close = async () => {
    await knex.destroy();
    await server.after();
  };
  try {
    await migrateAs(settings, server, knex);
    await requireKeys(database, cipher);
    const sealed = await sealPlainRows(database, cipher, server.progress);
    if (sealed.length > 0) await asOwner(settings, server, knex, owner => forgetSamples(owner, sealed));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    store: createKnexStore(knex, { clock: server.clock, cipher, preparedStatements }),
    place: server.place,
    pool: () => poolOf(knex),
    rotateKeys: progress => rotateKeys(database, cipher, progress),
    close,
  };
}

async function migrateAs(settings: Settings, server: Server, shop: Knex): Promise<void> {
  const { migrate } = await import('../adapters/knex/migrate.ts');
  const { admitShop } = await import('../adapters/knex/shop-role.ts');
  const { login, progress } = server;
  await asOwner(settings, server, shop, async knex => {
    const applied = await migrate(knex);
    if (applied.length > 0) progress(`brought the database up to date (${applied.length} migrations)`);
    if (login) await admitShop(knex, login);
  });
}

/** With the role that owns the tables where there is one, which is let go of at once. */
async function asOwner(
  { databaseSchema: searchPath }: Settings,
  { owner }: Server,
  shop: Knex,
  work: (knex: Knex) => Promise<void>,
): Promise<void> {
  if (!owner) return work(shop);
  const { connect } = await import('../adapters/knex/connect.ts');
  const knex = connect({ connection: owner, pool: { max: 1 }, ...(searchPath && { searchPath }) });
  try {
    await work(knex);
  } finally {
    await knex.destroy();
  }
}
