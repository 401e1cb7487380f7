import type { Store } from '../../../application/ports/store.ts';
import type { Users } from '../../../application/ports/users.ts';
import { User } from '../../../domain/identity/user.ts';
import { NOON } from '../../support/builders.ts';
import { broken, type BrokenAdapter, overriding, withCollections } from './wrapping.ts';

const withUsers = (store: Store, change: (users: Users) => Partial<Users>): Store =>
  withCollections(store, collections => ({
    ...collections,
    users: overriding(collections.users, change(collections.users)),
  }));

/** Shut out is not forgotten. */
const onlyLocksOut = (store: Store): Store =>
  withUsers(store, users => ({
    erase: user => users.save(User.restore({ ...user.snapshot(), disabled: true, name: null })),
  }));

const remembersWhereOrdersWent = (store: Store): Store => {
  const find = store.orders.find.bind(store.orders);
  const known = new Map<string, Awaited<ReturnType<typeof find>>>();
  return {
    ...store,
    orders: overriding(store.orders, {
      find: async (id, userId) => {
        const order = await find(id, userId);
        if (order?.shippingAddress) known.set(id, order);
        return order && { ...order, shippingAddress: known.get(id)?.shippingAddress ?? SOMEWHERE };
      },
    }),
  };
};

/** As an adapter does that seals addresses only. */
const remembersWhatWasWritten = (store: Store): Store => {
  const find = store.orders.find.bind(store.orders);
  const parcel = { carrier: 'Post', trackingNumber: 'PT-1' };
  return {
    ...store,
    orders: overriding(store.orders, {
      find: async (id, userId) => {
        const order = await find(id, userId);
        return order && { ...order, shipment: ['SHIPPED', 'DELIVERED'].includes(order.state) ? parcel : null };
      },
    }),
  };
};

const SOMEWHERE = { name: '', line1: '', line2: null, city: '', region: null, postalCode: '', country: 'PT' };

const forgetsEverybodysAnswers = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    idempotency: overriding(collections.idempotency, {
      forget: async owner => {
        for (const other of [owner, 'cart:guest']) await collections.idempotency.forget(other);
      },
    }),
  }));

const keepsAddressBooks = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    addresses: overriding(collections.addresses, { removeAllOf: () => Promise.resolve() }),
  }));

const keepsUsedTokens = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    oneTimeTokens: overriding(collections.oneTimeTokens, {
      removeAllOf: async userId => {
        for (const token of await collections.oneTimeTokens.findUnusedOf(userId, 'password-reset')) {
          token.spend(NOON);
          await collections.oneTimeTokens.save(token);
        }
      },
    }),
  }));

export const BROKEN_ERASING: readonly BrokenAdapter[] = [
  broken(
    'only locks out who is to be erased',
    onlyLocksOut,
    'leaves nobody to be found, and nothing in an address book',
    'gives the e-mail address free, and who comes with it next is somebody else',
  ),
  broken(
    'remembers where the orders of an erased customer went',
    remembersWhereOrdersWent,
    'keeps the orders, with everything but where they went',
    'lets orders that are under way go on',
  ),
  broken(
    'remembers what was written about the orders of an erased customer',
    remembersWhatWasWritten,
    'keeps nothing that was written about their orders, and nothing but that is lost',
    'takes what is written about their orders later, and tells nobody',
  ),
  broken(
    'forgets the answers of others along',
    forgetsEverybodysAnswers,
    'drops what an owner was answered, and nothing that is still running or of others',
  ),
  broken(
    'only uses up the tokens that were sent by mail',
    keepsUsedTokens,
    'removes what was sent to somebody by mail, used or not, and nothing of others',
  ),
  broken('keeps address books', keepsAddressBooks, 'leaves nobody to be found, and nothing in an address book'),
];
