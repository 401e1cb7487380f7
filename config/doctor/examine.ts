import type { Settings } from '../settings.ts';
import { dataFolder } from './data-folder.ts';
import { type Finding, good, odd, type Section } from './findings.ts';
import { port } from './port.ts';
import { redisServer } from './redis-server.ts';
import { servedPostgres } from './served-postgres.ts';
import { type Environment, settingsSection } from './settings-section.ts';
import { versions } from './versions.ts';

/** All that a start depends on. Changes nothing, and tells no secret. */
export async function examine(environment: Environment): Promise<readonly Section[]> {
  const { section, settings } = settingsSection(environment);
  const embedded = settings ? settings.store.kind === 'embedded' : !environment['DATABASE_URL'];
  const sections = [versions(embedded), section];
  if (!settings) return sections;
  return [
    ...sections,
    { title: 'Data', findings: await data(settings) },
    { title: 'Network', findings: await Promise.all([port(settings), redis(settings)]) },
  ];
}

async function data({ store, databaseSchema: schema, production }: Settings): Promise<readonly Finding[]> {
  switch (store.kind) {
    case 'memory':
      return [
        production ? odd('DATABASE_URL=memory: loses every order when it stops') : good('Nothing is kept: memory only'),
      ];
    case 'embedded':
      return dataFolder(store.folder);
    case 'postgres':
      return [...(await servedPostgres({ url: store.migrationUrl ?? store.url, schema })), ownRole(store, production)];
  }
}

const ownRole = ({ migrationUrl }: { readonly migrationUrl: string | undefined }, production: boolean): Finding => {
  if (migrationUrl) return good('The role of DATABASE_URL can change neither tables nor the audit log');
  const text = 'One role owns the tables and the audit log: DATABASE_MIGRATION_URL is not set';
  return production ? odd(text, 'See docs/how-to/keep-an-audit-log.md.') : good(text);
};

const redis = async ({ redisUrl }: Settings): Promise<Finding> =>
  redisUrl ? redisServer(redisUrl) : good('No Redis is wanted: REDIS_URL is not set');
