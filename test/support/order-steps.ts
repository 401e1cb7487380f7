import type { Collections } from '../../application/ports/unit-of-work.ts';
import type { Order } from '../../domain/ordering/order.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { actAt } from './builders.ts';
import type { Run } from './stocking.ts';

export const idOf = (order: Order): OrderId => order.snapshot().id;

export type Step = (order: Order, collections: Collections, act: Act) => Promise<void> | void;

/** One step in the life of an order, as a use case takes it: the change, the order itself, and what is told of it. */
export const take = (run: Run, order: Order, step: Step): Promise<void> =>
  run(async collections => {
    const current = (await collections.orders.find(idOf(order)))!;
    await step(current, collections, actAt(1));
    await collections.orders.save(current);
    await collections.outbox.add(current.events());
  });

export const pin: Step = async (order, { reservations }, act) => {
  order.authorized(`auth-${idOf(order)}`, act);
  await reservations.pin(idOf(order));
};

export const consume: Step = async (order, { reservations }, act) => {
  order.paid(`capture-${idOf(order)}`, act);
  await reservations.consume(idOf(order));
};

export const expire: Step = async (order, { reservations }, act) => {
  order.expired(act);
  await reservations.release(idOf(order));
};

export const cancelPaid: Step = async (order, { reservations }, act) => {
  order.cancel('changed my mind', act);
  await reservations.restock(idOf(order));
};

export const pay = async (run: Run, order: Order): Promise<void> => {
  await take(run, order, pin);
  await take(run, order, consume);
};
