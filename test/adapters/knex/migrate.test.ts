import { expect } from 'chai';
import type { Knex } from 'knex';

import { migrate, NewerDatabase } from '../../../adapters/knex/migrate.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { aMoment, rejectionOf, times } from '../../support/waiting.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';

const ALL = [
  '20261121000000_the_shop',
  '20261121120000_settlement',
  '20261121180000_resumed_orders',
  '20261121190000_lost_answers',
  '20261122000000_audit_log',
  '20261122010000_sealed_personal_data',
  '20261122020000_roles_and_keys',
  '20261122030000_one_time_tokens_and_mfa',
  '20261122040000_search',
];

onEachPostgres('migrating', postgres => {
  let database: KnexDatabase;

  beforeEach(async () => {
    database = await openDatabase(postgres, { empty: true });
  });

  afterEach(() => database.close());

  it('makes the tables of the shop and says what it applied; a second time it has nothing to do', async () => {
    const { knex } = database;
    expect(await migrate(knex)).to.deep.equal(ALL);
    expect(await migrate(knex)).to.deep.equal([]);
    expect(await tablesOf(knex)).to.include.members(['products', 'inventory', 'orders', 'outbox']);
  });

  it('is done once by five that start together', async () => {
    const runners = times(5, () => database.another().knex);
    const applied = await Promise.all(runners.map(migrate));
    expect(applied.flat()).to.deep.equal(ALL);
  });

  it('leaves nothing when it is killed in the middle, and nothing in the way of the next one', async () => {
    const { knex } = database;
    const blocker = await database.another().knex.transaction();
    try {
      await blocker.raw('CREATE TABLE outbox (id integer)');
      const migrating = rejectionOf(migrate(knex));
      await killWhoeverWaits(knex);
      expect(await migrating).to.be.instanceOf(Unavailable);
    } finally {
      await blocker.rollback();
    }
    expect(await tablesOf(knex)).to.deep.equal([]);
    expect(await migrate(knex)).to.deep.equal(ALL);
  });

  it('refuses a database that a newer version has migrated, and says what to do', async () => {
    const { knex } = database;
    await migrate(knex);
    await knex('knex_migrations').insert({ name: '20991231000000_the_future', batch: 2, migration_time: new Date() });
    const refusal = await rejectionOf(migrate(knex));
    expect(refusal).to.be.instanceOf(NewerDatabase);
    expect(refusal).to.have.property('message').that.includes('20991231000000_the_future').and.includes('backup');
  });

  it('puts the tables into the schema that is asked for', async () => {
    await database.knex.raw('CREATE SCHEMA pet_shop');
    const { knex } = database.another({ searchPath: 'pet_shop' });
    await migrate(knex);
    expect(await tablesOf(knex, 'pet_shop')).to.include('orders');
    expect(await tablesOf(knex)).to.deep.equal([]);
  });
});

const tablesOf = (knex: Knex, schemaname = 'public'): Promise<string[]> =>
  knex('pg_tables').where({ schemaname }).pluck('tablename');

/** To the server a client that was killed is one that has gone. */
async function killWhoeverWaits(knex: Knex): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw<{ rows: unknown[] }>(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pg_blocking_pids(pid) <> '{}'`,
    );
    if (rows.length > 0) return;
    await aMoment();
  }
}
