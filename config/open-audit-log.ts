import { existsSync } from 'node:fs';
import type { AuditLog } from '../application/ports/audit-log.ts';
import { InvalidSettings, type Settings } from './settings.ts';

export interface OpenAuditLog {
  readonly auditLog: AuditLog;
  close(): Promise<void>;
}

/** Only to look: nothing is made, migrated or sealed, and no key is needed. */
export async function openAuditLog({ store, databaseSchema: searchPath }: Settings): Promise<OpenAuditLog> {
  if (store.kind === 'memory')
    throw new InvalidSettings(['DATABASE_URL must name a database: memory keeps no audit log']);
  const { connect } = await import('../adapters/knex/connect.ts');
  const { Database } = await import('../adapters/knex/connection.ts');
  const { KnexAuditLog } = await import('../adapters/knex/audit-log.ts');
  const { connection, stop } = store.kind === 'postgres' ? served(store.url) : await embedded(store.folder);
  const knex = connect({ connection, pool: { max: 1 }, ...(searchPath && { searchPath }) });
  const database = new Database(knex);
  return {
    auditLog: new KnexAuditLog(statement => database.query(statement)),
    async close() {
      await knex.destroy();
      await stop();
    },
  };
}

const served = (url: string) => ({ connection: url, stop: () => Promise.resolve() });

async function embedded(folder: string) {
  if (!existsSync(folder)) throw new InvalidSettings([`DATABASE_URL must name a shop: there is no folder ${folder}`]);
  const { startEmbeddedPostgres } = await import('../adapters/embedded-postgres/start.ts');
  const server = await startEmbeddedPostgres(folder, { onProgress: () => {} });
  return { connection: { ...server.connection, ssl: false }, stop: () => server.stop() };
}
