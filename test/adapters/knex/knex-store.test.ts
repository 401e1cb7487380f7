import { storeContract } from '../../contracts/store.contract.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { knexHarness } from './knex-harness.ts';

onEachPostgres('the Knex store', postgres => storeContract(knexHarness(postgres)));
