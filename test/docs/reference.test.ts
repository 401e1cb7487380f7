import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Knex } from 'knex';
import { connect } from '../../adapters/knex/connect.ts';
import { migrate } from '../../adapters/knex/migrate.ts';
import { PAGES } from '../../config/reference/pages.ts';
import { countsOf, requirementsOf, withRequirements } from '../../config/reference/requirements-table.ts';
import { SETTING_RULES } from '../../config/setting-rules.ts';
import { embeddedPostgres, type TestDatabase } from '../support/postgres.ts';
import { root } from './pages.ts';

const written = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('What the program says about itself', () => {
  let empty: TestDatabase;
  let database: Knex;

  before(async () => {
    empty = await embeddedPostgres.database();
    database = connect({ connection: { ...empty.connection, ssl: false } });
    await migrate(database);
  });

  after(async () => {
    await database.destroy();
    await empty.drop();
  });

  for (const [path, make] of Object.entries(PAGES))
    it(`is what stands in ${path}, or else run: npm run docs`, async () => {
      expect(written(path)).to.equal(await make(database));
    });

  it('names every setting, in the order of the source', () => {
    const names = [...written('.env.example').matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names).to.deep.equal(Object.keys(SETTING_RULES));
  });
});

describe('The table of requirements', () => {
  const requirements = requirementsOf(written('docs/reference/requirements.md'));

  it('has every requirement once, in order', () => {
    const ids = requirements.map(({ id }) => id);
    expect(ids).to.have.length(213);
    expect(ids).to.deep.equal([...new Set(ids)].toSorted());
  });

  it('leaves out no row because of how it is written', () => {
    const rows = [...written('docs/reference/requirements.md').matchAll(/^\| R\d/gm)];
    expect(rows).to.have.length(requirements.length);
  });

  it('shows where everything that is done can be seen', () => {
    const unseen = requirements.filter(({ verdict, where }) => verdict === 'done' && !/\]\(|`/.test(where));
    expect(unseen).to.deep.equal([]);
  });

  it('is copied with links that start elsewhere, and counted', () => {
    const page = '| R001 | A | done | [x](../../test/x.ts), [y](y.md) |\n| R002 | B | not yet | |\n';
    const readme = withRequirements('a\n<!-- requirements: begin -->\nold\n<!-- requirements: end -->\nb\n', page);
    expect(readme).to.include('| R001 | A | done | [x](test/x.ts), [y](docs/reference/y.md) |');
    expect(readme).to.include('2 requirements: 1 done · 0 partly · 1 not yet').and.not.include('old');
    expect(countsOf([])).to.equal('0 done · 0 partly · 0 not yet');
    expect(() => withRequirements('no marks', page)).to.throw('lost the marks');
  });
});
