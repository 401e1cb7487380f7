import { onPostgres, servedPostgres } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { everySuite } from './every-suite.ts';
import { onHarness } from './harness.ts';

onPostgres(servedPostgres, 'The shop over HTTP', postgres => {
  const database = async () => {
    const made = await postgres.database();
    return { url: urlOf(made, 'pannier_shop'), migrationUrl: urlOf(made), drop: () => made.drop() };
  };
  onHarness({ name: 'on a Postgres server', database }, everySuite);
});
