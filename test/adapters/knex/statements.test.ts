import { expect } from 'chai';

import { Database } from '../../../adapters/knex/connection.ts';
import { isStalePlan, orNone } from '../../../adapters/knex/errors.ts';
import { someOf, type Sql, sql, verbatim } from '../../../adapters/knex/sql.ts';
import { Transaction } from '../../../adapters/knex/transaction.ts';
import { NOON } from '../../support/builders.ts';
import { embeddedPostgres } from '../../support/postgres.ts';
import { rejectionOf } from '../../support/waiting.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';

const PREPARED = sql`SELECT statement FROM pg_prepared_statements ORDER BY prepare_time`;

describe('statements that are sent to Postgres', () => {
  let opened: KnexDatabase;
  let database: Database;

  beforeEach(async () => {
    opened = await openDatabase(embeddedPostgres, { empty: true });
    const { knex } = opened.another({ pool: { max: 1 } });
    database = new Database(knex);
    await knex.raw('CREATE TABLE notes (id integer PRIMARY KEY, text text NOT NULL)');
  });

  afterEach(() => opened.close());

  const note = (id: number): Sql => sql`INSERT INTO notes (id, text) VALUES (${id}, ${`note ${id}`})`;

  const kept = async (): Promise<number[]> =>
    (await database.query<{ id: number }>(sql`SELECT id FROM notes ORDER BY id`)).map(({ id }) => id);

  it('carry values of each kind', async () => {
    const texts = ['plain', '', 'with "quotes"', 'back\\slash', 'a,b', '{}', 'NULL', 'zwölf €', "it's"];
    const [row] = await database.query(sql`
      SELECT ${texts}::text[] AS texts, ${[1, -2]}::integer[] AS numbers, ${[] as string[]}::uuid[] AS none,
             ${NOON}::timestamptz AS at, ${null}::text AS nothing, ${true}::boolean AS yes, ${2 ** 40}::bigint AS large,
             ${'{"a": [1]}'}::jsonb AS json`);
    const expected = { texts, numbers: [1, -2], none: [], at: NOON, nothing: null, yes: true, large: 2 ** 40 };
    expect(row).to.deep.equal({ ...expected, json: { a: [1] } });
  });

  it('are carried out in the order in which they are said, and answered each by its own rows', async () => {
    const transaction = await Transaction.begin(database);
    const answers = await Promise.all([
      transaction.query(note(1)),
      transaction.query(sql`SELECT id FROM notes`),
      transaction.query(note(2)),
      transaction.query(sql`SELECT id FROM notes ORDER BY id DESC`),
      transaction.query(sql`SELECT id FROM notes WHERE id > ${5}`),
    ]);
    await transaction.commit();
    expect(answers).to.deep.equal([[], [{ id: 1 }], [], [{ id: 2 }, { id: 1 }], []]);
  });

  it('may be the same ones, also in one go', async () => {
    const transaction = await Transaction.begin(database);
    for (const id of [1, 2, 3]) transaction.tell(note(id));
    await transaction.commit();
    expect(await kept()).to.deep.equal([1, 2, 3]);
  });

  it('fail alone when an answer of theirs cannot be read', async () => {
    const large = database.query(sql`SELECT ${String(2n ** 60n)}::bigint AS large`);
    expect(await rejectionOf(large)).to.be.instanceOf(RangeError);
    expect(await database.query(sql`SELECT 1 AS one`)).to.deep.equal([{ one: 1 }]);
  });

  it('are prepared once for each connection, and not at all for a pooler that cannot keep them', async () => {
    await database.query(note(1));
    await database.query(note(2));
    const texts = (await database.query<{ statement: string }>(PREPARED)).map(({ statement }) => statement);
    expect(texts.filter(text => text.includes('INSERT INTO notes'))).to.have.length(1);

    const unprepared = new Database(opened.knex, { preparedStatements: false });
    await unprepared.query(note(3));
    expect(await unprepared.query(PREPARED)).to.deep.equal([]);
  });

  it('can be prepared when that has failed before', async () => {
    const late = sql`SELECT ${1}::integer AS one FROM later`;
    expect(await rejectionOf(database.query(late))).to.have.property('code', '42P01');
    await database.query(verbatim('CREATE TABLE later AS SELECT 1'));
    expect(await database.query(late)).to.deep.equal([{ one: 1 }]);
  });

  it('are planned anew when a migration has changed what they answer', async () => {
    const all = sql`SELECT * FROM notes WHERE id = ${1}`;
    await database.query(note(1));
    expect(await database.query(all)).to.deep.equal([{ id: 1, text: 'note 1' }]);
    await opened.knex.raw(`ALTER TABLE notes ADD COLUMN more text DEFAULT 'yes'`);
    expect(await database.query(all)).to.deep.equal([{ id: 1, text: 'note 1', more: 'yes' }]);
  });

  it('are prepared anew when the server has forgotten them', async () => {
    await database.query(note(1));
    await database.query(verbatim('DEALLOCATE ALL'));
    const transaction = await Transaction.begin(database);
    expect(isStalePlan(await rejectionOf(transaction.query(note(2))))).to.equal(true);
    await transaction.rollback();
    await database.query(note(2));
    expect(await kept()).to.deep.equal([1, 2]);
  });
});

describe('what is told to a transaction', () => {
  let opened: KnexDatabase;
  let database: Database;

  before(async () => {
    opened = await openDatabase(embeddedPostgres, { empty: true });
    database = new Database(opened.another({ pool: { max: 1 } }).knex);
    await opened.knex.raw('CREATE TABLE notes (id integer PRIMARY KEY)');
  });

  beforeEach(() => opened.knex.raw('DELETE FROM notes'));
  after(() => opened.close());

  const note = (id: number): Sql => sql`INSERT INTO notes (id) VALUES (${id})`;
  const count = (): Promise<{ count: number }[]> => database.query(sql`SELECT COUNT(*) AS count FROM notes`);

  it('fails at the next question, by what failed first', async () => {
    const transaction = await Transaction.begin(database);
    for (const id of [1, 1, 2]) transaction.tell(note(id));
    const asked = await rejectionOf(transaction.query(sql`SELECT 1 / ${0}::integer`));
    expect(asked).to.have.property('code', '23505');
    expect(await rejectionOf(transaction.query(sql`SELECT 1`))).to.equal(asked);
    await transaction.rollback();
    expect(await count()).to.deep.equal([{ count: 0 }]);
  });

  it('fails at the commit if nobody asks, and then nothing is kept', async () => {
    const transaction = await Transaction.begin(database);
    transaction.tell(note(1));
    transaction.tell(note(1));
    expect(await rejectionOf(transaction.commit())).to.have.property('code', '23505');
    expect(await count()).to.deep.equal([{ count: 0 }]);
  });

  it('fails before the commit that leaves with it when it finds nothing and must', async () => {
    const transaction = await Transaction.begin(database);
    transaction.tell(note(1));
    transaction.tell(
      sql`WITH changed AS (UPDATE notes SET id = ${7} WHERE id = ${6} RETURNING id) ${someOf('changed')}`,
      orNone('There is no such note.'),
    );
    expect(await rejectionOf(transaction.commit())).to.have.property('message', 'There is no such note.');
    expect(await count()).to.deep.equal([{ count: 0 }]);
  });

  it('is not carried out outside of a transaction when only its beginning has failed', async () => {
    const warm = await Transaction.begin(database);
    await warm.query(sql`SELECT 1 AS warm`);
    await warm.commit();
    await database.query(verbatim('DEALLOCATE ALL'));

    const transaction = await Transaction.begin(database);
    const asked = rejectionOf(transaction.query(sql`SELECT 1 AS warm`));
    await new Promise(resolve => process.nextTick(() => process.nextTick(resolve)));
    const told = rejectionOf(transaction.query(sql`INSERT INTO notes (id) VALUES (${9}) RETURNING id`));
    expect(isStalePlan(await asked)).to.equal(true);
    expect(isStalePlan(await told)).to.equal(true);
    await transaction.rollback();
    expect(await count()).to.deep.equal([{ count: 0 }]);
  });

  it('is not said when something has failed before', async () => {
    const transaction = await Transaction.begin(database);
    const failed = await rejectionOf(transaction.query(sql`SELECT 1 / ${0}::integer`));
    transaction.tell(note(1));
    expect(await rejectionOf(transaction.query(note(2)))).to.equal(failed);
    expect(await rejectionOf(transaction.commit())).to.equal(failed);
    expect(await count()).to.deep.equal([{ count: 0 }]);
  });

  it('counts as failed when an attempt is over, and costs no more than that', async () => {
    const transaction = await Transaction.begin(database);
    await transaction.query(note(1));
    const attempt = transaction.attempt(async () => transaction.tell(note(1)));
    expect(await rejectionOf(attempt)).to.have.property('code', '23505');
    transaction.tell(note(2));
    await transaction.commit();
    expect(await count()).to.deep.equal([{ count: 2 }]);
  });
});
