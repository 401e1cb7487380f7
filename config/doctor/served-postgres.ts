import type { Knex } from 'knex';
import { connect } from '../../adapters/knex/connect.ts';
import { MIGRATIONS } from '../../adapters/knex/migrations/all.ts';
import { bad, type Finding, good, messageOf } from './findings.ts';

const OLDEST = 15;

interface Server {
  readonly url: string;
  readonly schema: string | undefined;
}

/** Looks at a Postgres server and changes nothing. */
export async function servedPostgres({ url, schema }: Server): Promise<readonly Finding[]> {
  const knex = connect({ connection: url, pool: { max: 1 }, ...(schema && { searchPath: schema }) });
  try {
    return [await version(knex), await migrations(knex, schema)];
  } catch (error) {
    return [
      bad(
        `Postgres does not answer: ${messageOf(error)}`,
        'Is the server running, and are host, port, user, password and database in DATABASE_URL right?',
      ),
    ];
  } finally {
    await knex.destroy();
  }
}

async function version(knex: Knex): Promise<Finding> {
  const { rows } = await knex.raw<{ rows: { number: string; name: string }[] }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
  );
  const { number, name } = rows[0]!;
  return Number(number) < OLDEST * 10_000
    ? bad(`Postgres ${name} is too old: ${OLDEST} or newer is needed`, 'Upgrade the server.')
    : good(`Postgres ${name} answers`);
}

async function migrations(knex: Knex, schema: string | undefined): Promise<Finding> {
  const known = MIGRATIONS.map(({ name }) => name);
  const applied = await appliedTo(knex, schema);
  const unknown = applied.filter(name => !known.includes(name));
  if (unknown.length > 0)
    return bad(
      `A newer version has migrated the database: ${unknown.join(', ')}`,
      'Run that version, or restore a backup from before it was installed.',
    );
  const pending = known.filter(name => !applied.includes(name));
  return pending.length > 0
    ? good(`${applied.length} migrations are applied; the next start applies ${pending.join(', ')}`)
    : good(`All ${applied.length} migrations are applied`);
}

async function appliedTo(knex: Knex, schema: string | undefined): Promise<readonly string[]> {
  const inSchema = schema ? knex.schema.withSchema(schema) : knex.schema;
  if (!(await inSchema.hasTable('knex_migrations'))) return [];
  return knex('knex_migrations').orderBy('id').pluck('name');
}
