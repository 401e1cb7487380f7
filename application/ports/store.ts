import type { AuditLog } from './audit-log.ts';
import type { ApiKeyQueries } from './api-keys.ts';
import type { CartQueries } from './carts.ts';
import type { CatalogQueries } from './catalog-queries.ts';
import type { InventoryQueries } from './inventory-queries.ts';
import type { Offers } from './offers.ts';
import type { Ledgers } from './ledgers.ts';
import type { OrderWork } from './orders.ts';
import type { OrderQueries } from './order-queries.ts';
import type { ProductImportQueries } from './product-imports.ts';
import type { RoleQueries } from './roles.ts';
import type { SearchIndex } from './search-index.ts';
import type { TokenRevocations } from './revoked-tokens.ts';
import type { SecondFactorQueries } from './second-factors.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { UserQueries } from './user-queries.ts';

/** What a storage adapter brings: one way to write, and the ways to read. Queries see only what was committed. */
export interface Store {
  readonly unitOfWork: UnitOfWork;
  readonly offers: Offers;
  readonly catalog: CatalogQueries;
  readonly inventory: InventoryQueries;
  readonly carts: CartQueries;
  readonly orders: OrderQueries;
  readonly users: UserQueries;
  readonly roles: RoleQueries;
  readonly apiKeys: ApiKeyQueries;
  readonly productImports: ProductImportQueries;
  readonly tokenRevocations: TokenRevocations;
  readonly secondFactors: SecondFactorQueries;
  readonly orderWork: OrderWork;
  readonly ledgers: Ledgers;
  readonly auditLog: AuditLog;
  /** The one that is used when no other is set up. */
  readonly searchIndex: SearchIndex;
  /** Rejects with `Unavailable` when it cannot answer within two seconds. */
  ping(): Promise<void>;
}
