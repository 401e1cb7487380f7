import type { Clock } from '../../application/ports/clock.ts';
import type { Store } from '../../application/ports/store.ts';
import { InMemoryAuditLog } from './audit-log.ts';
import { InMemoryApiKeyQueries } from './api-keys.ts';
import { InMemoryCartQueries } from './carts.ts';
import { InMemoryCatalogQueries } from './catalog-queries.ts';
import { InMemoryInventoryQueries } from './inventory-queries.ts';
import { InMemoryLedgers } from './ledgers.ts';
import { InMemoryOffers } from './offers.ts';
import { InMemoryOrderQueries } from './order-queries.ts';
import { InMemoryOrderWork } from './order-work.ts';
import { InMemoryProductImportQueries } from './product-imports.ts';
import { InMemorySearchIndex } from './search-index.ts';
import { InMemorySecondFactorQueries } from './second-factors.ts';
import { InMemoryRoleQueries } from './roles.ts';
import { InMemoryTokenRevocations } from './sessions.ts';
import { emptyTables, type Tables } from './tables.ts';
import { InMemoryUnitOfWork } from './unit-of-work.ts';
import { InMemoryUserQueries } from './user-queries.ts';

/** A store that lives and dies with its process. Its clock is the one that deadlines and leases go by. */
export function createInMemoryStore({ clock }: { clock: Clock }): Store & { readonly tables: Tables } {
  const tables = emptyTables();
  return {
    tables,
    unitOfWork: new InMemoryUnitOfWork(tables, clock),
    offers: new InMemoryOffers(tables),
    catalog: new InMemoryCatalogQueries(tables),
    inventory: new InMemoryInventoryQueries(tables),
    carts: new InMemoryCartQueries(tables),
    orders: new InMemoryOrderQueries(tables),
    users: new InMemoryUserQueries(tables),
    roles: new InMemoryRoleQueries(tables),
    apiKeys: new InMemoryApiKeyQueries(tables),
    productImports: new InMemoryProductImportQueries(tables),
    tokenRevocations: new InMemoryTokenRevocations(tables),
    secondFactors: new InMemorySecondFactorQueries(tables),
    orderWork: new InMemoryOrderWork(tables, clock),
    ledgers: new InMemoryLedgers(tables, clock),
    auditLog: new InMemoryAuditLog(tables),
    searchIndex: new InMemorySearchIndex(),
    ping: () => Promise.resolve(),
  };
}
