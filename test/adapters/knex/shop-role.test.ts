import { expect } from 'chai';
import type { Knex } from 'knex';

import { connect } from '../../../adapters/knex/connect.ts';
import { MayNotMigrate, migrate } from '../../../adapters/knex/migrate.ts';
import { admitShop, MayNotAdmit, UnfitRole } from '../../../adapters/knex/shop-role.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import { NOON } from '../../support/builders.ts';
import { CIPHER } from './knex-database.ts';
import { onEachPostgres, type TestDatabase } from '../../support/postgres.ts';
import { rejectionOf } from '../../support/waiting.ts';

const SHOP = 'a shop’s "role"';

const FORBIDDEN = {
  'change the audit log': `UPDATE audit_log SET previous_hash = hash`,
  'delete from the audit log': 'DELETE FROM audit_log',
  'empty the audit log': 'TRUNCATE audit_log',
  'empty any table': 'TRUNCATE outbox',
  'drop the audit log': 'DROP TABLE audit_log',
  'make a table': 'CREATE TABLE mine (id integer)',
  'make a temporary table': 'CREATE TEMPORARY TABLE mine (id integer)',
  'set a sequence': `SELECT setval('knex_migrations_id_seq', 1000)`,
  'change a table': 'ALTER TABLE users DISABLE TRIGGER USER',
  'switch the triggers of the audit log off': 'ALTER TABLE audit_log DISABLE TRIGGER audit_log_only_grows',
  'switch all triggers off': 'SET session_replication_role = replica',
  'replace what the triggers do': `CREATE OR REPLACE FUNCTION audit_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  'say that it was migrated': `INSERT INTO knex_migrations (name) VALUES ('mine')`,
  'make another role': 'CREATE ROLE mine',
};

onEachPostgres('the role of the shop', postgres => {
  let database: TestDatabase;
  const pools: Knex[] = [];

  const open = (connection: TestDatabase['connection']): Knex => {
    const knex = connect({ connection, pool: { max: 4 } });
    pools.push(knex);
    return knex;
  };
  const asOwner = () => open(database.connection);
  const asShop = () => open({ ...database.connection, user: SHOP });
  const add = (knex: Knex) =>
    createKnexStore(knex, { clock: { now: () => NOON }, cipher: CIPHER }).unitOfWork.run(async ({ audit }) =>
      audit.add({ action: 'test', outcome: 'done', subject: null }),
    );

  /** Owns the database and all in it, and may nothing else. */
  async function plainOwner(superuser: Knex, name: string): Promise<Knex> {
    const { rows } = await superuser.raw<{ rows: { tables: string[]; base: string }[] }>(
      `SELECT array_agg(quote_ident(tablename)::text) AS tables, current_database() AS base FROM pg_tables
        WHERE schemaname = 'public'`,
    );
    const { tables, base } = rows[0]!;
    await superuser.raw(
      `DO $$ BEGIN CREATE ROLE ${name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
       ALTER DATABASE ${base} OWNER TO ${name}; ${tables.map(table => `ALTER TABLE ${table} OWNER TO ${name};`).join('')}`,
    );
    return open({ ...database.connection, user: name });
  }

  beforeEach(async () => {
    database = await postgres.database();
    const owner = asOwner();
    await migrate(owner);
    await admitShop(owner, { name: SHOP, password: `it's "?" secret` });
  });

  afterEach(async () => {
    await Promise.all(pools.splice(0).map(pool => pool.destroy()));
    await database.drop();
  });

  it('writes what the shop writes, and adds to the audit log', async () => {
    const shop = asShop();
    await add(shop);
    await add(shop);
    expect(await shop('audit_log').pluck('seq')).to.deep.equal([1, 2]);
    for (const table of ['orders', 'users', 'outbox', 'inventory']) await shop(table).delete();
  });

  for (const [what, statement] of Object.entries(FORBIDDEN))
    it(`cannot ${what}`, async () => {
      const shop = asShop();
      await add(shop);
      const refusal = await rejectionOf(shop.raw(statement));
      expect(refusal).to.have.property('code', '42501');
      expect(refusal)
        .to.have.property('message')
        .that.matches(/permission denied|must be owner/);
      expect(await shop('audit_log').pluck('seq')).to.deep.equal([1]);
    });

  it('gets its rights on tables that come later, and no more when it is admitted again', async () => {
    const [owner, shop] = [asOwner(), asShop()];
    await owner.raw('CREATE TABLE later (id integer)');
    expect(await rejectionOf(shop('later').insert({ id: 1 }))).to.have.property('code', '42501');
    await owner.raw(`GRANT ALL ON audit_log TO "a shop’s ""role"""`);
    await admitShop(owner, { name: SHOP });
    await shop('later').insert({ id: 1 });
    expect(await rejectionOf(shop.raw('DELETE FROM audit_log')))
      .to.have.property('message')
      .that.includes('for table');
  });

  it('finds that there is nothing to migrate, and says so when there is', async () => {
    const [owner, shop] = [asOwner(), asShop()];
    expect(await migrate(shop)).to.deep.equal([]);
    await owner('knex_migrations').where('name', 'like', '%audit_log').delete();
    expect(await rejectionOf(migrate(shop))).to.be.instanceOf(MayNotMigrate);
  });

  it('loses the tables that it owned while it was alone', async () => {
    const [owner, shop] = [asOwner(), asShop()];
    await owner.raw('ALTER TABLE audit_log OWNER TO "a shop’s ""role"""');
    await owner.raw('ALTER FUNCTION audit_log_only_grows OWNER TO "a shop’s ""role"""');
    await admitShop(owner, { name: SHOP });
    expect(await rejectionOf(shop.raw('DROP TABLE audit_log'))).to.have.property('code', '42501');
    await add(shop);
  });

  it('must be one that can be kept from it', async () => {
    const owner = asOwner();
    const { user = '' } = database.connection;
    expect(await rejectionOf(admitShop(owner, { name: user }))).to.be.instanceOf(UnfitRole);
    await owner.raw('ALTER SCHEMA public OWNER TO "a shop’s ""role"""');
    const refusal = await rejectionOf(admitShop(owner, { name: SHOP }));
    expect(refusal).to.be.instanceOf(UnfitRole);
    expect(refusal)
      .to.have.property('message')
      .that.matches(/^The role a shop’s "role" owns the database or the schema/);
  });

  it('leaves temporary tables to the owner of the database, also to one who is no superuser', async () => {
    const owner = asOwner();
    await owner.raw('CREATE TEMPORARY TABLE mine (id integer)');
    const plain = await plainOwner(owner, 'a_plain_owner');
    await admitShop(plain, { name: SHOP });
    await plain.raw('CREATE TEMPORARY TABLE mine (id integer)');
    const refusal = await rejectionOf(asShop().raw('CREATE TEMPORARY TABLE mine (id integer)'));
    expect(refusal).to.have.property('code', '42501');
  });

  it('has to be there already when who migrates may not make it, which is said in one sentence', async () => {
    const plain = await plainOwner(asOwner(), 'a_plain_owner');
    const refusal = await rejectionOf(admitShop(plain, { name: 'nobody_yet' }));
    expect(refusal).to.be.instanceOf(MayNotAdmit);
    expect(refusal)
      .to.have.property('message')
      .that.equals(
        'There is no role nobody_yet, and a_plain_owner may not make it. Give the role of DATABASE_MIGRATION_URL the ' +
          'right CREATEROLE, or make it beforehand.',
      );
  });

  it('gets its rights from the owner of the tables, and from nobody else', async () => {
    const owner = asOwner();
    await owner.raw('DROP ROLE IF EXISTS a_stranger');
    await owner.raw('CREATE ROLE a_stranger LOGIN');
    await owner.raw('REVOKE ALL ON outbox FROM "a shop’s ""role"""');
    const stranger = open({ ...database.connection, user: 'a_stranger' });
    const refusal = await rejectionOf(admitShop(stranger, { name: SHOP }));
    expect(refusal).to.be.instanceOf(MayNotAdmit);
    expect(refusal)
      .to.have.property('message')
      .that.matches(/^The role a shop’s "role" cannot be given its rights: permission denied/);
  });

  it('is not alone in that: the owner changes the audit log by no accident either', async () => {
    const owner = asOwner();
    await add(owner);
    for (const statement of ['UPDATE audit_log SET at = at', 'DELETE FROM audit_log', 'TRUNCATE audit_log'])
      expect(await rejectionOf(owner.raw(statement)), statement)
        .to.have.property('message')
        .that.includes('only grows');
  });
});
