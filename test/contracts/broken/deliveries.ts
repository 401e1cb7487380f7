import type { IdempotencyClaim } from '../../../application/ports/idempotency-records.ts';
import type { DueOrder } from '../../../application/ports/orders.ts';
import type { Store } from '../../../application/ports/store.ts';
import type { Order } from '../../../domain/ordering/order.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { broken, type BrokenAdapter, overriding, withCollections } from './wrapping.ts';

/** Leases last as long as the transaction that takes them. */
const leasesNothing = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    outboxDelivery: overriding(collections.outboxDelivery, {
      claim: limit => collections.outboxDelivery.claim(limit, 0),
    }),
  }));

const forgetsToMark = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    outboxDelivery: overriding(collections.outboxDelivery, { markPublished: () => Promise.resolve() }),
  }));

/** Deletes keys by their age alone, as if no order of theirs could still be under way. */
function reapsUnfinished(store: Store): Store {
  const unfinished = new Map<string, IdempotencyClaim>();
  const reaped = new Set<string>();
  return withCollections(store, collections => ({
    ...collections,
    idempotency: overriding(collections.idempotency, {
      claim: (claim, leaseSeconds) => {
        unfinished.set(claim.key, claim);
        const owner = reaped.has(claim.key) ? `${claim.owner} again` : claim.owner;
        return collections.idempotency.claim({ ...claim, owner }, leaseSeconds);
      },
      complete: (claim, answer) => {
        unfinished.delete(claim.key);
        return collections.idempotency.complete(claim, answer);
      },
    }),
    housekeeping: {
      reap: async limit => {
        for (const key of unfinished.keys()) reaped.add(key);
        return collections.housekeeping.reap(limit);
      },
    },
  }));
}

/** Hands an order out, and the next moment again. */
function putsNothingOff(store: Store): Store {
  const due = new Map<OrderId, DueOrder>();
  return withCollections(store, collections => ({
    ...collections,
    orders: overriding(collections.orders, {
      claimDue: async limit => {
        for (const order of await collections.orders.claimDue(limit)) due.set(order.id, order);
        return [...due.values()].slice(0, limit);
      },
    }),
  }));
}

const forgetsWhatWasConsumed = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    consumedEvents: { claim: () => Promise.resolve(true), has: () => Promise.resolve(false) },
  }));

/** Would take the stock from under a payment that is being captured. */
function expiresCaptures(store: Store): Store {
  const capturing = new Map<OrderId, Order>();
  const withOrders = withCollections(store, collections => ({
    ...collections,
    orders: overriding(collections.orders, {
      save: order => {
        capturing.delete(order.snapshot().id);
        if (order.saga === 'CAPTURE_PENDING') capturing.set(order.snapshot().id, order);
        return collections.orders.save(order);
      },
      findOverdue: async id => capturing.get(id) ?? collections.orders.findOverdue(id),
    }),
  }));
  const overdue: Store['orderWork']['overdue'] = async limit => [
    ...(await store.orderWork.overdue(limit)),
    ...[...capturing.values()].map(order => order.snapshot()).map(({ id, cartId }) => ({ id, cartId })),
  ];
  return { ...withOrders, orderWork: overriding(store.orderWork, { overdue }) };
}

/** Tells of nothing that does not add up. */
const neverRecounts = (store: Store): Store => ({
  ...store,
  ledgers: overriding(store.ledgers, { drift: () => Promise.resolve([]) }),
});

const keepsNoticesTwice = (store: Store): Store => {
  let copies = 0;
  return withCollections(store, collections => ({
    ...collections,
    gatewayNotices: overriding(collections.gatewayNotices, {
      add: (gateway, notice) => {
        copies += 1;
        return collections.gatewayNotices.add(gateway, { ...notice, eventId: `${notice.eventId} ${copies}` });
      },
    }),
  }));
};

export const BROKEN_DELIVERIES: readonly BrokenAdapter[] = [
  broken(
    'hands the same event to two relays',
    leasesNothing,
    'hands an event to nobody else while the lease lasts',
    'hands each event to one of five relays that ask at once',
  ),
  broken('forgets what was published', forgetsToMark, 'never hands out again what was published'),
  broken('throws unfinished keys away', reapsUnfinished, 'never forgets a key that is not completed'),
  broken(
    'puts no attempt off',
    putsNothingOff,
    'are left alone for longer after each attempt',
    'are given to one of five who look at once',
  ),
  broken(
    'forgets what was consumed',
    forgetsWhatWasConsumed,
    'are told apart by consumer and by event',
    'are new to one of ten that are told at once',
    'are known to who has had them, and to nobody else',
  ),
  broken(
    'lets an order expire while its money is taken',
    expiresCaptures,
    'are not those whose money is being taken, or that came to an end',
  ),
  broken(
    'never recounts',
    neverRecounts,
    'tell when more is reserved than orders hold (I2)',
    'tell when there is more or less on hand than the ledger says (I3)',
    'tell when something is paid that has not left the shop (I6)',
    'tell when something was paid that nobody was told of (I7)',
    'tell when money stays with the shop for a cancelled order (I8)',
  ),
  broken(
    'keeps a notice as often as it comes',
    keepsNoticesTwice,
    'are kept once, however often they come',
    'are never handed out again once they are read, even if they come again',
  ),
];
