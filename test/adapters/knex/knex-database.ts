import type { Knex } from 'knex';

import type { Store } from '../../../application/ports/store.ts';
import { connect, type DatabaseSettings } from '../../../adapters/knex/connect.ts';
import { migrate } from '../../../adapters/knex/migrate.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import { AesPersonalData } from '../../../adapters/security/aes-personal-data.ts';
import { NOON } from '../../support/builders.ts';
import type { TestPostgres } from '../../support/postgres.ts';

export interface KnexDatabase {
  readonly knex: Knex;
  readonly store: Store;
  /** Another pool on the same database. Closed with the first. */
  another(settings?: Omit<DatabaseSettings, 'connection'>): { readonly knex: Knex; readonly store: Store };
  close(): Promise<void>;
}

/** One for all: stores on one database must open what the others have sealed. */
export const CIPHER = new AesPersonalData({ secrets: ['a-master-key-for-tests-of-43-characters-abc'] });

const storeOn = (knex: Knex): Store => createKnexStore(knex, { clock: { now: () => NOON }, cipher: CIPHER });

/** A database of its own, with the shop's tables in it unless they are not wanted. */
export async function openDatabase(postgres: TestPostgres, { empty = false } = {}): Promise<KnexDatabase> {
  const database = await postgres.database();
  const pools: Knex[] = [];
  const open = (settings: Omit<DatabaseSettings, 'connection'> = {}) => {
    const knex = connect({ ...settings, connection: database.connection });
    pools.push(knex);
    return { knex, store: storeOn(knex) };
  };
  const first = open();
  if (!empty) await migrate(first.knex);
  return {
    ...first,
    another: open,
    close: async () => {
      await Promise.all(pools.map(pool => pool.destroy()));
      await database.drop();
    },
  };
}
