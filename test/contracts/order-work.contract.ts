import { expect } from 'chai';

import type { DueOrder } from '../../application/ports/orders.ts';
import type { Order } from '../../domain/ordering/order.ts';
import { OrderId, PaymentId } from '../../domain/shared/ids.ts';
import { actAt, nextId, usd } from '../support/builders.ts';
import { addOrder, addProduct, type Run } from '../support/stocking.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const HOUR = 3600;
const ALL = 100;

const idOf = (order: Order): OrderId => order.snapshot().id;

const claimDue = (run: Run, limit = ALL): Promise<readonly DueOrder[]> => run(({ orders }) => orders.claimDue(limit));

const dueIds = async (run: Run, limit = ALL): Promise<OrderId[]> => (await claimDue(run, limit)).map(({ id }) => id);

const change = (run: Run, order: Order, ...steps: readonly ((order: Order) => void)[]): Promise<void> => {
  for (const step of steps) step(order);
  return run(({ orders }) => orders.save(order));
};

const pay = (run: Run, order: Order): Promise<void> =>
  change(
    run,
    order,
    () => order.authorized(`auth-${idOf(order)}`, actAt(1)),
    () => order.paid(`capture-${idOf(order)}`, actAt(2)),
  );

export function orderWorkContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'unsettled orders', it => {
    it('are taken up 20 seconds after they were last saved', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await inspect.age(17);
      expect(await claimDue(run)).to.deep.equal([]);
      await change(run, order, () => order.authorized('auth-1', actAt(1)));
      await inspect.age(17);
      expect(await claimDue(run)).to.deep.equal([]);
      await inspect.age(4);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: false }]);
    });

    it('are left alone for longer after each attempt', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await inspect.age(21);
      for (const wait of [20, 60, 300, 600, 600, 600]) {
        expect(await dueIds(run), `before a wait of ${wait} s`).to.deep.equal([idOf(order)]);
        await inspect.age(wait - 3);
        expect(await dueIds(run), `after ${wait - 3} s`).to.deep.equal([]);
        await inspect.age(wait / 4 + 4);
      }
      await change(run, order, () => order.authorized('auth-1', actAt(1)));
      await inspect.age(21);
      expect(await dueIds(run)).to.deep.equal([idOf(order)]);
      await inspect.age(26);
      expect(await dueIds(run), 'once it has moved on').to.deep.equal([idOf(order)]);
    });

    it('are given to one of five who look at once', async ({ run, inspect }) => {
      const product = await addProduct(run);
      const ids: OrderId[] = [];
      while (ids.length < 5) ids.push(idOf(await addOrder(run, { product })));
      await inspect.age(21);
      const given = await Promise.all(times(5, () => dueIds(run, 3)));
      expect(given.flat().length).to.equal(new Set(given.flat()).size);
      expect([...given.flat(), ...(await dueIds(run))]).to.have.members(ids);
    });

    it('are taken up the most overdue first, and no more than asked for', async ({ run, inspect }) => {
      const product = await addProduct(run);
      const ids: OrderId[] = [];
      while (ids.length < 3) {
        ids.unshift(idOf(await addOrder(run, { product })));
        await inspect.age(2);
      }
      const [third, second, first] = ids;
      await inspect.age(21);
      expect(await dueIds(run, 2)).to.deep.equal([first, second]);
      expect(await dueIds(run, 2)).to.deep.equal([third]);
    });

    it('stay due when whoever took them up came to nothing', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await inspect.age(21);
      await rejectionOf(
        run(async ({ orders }) => {
          await orders.claimDue(ALL);
          throw new Error('no');
        }),
      );
      expect(await dueIds(run)).to.deep.equal([idOf(order)]);
    });

    it('are those whose money is on its way, there or back', async ({ run, inspect }) => {
      const product = await addProduct(run);
      const [expired, capturing, refunding] = [
        await addOrder(run, { product }),
        await addOrder(run, { product }),
        await addOrder(run, { product }),
      ];
      await change(run, expired, () => expired.expired(actAt(1)));
      await change(run, capturing, () => capturing.authorized('auth-1', actAt(1)));
      await pay(run, refunding);
      await change(run, refunding, () => refunding.refund(usd(1), 'a scratch', actAt(3)));
      await inspect.age(21);
      expect(await dueIds(run)).to.have.members([expired, capturing, refunding].map(idOf));
    });

    it('are not those that are settled, nor those that wait for a person', async ({ run, inspect }) => {
      const product = await addProduct(run);
      const [paid, cancelled, parked] = [
        await addOrder(run, { product }),
        await addOrder(run, { product }),
        await addOrder(run, { product }),
      ];
      await pay(run, paid);
      await change(run, cancelled, () => cancelled.declined('no money', actAt(1)));
      await change(run, parked, () => parked.park('another amount', actAt(1)));
      await inspect.age(2 * HOUR);
      expect(await dueIds(run)).to.deep.equal([]);
      await change(run, cancelled, () => cancelled.moneyFound('auth-1', actAt(3)));
      await inspect.age(21);
      expect(await dueIds(run), 'when money is found').to.deep.equal([idOf(cancelled)]);
    });

    it('are stuck after 72 hours, however often they were saved', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await inspect.age(71 * HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: false }]);
      await change(run, order, () => order.authorized('auth-1', actAt(1)));
      await inspect.age(2 * HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: true }]);
    });

    it('are taken up again when a person has looked at them, and have another 72 hours', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await inspect.age(73 * HOUR);
      await change(run, order, () => order.park('unsettled for 72 hours', actAt(1)));
      await inspect.age(9 * HOUR);
      await change(run, order, () => order.resume('mended', actAt(2)));
      await inspect.age(21);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: false }]);
      await inspect.age(71 * HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: false }]);
      await inspect.age(HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: true }]);
    });

    it('are stuck 72 hours after they became unsettled again', async ({ run, inspect }) => {
      const order = await addOrder(run);
      await pay(run, order);
      await inspect.age(80 * HOUR);
      await change(run, order, () => order.refund(usd(1), null, actAt(3)));
      await inspect.age(70 * HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: false }]);
      await inspect.age(3 * HOUR);
      expect(await claimDue(run)).to.deep.equal([{ id: idOf(order), stuck: true }]);
    });
  });

  storeSuite(harness, api, 'orders that were not paid in time', it => {
    it('are found when their hold is over, the oldest first', async ({ run, store, inspect }) => {
      const product = await addProduct(run);
      const orders: Order[] = [];
      for (const holdSeconds of [60, 40, 20, HOUR]) orders.unshift(await addOrder(run, { product, holdSeconds }));
      expect(await store.orderWork.overdue(ALL)).to.deep.equal([]);
      await inspect.age(61);
      const [, ...late] = orders.map(order => ({ id: idOf(order), cartId: order.snapshot().cartId }));
      expect(await store.orderWork.overdue(ALL)).to.deep.equal(late);
      expect(await store.orderWork.overdue(2)).to.deep.equal(late.slice(0, 2));
    });

    it('are also those that wait for a person', async ({ run, store }) => {
      const order = await addOrder(run, { holdSeconds: 0 });
      await change(run, order, () => order.park('another amount', actAt(1)));
      expect(await store.orderWork.overdue(ALL)).to.deep.equal([{ id: idOf(order), cartId: order.snapshot().cartId }]);
      expect((await run(({ orders }) => orders.findOverdue(idOf(order))))?.snapshot()).to.deep.equal(order.snapshot());
    });

    it('are given out one by one, if they still are unpaid', async ({ run, inspect }) => {
      const order = await addOrder(run, { holdSeconds: 20 });
      const findOverdue = (id: OrderId) => run(({ orders }) => orders.findOverdue(id));
      expect(await findOverdue(idOf(order))).to.equal(undefined);
      expect(await findOverdue(OrderId(nextId()))).to.equal(undefined);
      await inspect.age(21);
      expect((await findOverdue(idOf(order)))?.snapshot()).to.deep.equal(order.snapshot());
    });

    it('are not those whose money is being taken, or that came to an end', async ({ run, store }) => {
      const product = await addProduct(run);
      const [capturing, paid, expired, declined] = [
        await addOrder(run, { product, holdSeconds: 0 }),
        await addOrder(run, { product, holdSeconds: 0 }),
        await addOrder(run, { product, holdSeconds: 0 }),
        await addOrder(run, { product, holdSeconds: 0 }),
      ];
      await change(run, capturing, () => capturing.authorized('auth-1', actAt(1)));
      await pay(run, paid);
      await change(run, expired, () => expired.expired(actAt(1)));
      await change(run, declined, () => declined.declined('no money', actAt(1)));
      expect(await store.orderWork.overdue(ALL)).to.deep.equal([]);
      for (const order of [capturing, paid, expired, declined])
        expect(await run(({ orders }) => orders.findOverdue(idOf(order)))).to.equal(undefined);
    });

    it('end once when two end them at once', async ({ run }) => {
      const order = await addOrder(run, { holdSeconds: 0 });
      const expire = (): Promise<boolean> =>
        run(async ({ orders }) => {
          const overdue = await orders.findOverdue(idOf(order));
          overdue?.expired(actAt(1));
          if (overdue) await orders.save(overdue);
          return overdue !== undefined;
        });
      expect(await Promise.all([expire(), expire()])).to.have.members([true, false]);
    });
  });

  storeSuite(harness, api, 'payments', it => {
    it('that no order has are told from those of any order, live or not', async ({ run, store }) => {
      const product = await addProduct(run);
      const orders = [await addOrder(run, { product }), await addOrder(run, { product })];
      await change(run, orders[0]!, () => orders[0]!.declined('no money', actAt(1)));
      const known = orders.map(order => order.snapshot().payment.id);
      const lost = times(3, () => PaymentId(nextId()));
      expect(await store.orderWork.withoutOrder([lost[0]!, ...known, lost[1]!, lost[2]!])).to.have.members(lost);
      expect(await store.orderWork.withoutOrder(known)).to.deep.equal([]);
      expect(await store.orderWork.withoutOrder([])).to.deep.equal([]);
    });
  });

  storeSuite(harness, api, 'orders that were cancelled lately', it => {
    it('are listed in order of id, page by page', async ({ run, store }) => {
      const product = await addProduct(run);
      const orders: Order[] = [];
      while (orders.length < 3) orders.push(await addOrder(run, { product }));
      for (const order of orders.toReversed()) await change(run, order, () => order.declined('no money', actAt(1)));
      const ids = orders.map(idOf);
      expect(await store.orderWork.cancelledSince(HOUR, undefined, 2)).to.deep.equal(ids.slice(0, 2));
      expect(await store.orderWork.cancelledSince(HOUR, ids[1], 2)).to.deep.equal(ids.slice(2));
      expect(await store.orderWork.cancelledSince(HOUR, ids[2], 2)).to.deep.equal([]);
    });

    it('are not those that live, that still hold money, or that ended long ago', async ({ run, store, inspect }) => {
      const product = await addProduct(run);
      const [old, cancelling, paid, ended] = [
        await addOrder(run, { product }),
        await addOrder(run, { product }),
        await addOrder(run, { product }),
        await addOrder(run, { product }),
      ];
      await change(run, old, () => old.declined('no money', actAt(1)));
      await inspect.age(50 * HOUR);
      await change(run, cancelling, () => cancelling.expired(actAt(1)));
      await pay(run, paid);
      await change(
        run,
        ended,
        () => ended.expired(actAt(1)),
        () => ended.released(actAt(2)),
      );
      expect(await store.orderWork.cancelledSince(48 * HOUR, undefined, ALL)).to.deep.equal([idOf(ended)]);
      await inspect.age(47 * HOUR);
      expect(await store.orderWork.cancelledSince(48 * HOUR, undefined, ALL)).to.deep.equal([idOf(ended)]);
      await inspect.age(2 * HOUR);
      expect(await store.orderWork.cancelledSince(48 * HOUR, undefined, ALL)).to.deep.equal([]);
    });
  });
}
