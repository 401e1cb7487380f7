import type { IdempotencyClaim, StoredAnswer } from '../../../application/ports/idempotency-records.ts';
import type { Store } from '../../../application/ports/store.ts';
import { canReserve, type ReservationLine } from '../../../domain/inventory/reservation.ts';
import { StockItem } from '../../../domain/inventory/stock-item.ts';
import { OneTimeToken } from '../../../domain/identity/one-time-token.ts';
import { SecondFactor } from '../../../domain/identity/second-factor.ts';
import type { DomainEvent } from '../../../domain/shared/event.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { aMoment } from '../../support/waiting.ts';
import { autocommitting, broken, type BrokenAdapter, overriding, withCollections } from './wrapping.ts';

/** Looks whether there is enough, and takes it a moment later without looking again. */
function reservesInTwoSteps(store: Store): Store {
  const collections = autocommitting(store);
  const changeOnHand = async (lines: readonly ReservationLine[], sign: 1 | -1): Promise<void> => {
    const items = await collections.stock.find(lines.map(line => line.variantId));
    const changed = items.map(item => {
      const { quantity } = lines.find(line => line.variantId === item.snapshot().variantId)!;
      return StockItem.restore({ ...item.snapshot(), onHand: item.snapshot().onHand + sign * quantity });
    });
    await collections.stock.save(changed);
  };
  const reserve = async (orderId: OrderId, lines: readonly ReservationLine[]) => {
    const items = await collections.stock.find(lines.map(line => line.variantId));
    const enough = lines.every((line, index) => items[index] && canReserve(items[index].snapshot(), line.quantity));
    if (!enough) return collections.reservations.reserve(orderId, lines);
    await aMoment();
    await changeOnHand(lines, 1);
    const short = await collections.reservations.reserve(orderId, lines);
    await changeOnHand(lines, -1);
    return short;
  };
  const reservations = overriding(collections.reservations, { reserve });
  return {
    ...store,
    unitOfWork: { run: work => work(overriding(collections, { reservations })) },
  };
}

/** Looks for an open cart, and opens one a moment later without looking again. */
function opensInTwoSteps(store: Store): Store {
  const collections = autocommitting(store);
  const carts = overriding(collections.carts, {
    findOrOpen: async (userId, fresh) => {
      const open = await collections.carts.findOpenOf(userId);
      if (open) return open;
      await aMoment();
      await collections.carts.save(fresh);
      return fresh;
    },
  });
  return { ...store, unitOfWork: { run: work => work(overriding(collections, { carts })) } };
}

const keyOf = ({ owner, key }: IdempotencyClaim): string => `${key}\n${owner}`;

function lastAnswerWins(store: Store): Store {
  const answers = new Map<string, StoredAnswer>();
  return withCollections(store, collections => ({
    ...collections,
    idempotency: overriding(collections.idempotency, {
      claim: async (claim, leaseSeconds) => {
        const found = await collections.idempotency.claim(claim, leaseSeconds);
        return found.kind === 'completed' ? { kind: 'completed', answer: answers.get(keyOf(claim))! } : found;
      },
      complete: async (claim, answer) => {
        await collections.idempotency.complete(claim, answer);
        answers.set(keyOf(claim), answer);
        return answer;
      },
    }),
  }));
}

/** Compares fingerprints only once there is an answer. */
function comparesTooLate(store: Store): Store {
  const completed = new Set<string>();
  return withCollections(store, collections => ({
    ...collections,
    idempotency: overriding(collections.idempotency, {
      claim: async (claim, leaseSeconds) => {
        const found = await collections.idempotency.claim(claim, leaseSeconds);
        return found.kind === 'reused' && !completed.has(keyOf(claim)) ? { kind: 'in-progress' } : found;
      },
      complete: async (claim, answer) => {
        completed.add(keyOf(claim));
        return collections.idempotency.complete(claim, answer);
      },
    }),
  }));
}

const withoutDedupeKey = (event: DomainEvent): DomainEvent => ({ ...event, dedupeKey: undefined });

const ignoresDedupeKeys = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    outbox: { add: events => collections.outbox.add(events.map(withoutDedupeKey)) },
  }));

/** A copied refresh token would go unnoticed. */
const forgetsSpentTokens = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    sessions: overriding(collections.sessions, {
      findByToken: async hash => {
        const session = await collections.sessions.findByToken(hash);
        return session?.snapshot().tokenHash === hash ? session : undefined;
      },
    }),
  }));

/** A customer at the bank could take everything home. */
const countsOnlyTheLastOrder = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    orders: overriding(collections.orders, {
      unpaidOf: async userId => (await collections.orders.unpaidOf(userId)).slice(-1),
    }),
  }));

/** A token from a mail would open the door again. */
const forgetsUsedTokens = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    oneTimeTokens: overriding(collections.oneTimeTokens, {
      save: token => collections.oneTimeTokens.save(OneTimeToken.restore({ ...token.snapshot(), usedAt: null })),
    }),
  }));

/** Whoever reads a code over a shoulder could sign in with it. */
const forgetsTakenCodes = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    secondFactors: overriding(collections.secondFactors, {
      save: async factor => {
        const before = (await collections.secondFactors.find(factor.snapshot().userId))?.snapshot();
        const { lastStep, recoveryHashes } = before?.confirmedAt ? before : factor.snapshot();
        await collections.secondFactors.save(SecondFactor.restore({ ...factor.snapshot(), lastStep, recoveryHashes }));
      },
    }),
  }));

export const BROKEN_COLLECTIONS: readonly BrokenAdapter[] = [
  broken(
    'knows of one unpaid order alone',
    countsOnlyTheLastOrder,
    'names the orders of a customer that hold stock unpaid, the oldest first, and no others',
  ),
  broken(
    'checks stock and takes it in two steps',
    reservesInTwoSteps,
    'sells the last mug once to twenty racing buyers',
  ),
  broken(
    'looks for a cart and opens it in two steps',
    opensInTwoSteps,
    'gives one cart to a customer who asks twenty times at once',
  ),
  broken(
    'keeps the last answer of a key',
    lastAnswerWins,
    'keeps the answer of the first writer, and tells it to every later one',
    'tells one answer to all of ten who complete it at once',
  ),
  broken(
    'compares fingerprints too late',
    comparesTooLate,
    'refuses another request under the same key, while the first is running and after it',
    'refuses another request under the same key even when the lease is over',
  ),
  broken(
    'ignores dedupe keys',
    ignoresDedupeKeys,
    'keeps the first event of a dedupe key and drops later ones silently',
    'keeps one of ten events of one dedupe key that are added at once',
  ),
  broken(
    'forgets spent refresh tokens',
    forgetsSpentTokens,
    'finds a session by its refresh token, also by each that was traded in',
    'trades a refresh token in once, however many present it at once',
  ),
  broken(
    'forgets which tokens were used',
    forgetsUsedTokens,
    'are given back exactly as they were saved, unused and used',
    'are found by user and purpose as long as nobody has used them',
    'serve one of ten who present the same at once',
  ),
  broken('forgets which codes were taken', forgetsTakenCodes, 'take a code of one of ten who send the same at once'),
];
