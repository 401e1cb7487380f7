import type { Clock } from '../../application/ports/clock.ts';
import type { Collections, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import { InMemoryApiKeys } from './api-keys.ts';
import { InMemoryAuditTrail } from './audit-trail.ts';
import { InMemoryCarts } from './carts.ts';
import { InMemoryCategories } from './categories.ts';
import { InMemoryGatewayNotices } from './gateway-notices.ts';
import { InMemoryHousekeeping } from './housekeeping.ts';
import { InMemoryIdempotencyRecords } from './idempotency-records.ts';
import { InMemoryOffers } from './offers.ts';
import { InMemoryOneTimeTokens } from './one-time-tokens.ts';
import { InMemoryOrders } from './orders.ts';
import { InMemoryConsumedEvents, InMemoryOutbox, InMemoryOutboxDelivery } from './outbox.ts';
import { InMemoryProductImports } from './product-imports.ts';
import { InMemoryProducts } from './products.ts';
import { InMemoryReservations } from './reservations.ts';
import { InMemorySearchChanges } from './search-changes.ts';
import { InMemorySecondFactors } from './second-factors.ts';
import { InMemoryRoles } from './roles.ts';
import { Sequence } from './sequence.ts';
import { InMemoryRevokedTokens, InMemorySessionCutoff, InMemorySessions } from './sessions.ts';
import { InMemoryStock, Ledger } from './stock.ts';
import { type Drafts, draftsOf, type Tables } from './tables.ts';
import { Transaction } from './transaction.ts';
import { InMemoryAddresses, InMemoryUsers } from './users.ts';

/** One unit of work at a time, in the order of asking: then nothing can conflict, and nothing has to be run again. */
export class InMemoryUnitOfWork implements UnitOfWork {
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #ids: Sequence;
  #last: Promise<unknown> = Promise.resolve();

  constructor(tables: Tables, clock: Clock) {
    this.#tables = tables;
    this.#clock = clock;
    this.#ids = new Sequence(clock);
  }

  async run<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    return insideUnitOfWork(() => this.#inTurn(() => this.#attempt(work)));
  }

  async #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const before = this.#last;
    let done!: () => void;
    this.#last = new Promise<void>(resolve => (done = resolve));
    await before;
    try {
      return await task();
    } finally {
      done();
    }
  }

  async #attempt<Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> {
    const transaction = new Transaction();
    try {
      const result = await work(this.#collections(draftsOf(this.#tables, transaction)));
      transaction.commit();
      return result;
    } finally {
      transaction.abandon();
    }
  }

  #collections(drafts: Drafts): Collections {
    const clock = this.#clock;
    const ids = this.#ids;
    const ledger = new Ledger(drafts, ids, clock);
    return {
      categories: new InMemoryCategories(drafts),
      products: new InMemoryProducts(drafts),
      offers: new InMemoryOffers(drafts),
      stock: new InMemoryStock(drafts, ledger),
      reservations: new InMemoryReservations(drafts, ledger, clock),
      carts: new InMemoryCarts(drafts),
      orders: new InMemoryOrders(drafts, clock),
      users: new InMemoryUsers(drafts),
      addresses: new InMemoryAddresses(drafts),
      sessions: new InMemorySessions(drafts),
      revokedTokens: new InMemoryRevokedTokens(drafts),
      oneTimeTokens: new InMemoryOneTimeTokens(drafts),
      secondFactors: new InMemorySecondFactors(drafts),
      sessionCutoff: new InMemorySessionCutoff(drafts),
      roles: new InMemoryRoles(drafts),
      apiKeys: new InMemoryApiKeys(drafts),
      idempotency: new InMemoryIdempotencyRecords(drafts, clock),
      productImports: new InMemoryProductImports(drafts),
      searchChanges: new InMemorySearchChanges(drafts, clock),
      outbox: new InMemoryOutbox(drafts, ids, clock),
      outboxDelivery: new InMemoryOutboxDelivery(drafts, clock),
      consumedEvents: new InMemoryConsumedEvents(drafts),
      gatewayNotices: new InMemoryGatewayNotices(drafts, clock),
      housekeeping: new InMemoryHousekeeping(drafts, clock),
      audit: new InMemoryAuditTrail(drafts, clock),
    };
  }
}
