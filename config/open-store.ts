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
      const connection = { ...server.connection, ssl: false };
      const place = `${folder} (Postgres that the shop runs itself)`;
      const opened = await openPostgres(settings, { connection, clock, progress, place, after: () => server.stop() });
      return { ...opened, borrowed: !server.owned };
    }
    case 'postgres': {
      const { url } = settings.store;
      const { host, pathname } = new URL(url);
      const place = `Postgres on ${host || 'a socket'}, database ${pathname.slice(1)}`;
      return openPostgres(settings, { connection: url, clock, progress, place, after: () => Promise.resolve() });
    }
  }
}

interface Server {
  readonly connection: string | Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly place: string;
  readonly after: () => Promise<void>;
}

async function openPostgres(settings: Settings, server: Server): Promise<OpenStore> {
  const { connect } = await import('../adapters/knex/connect.ts');
  const { migrate } = await import('../adapters/knex/migrate.ts');
  const { createKnexStore } = await import('../adapters/knex/store.ts');
  const { databasePoolMax: max, databaseSchema: searchPath, preparedStatements } = settings;
  const knex = connect({ connection: server.connection, pool: { max }, ...(searchPath && { searchPath }) });
  const close = async () => {
    await knex.destroy();
    await server.after();
  };
  try {
    const applied = await migrate(knex);
    if (applied.length > 0) server.progress(`brought the database up to date (${applied.length} migrations)`);
  } catch (error) {
    await close();
    throw error;
  }
  return { store: createKnexStore(knex, { clock: server.clock, preparedStatements }), place: server.place, close };
}
