import type { Clock } from '../../application/ports/clock.ts';
import type { Collections, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import { KnexAddresses } from './addresses.ts';
import { KnexApiKeys } from './api-keys.ts';
import { KnexAuditTrail } from './audit-trail.ts';
import { KnexCarts } from './carts.ts';
import { KnexCategories } from './categories.ts';
import type { Database } from './connection.ts';
import { KnexGatewayNotices } from './gateway-notices.ts';
import { KnexHousekeeping } from './housekeeping.ts';
import { KnexIdempotencyRecords } from './idempotency-records.ts';
import { KnexOffers } from './offers.ts';
import { KnexOneTimeTokens } from './one-time-tokens.ts';
import { KnexOrders } from './orders.ts';
import { KnexConsumedEvents, KnexOutbox, KnexOutboxDelivery } from './outbox.ts';
import { PersonKeys, type Sealing } from './person-keys.ts';
import { KnexProductImports } from './product-imports.ts';
import { KnexProducts } from './products.ts';
import { KnexReservations } from './reservations.ts';
import { KnexRevokedTokens, KnexSessionCutoff } from './revoked-tokens.ts';
import { KnexRoles } from './roles.ts';
import { KnexSearchChanges } from './search-changes.ts';
import { KnexSecondFactors } from './second-factors.ts';
import { KnexSessions } from './sessions.ts';
import { KnexStock } from './stock.ts';
import { inTransaction } from './in-transaction.ts';
import type { Transaction } from './transaction.ts';
import { KnexUsers } from './users.ts';

export class KnexUnitOfWork implements UnitOfWork {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #sealing: Sealing;

  constructor(database: Database, { clock, sealing }: { clock: Clock; sealing: Sealing }) {
    this.#database = database;
    this.#clock = clock;
    this.#sealing = sealing;
  }

  async run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    return insideUnitOfWork(() =>
      inTransaction(this.#database, async transaction => {
        const audit = new KnexAuditTrail(transaction.tell, this.#clock);
        const result = await work(this.#collections(transaction, audit));
        audit.write();
        return result;
      }),
    );
  }

  #collections(transaction: Transaction, audit: KnexAuditTrail): Collections {
    const { query, tell } = transaction;
    const keys = new PersonKeys(this.#sealing, query);
    return {
      categories: new KnexCategories(query),
      products: new KnexProducts(query),
      offers: new KnexOffers(query),
      stock: new KnexStock(query, this.#clock),
      reservations: new KnexReservations(query, tell, this.#clock),
      carts: new KnexCarts(query, tell),
      orders: new KnexOrders(query, tell, keys),
      users: new KnexUsers(query, keys),
      addresses: new KnexAddresses(query, keys),
      sessions: new KnexSessions(query),
      revokedTokens: new KnexRevokedTokens(query),
      oneTimeTokens: new KnexOneTimeTokens(query),
      secondFactors: new KnexSecondFactors(query, keys),
      idempotency: new KnexIdempotencyRecords(transaction, keys),
      sessionCutoff: new KnexSessionCutoff(query),
      roles: new KnexRoles(query),
      apiKeys: new KnexApiKeys(query),
      productImports: new KnexProductImports(query),
      searchChanges: new KnexSearchChanges(query),
      outbox: new KnexOutbox(tell, this.#clock),
      outboxDelivery: new KnexOutboxDelivery(query),
      consumedEvents: new KnexConsumedEvents(query),
      gatewayNotices: new KnexGatewayNotices(query),
      housekeeping: new KnexHousekeeping(query),
      audit,
    };
  }
}
