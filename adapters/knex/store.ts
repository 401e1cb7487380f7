import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';

import type { Clock } from '../../application/ports/clock.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import type { Store } from '../../application/ports/store.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { KnexAuditLog } from './audit-log.ts';
import { KnexApiKeyQueries } from './api-keys.ts';
import { KnexCartQueries } from './carts.ts';
import { KnexCatalogQueries } from './catalog-queries.ts';
import { Database, type StatementSettings } from './connection.ts';
import { isOutage, unavailable } from './errors.ts';
import { KnexInventoryQueries } from './inventory-queries.ts';
import { KnexLedgers } from './ledgers.ts';
import { KnexOffers } from './offers.ts';
import { KnexOrderQueries } from './order-queries.ts';
import { KnexOrderWork } from './order-work.ts';
import { Sealing } from './person-keys.ts';
import { KnexProductImportQueries } from './product-imports.ts';
import { KnexTokenRevocations } from './revoked-tokens.ts';
import { KnexSearchIndex } from './search-index.ts';
import { KnexSecondFactorQueries } from './second-factors.ts';
import { KnexRoleQueries } from './roles.ts';
import { type Query, sql, type Sql } from './sql.ts';
import { KnexUnitOfWork } from './unit-of-work.ts';
import { KnexUserQueries } from './user-queries.ts';

export interface StoreSettings extends StatementSettings {
  readonly clock: Clock;
  /** Seals what is personal before it gets to the database. */
  readonly cipher: PersonalDataCipher;
}

/**
 * A store in Postgres. `clock` is for audit columns and the times of events and movements; leases and deadlines go by
 * the database. Whoever made `knex` also closes it.
 */
export function createKnexStore(knex: Knex, { clock, cipher, ...settings }: StoreSettings): Store {
  const database = new Database(knex, settings);
  const sealing = new Sealing(cipher);
  const query = onPool(database);
  return {
    unitOfWork: new KnexUnitOfWork(database, { clock, sealing }),
    offers: new KnexOffers(query),
    catalog: new KnexCatalogQueries(query),
    inventory: new KnexInventoryQueries(query),
    carts: new KnexCartQueries(query),
    orders: new KnexOrderQueries(query, sealing),
    users: new KnexUserQueries(query, sealing),
    roles: new KnexRoleQueries(query),
    apiKeys: new KnexApiKeyQueries(query),
    productImports: new KnexProductImportQueries(query),
    tokenRevocations: new KnexTokenRevocations(query),
    secondFactors: new KnexSecondFactorQueries(query),
    orderWork: new KnexOrderWork(query),
    ledgers: new KnexLedgers(query),
    auditLog: new KnexAuditLog(query),
    searchIndex: new KnexSearchIndex(query),
    ping: () => ping(query),
  };
}

/** Each statement on whatever connection is free, and outages under the shop's own name. */
const onPool =
  (database: Database): Query =>
  async <Row>(statement: Sql): Promise<Row[]> => {
    try {
      return await database.query<Row>(statement);
    } catch (error) {
      throw isOutage(error) ? unavailable(error) : error;
    }
  };

async function ping(query: Query): Promise<void> {
  const enough = new AbortController();
  const tooLong = sleep(2_000, undefined, { signal: enough.signal }).then(() => {
    throw new Unavailable('The database has not answered within two seconds.');
  });
  try {
    await Promise.race([query(sql`SELECT 1`), tooLong]);
  } finally {
    tooLong.catch(() => undefined);
    enough.abort();
  }
}
