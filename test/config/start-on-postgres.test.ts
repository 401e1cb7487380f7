import { expect } from 'chai';
import { Client } from 'pg';
import { onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { aFolder, runProgram, ShopProcess } from '../support/shop-process.ts';

onPostgres(servedPostgres, 'a start on a server that is not prepared', postgres => {
  let database: TestDatabase;
  let folder: ReturnType<typeof aFolder>;

  beforeEach(async () => {
    database = await postgres.database();
    folder = aFolder();
  });

  afterEach(async () => {
    await database.drop();
    folder.remove();
  });

  async function say(statements: string): Promise<void> {
    const client = new Client(database.connection);
    await client.connect();
    await client.query(statements);
    await client.end();
  }

  const refused = async (environment: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const { code, stderr } = await runProgram('main', {
      environment: { PORT: '0', ...environment },
      folder: folder.path,
    });
    expect(code, stderr).to.equal(1);
    expect(stderr).not.to.match(/\n +at |admit\$|SELECT/);
    return stderr.trimEnd().split('\n');
  };

  it('names the role that does not exist', async () => {
    const [what, remedy] = await refused({ DATABASE_URL: urlOf(database, 'never_made') });
    expect(what).to.include('role "never_made" does not exist');
    expect(remedy).to.include('DATABASE_MIGRATION_URL');
  });

  it('names the database that does not exist', async () => {
    const elsewhere = { ...database, connection: { ...database.connection, database: 'never_made' } };
    const [what, remedy] = await refused({ DATABASE_URL: urlOf(elsewhere) });
    expect(what).to.include('database "never_made" does not exist');
    expect(remedy).to.include('createdb');
  });

  it('says that the owner may not make the role, and what else would do', async () => {
    const owner = 'owner_without_createrole';
    const { database: name = '' } = database.connection;
    await say(`
      DO $$ BEGIN CREATE ROLE ${owner} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
      ALTER DATABASE ${name} OWNER TO ${owner}`);
    const environment = {
      DATABASE_URL: urlOf(database, 'never_made'),
      DATABASE_MIGRATION_URL: urlOf(database, owner),
    };
    expect(await refused(environment)).to.deep.equal([
      `There is no role never_made, and ${owner} may not make it. Give the role of DATABASE_MIGRATION_URL the right ` +
        'CREATEROLE, or make it beforehand.',
    ]);
  });

  it('says that a role could do more than the shop needs', async () => {
    await say(`DO $$ BEGIN CREATE ROLE too_much LOGIN SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    const environment = { DATABASE_URL: urlOf(database, 'too_much'), DATABASE_MIGRATION_URL: urlOf(database) };
    expect(await refused(environment)).to.deep.equal([
      'The role too_much may do anything on this server. Name another one in DATABASE_URL: it is made when it is missing.',
    ]);
  });

  it('says which key is missing that something is sealed under', async () => {
    const DATABASE_URL = urlOf(database);
    const options = (key: string) => ({
      environment: { DATABASE_URL, PII_KEYS: key.repeat(43), LOG_LEVEL: 'error' },
      folder: folder.path,
    });
    await (await ShopProcess.open(options('a'))).stop();
    // As after a stop in the midst of sealing: the next start seals the rest under the key that the person has.
    await say(`UPDATE users SET name = 'Ada' WHERE id = (SELECT MIN(id::text)::uuid FROM users)`);
    const { code, stderr } = await runProgram('main', options('b'));
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('is not among PII_KEYS')
      .and.not.match(/\n +at |Ada/);
  });
});
