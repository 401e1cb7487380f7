import { expect } from 'chai';
import { Client } from 'pg';
import { connect } from '../../adapters/knex/connect.ts';
import { MIGRATIONS } from '../../adapters/knex/migrations/all.ts';
import { createApp } from '../../config/app.ts';
import { parseSettings } from '../../config/settings.ts';
import { STORE } from '../../config/tokens.ts';
import { ElasticServer } from '../support/elastic-server.ts';
import { onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { aFolder, runProgram } from '../support/shop-process.ts';
import { addProduct } from '../support/stocking.ts';

const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

onPostgres(servedPostgres, 'npm run search:reindex and search:verify', postgres => {
  let database: TestDatabase;
  let ids: string[];
  const folder = aFolder();

  const environment = () => ({
    DATABASE_URL: urlOf(database, 'pannier_shop'),
    DATABASE_MIGRATION_URL: urlOf(database),
  });

  const run = (act: string, more: Record<string, string> = {}) =>
    runProgram('search', { environment: { ...environment(), ...more }, folder: folder.path, options: [act] });

  beforeEach(async () => {
    database = await postgres.database();
    const settings = parseSettings({ ...environment(), PORT: '0', SEED_DEMO: 'false' });
    const app = await createApp({ ...settings, secretsFolder: undefined }, { logger: silent });
    const { unitOfWork } = app.container.get(STORE);
    ids = [];
    for (const name of ['Leash', 'Bowl'])
      ids.push((await addProduct(work => unitOfWork.run(work), { name })).snapshot().id);
    await app.close();
  });

  afterEach(() => database.drop());
  after(() => folder.remove());

  it('names the products that differ, and finds none once the index is new', async () => {
    const before = await run('verify');
    expect(before.code).to.equal(1);
    for (const id of ids) expect(before.stdout).to.include(`${id} is missing in the index\n`);
    expect(before.stdout).to.include('The search index is wrong about 2 of 2 products');
    expect(await run('reindex')).to.include({
      code: 0,
      stdout: 'The search index is new: 2 products can be found\n',
    });
    expect(await run('verify')).to.include({ code: 0, stdout: 'The search index is right: 2 products\n' });
    const client = new Client(database.connection);
    await client.connect();
    await client.query(`UPDATE products SET name = 'Cup' WHERE id = $1`, [ids[1]]);
    await client.end();
    expect(await run('verify')).to.include({
      code: 1,
      stdout: `${ids[1]} differs\nThe search index is wrong about 1 of 2 products\n`,
    });
  });

  it('takes the Elasticsearch that is set up, and says when it is away', async () => {
    const server = await new ElasticServer().start();
    const SEARCH_URL = server.url;
    expect(await run('reindex', { SEARCH_URL })).to.have.property('code', 0);
    expect(await run('verify', { SEARCH_URL })).to.include({ code: 0 });
    await server.close();
    const away = await run('verify', { SEARCH_URL });
    expect(away.code).to.equal(1);
    expect(away.stderr).to.include('The search index cannot answer');
  });
});

onPostgres(servedPostgres, 'A database from before there was a search index', postgres => {
  it('has all its products told to the index', async () => {
    const database = await postgres.database();
    const knex = connect({ connection: database.connection });
    const at = MIGRATIONS.findIndex(({ name }) => name.endsWith('_search'));
    for (const migration of MIGRATIONS.slice(0, at)) await knex.transaction(async trx => migration.up(trx));
    await knex.raw(`
      INSERT INTO categories (id, name, slug, sort_name, created_at, updated_at, version)
      VALUES (gen_random_uuid(), 'A', 'a', 'a', now(), now(), 1);
      INSERT INTO products (id, name, slug, description, category_id, vendor, tags, status, images, sort_name,
                            search_text, created_at, updated_at, version)
      SELECT gen_random_uuid(), 'B', 'b', '', id, '', '{}', 'active', '[]', 'b', 'b', now(), now(), 1 FROM categories`);
    await knex.transaction(async trx => MIGRATIONS[at]!.up(trx));
    const { rows } = await knex.raw('SELECT count(*)::integer AS waiting FROM search_changes WHERE NOT told');
    expect(rows).to.deep.equal([{ waiting: 1 }]);
    await knex.destroy();
    await database.drop();
  });
});
