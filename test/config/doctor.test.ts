import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { generateSigningKeys } from '../../adapters/security/signing-keys.ts';
import { examine } from '../../config/doctor/examine.ts';
import { type Finding, render, type Section, wouldStart } from '../../config/doctor/findings.ts';
import { misspelt } from '../../config/doctor/misspelt.ts';
import { redisServer } from '../../config/doctor/redis-server.ts';
import { nodeVersion, packages } from '../../config/doctor/versions.ts';
import { SETTING_RULES } from '../../config/setting-rules.ts';
import { onEachPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { aFolder, runProgram, ShopProcess } from '../support/shop-process.ts';

type Environment = Readonly<Record<string, string>>;

const MEMORY = { DATABASE_URL: 'memory:', PORT: '0' };

const examined = async (environment: Environment): Promise<string> => render(await examine(environment));

const marked = (sections: readonly Section[], mark: Finding['mark']): string[] =>
  sections.flatMap(({ findings }) => findings.filter(finding => finding.mark === mark).map(({ text }) => text));

const oddities = async (environment: Environment): Promise<string[]> => marked(await examine(environment), 'odd');
const problems = async (environment: Environment): Promise<string[]> => marked(await examine(environment), 'bad');

describe('the doctor', () => {
  const place = aFolder();
  after(() => place.remove());

  it('finds nothing wrong with a fresh machine, and leaves nothing behind', async () => {
    const folder = join(place.path, 'fresh');
    const sections = await examine({ DATABASE_URL: `embedded:${folder}`, PORT: '0' });
    expect(marked(sections, 'bad')).to.deep.equal([]);
    expect(render(sections))
      .to.include(`Node ${process.versions.node}`)
      .and.include('Embedded postgres (PostgreSQL) 18');
    expect(render(sections)).to.include(`${folder} is not there yet`).and.include('The shop would start.');
    expect(existsSync(folder)).to.equal(false);
  });

  it('ends with 0 when the shop would start and with 1 when not, like any program that checks', async () => {
    const run = (environment: Environment) => runProgram('doctor', { environment, folder: place.path });
    expect(await run(MEMORY)).to.include({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await run({ ...MEMORY, PORT: 'abc' });
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: '' });
    expect(stdout)
      .to.include('PORT must be a number')
      .and.match(/\nOne thing stands in the way of a start\.\n$/);
  });

  it('names every setting with its value and where that comes from', async () => {
    const text = await examined({ ...MEMORY, LOG_LEVEL: 'debug' });
    for (const name of Object.keys(SETTING_RULES)) expect(text).to.match(new RegExp(`${name} +\\S`));
    expect(text)
      .to.match(/LOG_LEVEL +debug {2}\(set\)/)
      .and.match(/HOST +127\.0\.0\.1 {2}\(default\)/);
    expect(text).to.match(/REDIS_URL +not set/);
  });

  it('names all that is wrong with the settings at once', async () => {
    const wrong = { NODE_ENV: 'production', PORT: '70000', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' };
    const text = await examined(wrong);
    for (const problem of ['PORT must be', 'LOG_LEVEL must be', 'DATABASE_URL must be', 'JWT_KEYS is required'])
      expect(text).to.include(problem);
    expect(wouldStart(await examine(wrong))).to.equal(false);
  });

  it('tells no secret, right or wrong, so that its words can be mailed to whoever helps', async () => {
    const secrets = {
      ADMIN_EMAIL: 'keeper@shop.example',
      ADMIN_PASSWORD: 'hush-hush-1',
      JWT_KEYS: 'hush-hush-2',
      PASSWORD_PEPPERS: 'hush-hush-3',
      PII_KEYS: 'hush-hush-7',
      STRIPE_SECRET_KEY: 'hush-hush-4',
    };
    for (const DATABASE_URL of [
      'postgres://shop:hush-hush-5@127.0.0.1:1/shop',
      'postgres://shop:hush-hush-5/#x@127.0.0.1:1/shop',
      'postgres:///shop?host=/nowhere&password=hush-hush-5',
    ]) {
      const text = await examined({ ...secrets, DATABASE_URL, REDIS_URL: 'redis://:hush-hush-6@127.0.0.1:1' });
      expect(text).to.not.include('hush-hush');
      expect(text).to.include('***').and.include('(hidden)');
    }
  });

  it('asks about names that are nearly those of settings', async () => {
    expect(await oddities({ ...MEMORY, DATABSE_URL: 'x', database_url: 'y' })).to.deep.equal([
      'DATABSE_URL is no setting: did you mean DATABASE_URL?',
      'database_url is no setting: did you mean DATABASE_URL?',
    ]);
    expect(await oddities({ ...MEMORY, LOG_COLOUR: 'red' })).to.deep.equal([
      'LOG_COLOUR is no setting of the shop: it changes nothing',
    ]);
  });

  it('is not surprised by what stands in every environment', () => {
    const usual = `PATH HOME USER SHELL LANG LC_ALL TERM PWD OLDPWD SHLVL HOSTNAME LOGNAME MAIL EDITOR TZ TMPDIR CI _
      npm_config_user_agent npm_lifecycle_event NODE_OPTIONS NODE_VERSION YARN_VERSION SSH_AUTH_SOCK XDG_RUNTIME_DIR
      COLORTERM DISPLAY DEBIAN_FRONTEND PGHOST PGUSER PGPASSWORD JAVA_HOME GOPATH INIT_CWD`.split(/\s+/);
    expect(misspelt(usual, Object.keys(SETTING_RULES))).to.deep.equal([]);
  });

  it('knows when Node is too old', () => {
    const marks = ['18.20.4', '20.9.0', '20.20.0', '22.1.0'].map(version => nodeVersion(version, '>=20.20').mark);
    expect(marks).to.deep.equal(['bad', 'bad', 'good', 'good']);
  });

  it('knows when packages are missing', () => {
    expect(packages(place.path, ['koa', '@koa/router'])).to.include({
      mark: 'bad',
      text: 'Packages are missing: koa, @koa/router',
      remedy: 'npm ci',
    });
  });

  it('warns of a production shop that keeps nothing', async () => {
    const warning = 'DATABASE_URL=memory: loses every order when it stops';
    const production = {
      NODE_ENV: 'production',
      JWT_KEYS: generateSigningKeys(),
      PII_KEYS: 'kV3w8Zr1QmYp5TnXc7LsBd9HgJf2AeRu4oKi6WtyNqE',
      PASSWORD_PEPPERS: 'salt-and-pepper-and-vinegar-and-oil',
      PAYMENT_GATEWAY: 'sandbox',
    };
    expect(await oddities({ ...MEMORY, ...production })).to.deep.equal([warning]);
    expect(await oddities(MEMORY)).to.deep.equal([]);
  });
});

describe('the doctor looks at the port', () => {
  const taken: Server[] = [];
  afterEach(() => {
    for (const server of taken.splice(0)) server.close();
  });

  async function aTakenPort(): Promise<string> {
    const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
    taken.push(server);
    await once(server, 'listening');
    return String((server.address() as { port: number }).port);
  }

  it('and finds it free, and leaves it free', async () => {
    const PORT = await aTakenPort();
    taken.pop()!.close();
    expect(await examined({ ...MEMORY, PORT })).to.include(`Port ${PORT} on 127.0.0.1 is free`);
    expect(await problems({ ...MEMORY, PORT })).to.deep.equal([]);
  });

  it('and finds another program there', async () => {
    const PORT = await aTakenPort();
    expect(await problems({ ...MEMORY, PORT })).to.deep.equal([`Port ${PORT} is used by another program`]);
  });

  it('and finds a shop there', async () => {
    const place = aFolder();
    const shop = await ShopProcess.open({ environment: { DATABASE_URL: 'memory:' }, folder: place.path });
    const { port } = new URL(shop.url);
    expect(await problems({ ...MEMORY, PORT: port })).to.deep.equal([
      `Port ${port} is used by a shop that runs already`,
    ]);
    await shop.stop();
    place.remove();
  });

  it('and cannot listen on an address that this machine does not have', async () => {
    const [problem] = await problems({ ...MEMORY, HOST: '192.0.2.1', PORT: '34567' });
    expect(problem).to.include('192.0.2.1:34567').and.include('EADDRNOTAVAIL');
  });
});

describe('the doctor looks at the data folder', () => {
  const place = aFolder();
  after(() => place.remove());
  const embedded = (folder: string) => ({ DATABASE_URL: `embedded:${folder}`, PORT: '0' });

  it('of a shop that runs, and of one that has stopped', async () => {
    const shop = await ShopProcess.open({ folder: place.path });
    const environment = embedded(join(place.path, 'data'));
    expect(await oddities(environment)).to.satisfy(([only]: string[]) =>
      only?.startsWith(`Process ${shop.pid} holds it`),
    );
    await shop.stop();
    const text = await examined(environment);
    expect(text)
      .to.match(/holds a Postgres 18 and takes [1-9]\d+ MB/)
      .and.include('No other process holds it');
    expect(wouldStart(await examine(environment))).to.equal(true);
  });

  it('that another Postgres has written, and says how to get at the data', async () => {
    const folder = join(place.path, 'old');
    mkdirSync(join(folder, 'pg'), { recursive: true });
    writeFileSync(join(folder, 'pg', 'PG_VERSION'), '14\n');
    expect(await examined(embedded(folder)))
      .to.include('was written by Postgres 14')
      .and.include('pg_dump');
    expect(wouldStart(await examine(embedded(folder)))).to.equal(false);
  });

  it('where something else lies, or nothing can be made', async () => {
    const folder = join(place.path, 'strange');
    mkdirSync(join(folder, 'pg'), { recursive: true });
    writeFileSync(join(folder, 'pg', 'holiday.txt'), 'sea');
    expect(await problems(embedded(folder))).to.satisfy(([only]: string[]) => only?.includes('is in the way'));
    const [problem] = await problems(embedded('/dev/null/shop'));
    expect(problem).to.include('/dev/null/shop cannot be made');
  });
});

onEachPostgres('the doctor looks at a server', postgres => {
  let database: TestDatabase;
  let environment: Environment;
  const place = aFolder();

  before(async () => {
    database = await postgres.database();
    environment = { DATABASE_URL: urlOf(database), PORT: '0' };
  });

  after(async () => {
    await database.drop();
    place.remove();
  });

  const inDatabase = async (statement: string): Promise<unknown[]> => {
    const client = new Client(database.connection);
    await client.connect();
    const { rows } = await client.query(statement);
    await client.end();
    return rows as unknown[];
  };

  it('whose database is still empty, and leaves it empty', async () => {
    const text = await examined(environment);
    expect(text)
      .to.match(/Postgres 1\d\..* answers/)
      .and.match(/0 migrations are applied; the next start applies \d+_/);
    expect(await inDatabase(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).to.deep.equal([]);
  });

  it('that has a shop on it', async () => {
    expect(await runProgram('migrate', { environment, folder: place.path })).to.include({ code: 0 });
    expect(await examined(environment)).to.match(/All \d+ migrations are applied/);
  });

  it('that a newer version has migrated', async () => {
    await inDatabase(
      `INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20991231000000_the_future', 2, now())`,
    );
    expect(await problems(environment)).to.deep.equal([
      'A newer version has migrated the database: 20991231000000_the_future',
    ]);
  });
});

describe('the doctor looks at servers that are not there', () => {
  it('and says so of Postgres, without which there is no shop', async () => {
    const environment = { DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop', PORT: '0' };
    expect(await problems(environment)).to.satisfy(([only]: string[]) => only?.includes('ECONNREFUSED'));
  });

  it('and says so of Redis, which a shop can do without for a while', async () => {
    const { mark, text } = await redisServer('redis://127.0.0.1:1');
    expect(mark).to.equal('odd');
    expect(text).to.include('Redis does not answer').and.include('ECONNREFUSED');
  });
});
