import type { Knex } from 'knex';

import { isOutage, unavailable } from './errors.ts';
import { migrationSource, MIGRATIONS } from './migrations/all.ts';

/** Any number will do, as long as it stays the same: whoever migrates holds it. */
export const MIGRATION_LOCK = 7_240_115_903;

const OLDEST_POSTGRES = 15;

/** The database has been migrated by a newer version of the shop, which this one would damage. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';

  constructor(unknown: readonly string[]) {
    super(
      `The database was made by a newer version of this program: it has the migrations ${unknown.join(', ')}, which ` +
        'this version does not know. Run that newer version, or restore a backup from before it was installed.',
    );
  }
}

export class PostgresTooOld extends Error {
  override readonly name = 'PostgresTooOld';

  constructor(version: string) {
    super(`This is Postgres ${version}, but ${OLDEST_POSTGRES} or newer is needed. Upgrade the server.`);
  }
}

/** There is something to migrate, and this role must not. */
export class MayNotMigrate extends Error {
  override readonly name = 'MayNotMigrate';

  constructor() {
    super(
      'The database has to be brought up to date, and the role of DATABASE_URL may not do that. Set ' +
        'DATABASE_MIGRATION_URL to one that owns the tables, here or for `npm run migrate`.',
    );
  }
}

/**
 * Brings the database up to date and resolves to the names of the migrations that it applied. All or nothing: being
 * killed leaves the database as it was. Of several that start together one does it, and the others wait.
 * @throws NewerDatabase, PostgresTooOld, MayNotMigrate, Unavailable
 */
export async function migrate(knex: Knex): Promise<readonly string[]> {
  try {
    await requirePostgres(knex);
    if (await isUpToDate(knex)) return [];
    await requireRights(knex);
    return await knex.transaction(async trx => {
      await trx.raw(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      if (await isUpToDate(trx)) return [];
      const [, applied]: [number, string[]] = await trx.migrate.latest({ migrationSource });
      return applied;
    });
  } catch (error) {
    throw isOutage(error) ? unavailable(error) : error;
  }
}

async function requirePostgres(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { number: string; name: string }[] }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
  );
  const { number, name } = rows[0]!;
  if (Number(number) < OLDEST_POSTGRES * 10_000) throw new PostgresTooOld(name);
}

async function requireRights(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { may: boolean | null }[] }>(
    `SELECT has_schema_privilege(current_schema(), 'CREATE') AS may`,
  );
  if (rows[0]!.may === false) throw new MayNotMigrate();
}

/** Asks no more than the shop's own role may ask. */
async function isUpToDate(knex: Knex): Promise<boolean> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return false;
  const rows = await knex<{ name: string }>('knex_migrations').select('name').orderBy('id');
  const applied = new Set(rows.map(row => row.name));
  const known = new Set(MIGRATIONS.map(migration => migration.name));
  const unknown = [...applied].filter(name => !known.has(name));
  if (unknown.length > 0) throw new NewerDatabase(unknown);
  return applied.size === known.size;
}
