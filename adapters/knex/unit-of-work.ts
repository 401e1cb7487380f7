import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../../application/ports/clock.ts';
import type { Collections, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import { KnexAddresses } from './addresses.ts';
import { KnexApiKeys } from './api-keys.ts';
import { KnexAuditTrail } from './audit-trail.ts';
import { KnexCarts } from './carts.ts';
import { KnexCategories } from './categories.ts';
import type { Database } from './connection.ts';
import { isOutage, isStalePlan, isWriteConflict, unavailable } from './errors.ts';
import { KnexGatewayNotices } from './gateway-notices.ts';
import { KnexHousekeeping } from './housekeeping.ts';
import { KnexIdempotencyRecords } from './idempotency-records.ts';
import { KnexOffers } from './offers.ts';
import { KnexOrders } from './orders.ts';
import { KnexConsumedEvents, KnexOutbox, KnexOutboxDelivery } from './outbox.ts';
import { KnexProductImports } from './product-imports.ts';
import { KnexProducts } from './products.ts';
import { KnexReservations } from './reservations.ts';
import { KnexRevokedTokens, KnexSessionCutoff } from './revoked-tokens.ts';
import { KnexRoles } from './roles.ts';
import { KnexSessions } from './sessions.ts';
import { KnexStock } from './stock.ts';
import { Transaction } from './transaction.ts';
import { KnexUsers } from './users.ts';

const MOST_TRIES = 3;

export class KnexUnitOfWork implements UnitOfWork {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    return insideUnitOfWork(() => this.#try(work, 1));
  }

  async #try<Result>(work: (collections: Collections) => Promise<Result>, time: number): Promise<Result> {
    try {
      return await this.#once(work);
    } catch (error) {
      if (isOutage(error)) throw unavailable(error);
      if (!isWriteConflict(error) && !isStalePlan(error)) throw error;
      if (time >= MOST_TRIES) throw unavailable(error);
    }
    // Whoever collided would collide again without a difference between them.
    await sleep(10 + Math.random() * 70);
    return this.#try(work, time + 1);
  }

  async #once<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    const transaction = await Transaction.begin(this.#database);
    let result: Result;
    try {
      result = await work(this.#collections(transaction));
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    await transaction.commit();
    return result;
  }

  #collections(transaction: Transaction): Collections {
    const { query, tell } = transaction;
    return {
      categories: new KnexCategories(query),
      products: new KnexProducts(query),
      offers: new KnexOffers(query),
      stock: new KnexStock(query, this.#clock),
      reservations: new KnexReservations(query, tell, this.#clock),
      carts: new KnexCarts(query, tell),
      orders: new KnexOrders(query, tell),
      users: new KnexUsers(query),
      addresses: new KnexAddresses(query),
      sessions: new KnexSessions(query),
      revokedTokens: new KnexRevokedTokens(query),
      sessionCutoff: new KnexSessionCutoff(query),
      roles: new KnexRoles(query),
      apiKeys: new KnexApiKeys(query),
      idempotency: new KnexIdempotencyRecords(transaction),
      productImports: new KnexProductImports(query),
      outbox: new KnexOutbox(tell, this.#clock),
      outboxDelivery: new KnexOutboxDelivery(query),
      consumedEvents: new KnexConsumedEvents(query),
      gatewayNotices: new KnexGatewayNotices(query),
      housekeeping: new KnexHousekeeping(query),
      audit: new KnexAuditTrail(tell, this.#clock),
    };
  }
}
