import { type KnexDatabase, openDatabase } from '../adapters/knex/knex-database.ts';
import { embeddedPostgres } from '../support/postgres.ts';
import { PAGES } from './pages.ts';

const statementsOn = (path: string): string[] =>
  PAGES.filter(page => path === page.path)
    .flatMap(({ blocks }) => blocks)
    .filter(({ language }) => language === 'sql')
    .map(({ text }) => text);

describe('The statements on the pages', () => {
  let shop: KnexDatabase;

  before(async () => {
    shop = await openDatabase(embeddedPostgres);
  });

  after(() => shop.close());

  for (const { path } of PAGES)
    for (const statement of statementsOn(path))
      it(`are understood by the database of the shop: ${path}, ${statement.slice(0, 40).split('\n')[0]}…`, () =>
        shop.knex.raw(statement));
});
