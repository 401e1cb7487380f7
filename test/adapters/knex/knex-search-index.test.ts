import { onEachPostgres } from '../../support/postgres.ts';
import { searchIndexContract } from '../../contracts/search-index.contract.ts';
import { openDatabase } from './knex-database.ts';

onEachPostgres('the Knex search index', postgres => {
  const harness = (name: string, prepare: string) => ({
    name: `${name} on ${postgres.name}`,
    open: async () => {
      const database = await openDatabase(postgres);
      await database.knex.raw(prepare);
      const clear = () => database.knex.raw('DELETE FROM search_documents; DELETE FROM search_words');
      return { index: database.store.searchIndex, clear, close: () => database.close() };
    },
  });
  searchIndexContract(harness('Knex', 'SELECT 1'));
  searchIndexContract(harness('Knex without trigrams', 'DROP EXTENSION IF EXISTS pg_trgm CASCADE'));
});
