import type { Addresses } from './addresses.ts';
import type { ApiKeys } from './api-keys.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Carts } from './carts.ts';
import type { Categories } from './categories.ts';
import type { GatewayNotices } from './gateway-notices.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { IdempotencyRecords } from './idempotency-records.ts';
import type { Offers } from './offers.ts';
import type { OneTimeTokens } from './one-time-tokens.ts';
import type { Orders } from './orders.ts';
import type { ConsumedEvents, Outbox, OutboxDelivery } from './outbox.ts';
import type { ProductImports } from './product-imports.ts';
import type { Products } from './products.ts';
import type { Reservations } from './reservations.ts';
import type { RevokedTokens, SessionCutoff } from './revoked-tokens.ts';
import type { Roles } from './roles.ts';
import type { SearchChanges } from './search-changes.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { Stock } from './stock.ts';
import type { Users } from './users.ts';

/** Everything that can be written; only a unit of work hands it out. */
export interface Collections {
  readonly categories: Categories;
  readonly products: Products;
  readonly offers: Offers;
  readonly stock: Stock;
  readonly reservations: Reservations;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly users: Users;
  readonly addresses: Addresses;
  readonly sessions: Sessions;
  readonly revokedTokens: RevokedTokens;
  readonly oneTimeTokens: OneTimeTokens;
  readonly secondFactors: SecondFactors;
  readonly sessionCutoff: SessionCutoff;
  readonly roles: Roles;
  readonly apiKeys: ApiKeys;
  readonly idempotency: IdempotencyRecords;
  readonly productImports: ProductImports;
  readonly searchChanges: SearchChanges;
  readonly outbox: Outbox;
  readonly outboxDelivery: OutboxDelivery;
  readonly consumedEvents: ConsumedEvents;
  readonly gatewayNotices: GatewayNotices;
  readonly housekeeping: Housekeeping;
  readonly audit: AuditTrail;
}

/**
 * All or nothing, and as if nobody else were writing the same things at the same time.
 *
 * - Whatever `find…` hands out stays locked until the unit of work ends: nobody else changes it in between.
 * - When `work` throws, nothing is kept and the error flies on. When `run` has resolved, everything is durable.
 * - On a write conflict (deadlock, serialisation, lock time-out) `work` runs again, up to three times in all, so it
 *   must have no effect but through its collections. After that: `Unavailable`.
 * - `run` does not nest, and nothing remote may be called inside it: both throw.
 * - Rejects with `Unavailable` when the store cannot be reached.
 */
export interface UnitOfWork {
  run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result>;
}

/** The store is away or too busy. Asking again later may help; nothing was kept, or it cannot be known. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
