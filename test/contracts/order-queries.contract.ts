import { expect } from 'chai';

import type { OrderCriteria } from '../../application/ports/order-queries.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Order } from '../../domain/ordering/order.ts';
import { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import { actAt, nextId } from '../support/builders.ts';
import { allPages } from '../support/pages.ts';
import { addOrder, addProduct, addUser, addUserId } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const idsOf = (orders: readonly Order[]): OrderId[] => orders.map(order => order.snapshot().id);

const listed = async (store: Store, criteria: OrderCriteria): Promise<OrderId[]> =>
  (await store.orders.list(criteria, { limit: 100 })).items.map(order => order.id);

export function orderQueriesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'order lists', it => {
    it('shows an order to its customer and to staff, and to nobody else', async ({ run, store }) => {
      const userId = await addUserId(run);
      const order = await addOrder(run, { userId });
      const { id } = order.snapshot();
      expect(await store.orders.find(id)).to.deep.equal(order.snapshot());
      expect(await store.orders.find(id, userId)).to.deep.equal(order.snapshot());
      expect(await store.orders.find(id, await addUserId(run))).to.equal(undefined);
      expect(await store.orders.find(OrderId(nextId()))).to.equal(undefined);
      const guestOrder = await addOrder(run);
      expect(await store.orders.find(guestOrder.snapshot().id, userId)).to.equal(undefined);
    });

    it('finds the order of a payment', async ({ run, store }) => {
      await addOrder(run);
      const order = (await addOrder(run)).snapshot();
      expect(await store.orders.findByPayment(order.payment.id)).to.deep.equal(order);
      expect(await store.orders.findByPayment(PaymentId(nextId()))).to.equal(undefined);
    });

    it('lists orders, the newest first and page by page', async ({ run, store }) => {
      const product = await addProduct(run);
      const orders: Order[] = [];
      for (let i = 0; i < 5; i += 1) orders.unshift(await addOrder(run, { product, quantity: i + 1 }, actAt(-i)));
      const walked = await allPages(request => store.orders.list({}, request), 2);
      expect(walked).to.deep.equal(orders.map(order => order.snapshot()));
      const numbered = await store.orders.list({}, { limit: 2, page: 2 });
      expect(numbered.items.map(order => order.id)).to.deep.equal(idsOf(orders).slice(2, 4));
      const last = idsOf(orders)[3]!;
      expect(numbered).to.deep.include({ total: 5, next: { value: last, id: last } });
    });

    it('shows no order twice when new ones come in between two pages', async ({ run, store }) => {
      const product = await addProduct(run);
      const [first, second] = [await addOrder(run, { product }), await addOrder(run, { product })];
      const page = await store.orders.list({}, { limit: 1 });
      await addOrder(run, { product });
      const rest = await store.orders.list({}, { limit: 5, after: page.next! });
      expect(page.items.map(order => order.id)).to.deep.equal(idsOf([second]));
      expect(rest.items.map(order => order.id)).to.deep.equal(idsOf([first]));
    });

    it('lists the orders of one customer', async ({ run, store }) => {
      const [mine, others] = [await addUserId(run), await addUserId(run)];
      const product = await addProduct(run);
      await addOrder(run, { product, userId: others });
      const first = await addOrder(run, { product, userId: mine });
      await addOrder(run, { product });
      const second = await addOrder(run, { product, userId: mine });
      expect(await listed(store, { userId: mine })).to.deep.equal(idsOf([second, first]));
      const counted = await store.orders.list({ userId: mine }, { limit: 1, page: 1 });
      expect(counted.total).to.equal(2);
      expect(await listed(store, { userId: UserId(nextId()) })).to.deep.equal([]);
    });

    it('finds orders by state, and by when they were placed: from included, to not', async ({ run, store }) => {
      const product = await addProduct(run);
      const [early, noon, late] = [
        await addOrder(run, { product }, actAt(-60)),
        await addOrder(run, { product }, actAt(0)),
        await addOrder(run, { product }, actAt(60)),
      ];
      noon.cancel('changed my mind', actAt(120));
      await run(({ orders }) => orders.save(noon));
      expect(await listed(store, { state: 'CANCELLED' })).to.deep.equal(idsOf([noon]));
      expect(await listed(store, { state: 'PENDING' })).to.deep.equal(idsOf([late, early]));
      expect(await listed(store, { from: actAt(0).at })).to.deep.equal(idsOf([late, noon]));
      expect(await listed(store, { to: actAt(0).at })).to.deep.equal(idsOf([early]));
      expect(await listed(store, { from: actAt(-60).at, to: actAt(60).at, state: 'PENDING' })).to.deep.equal(
        idsOf([early]),
      );
    });

    it('finds orders by the e-mail address of the guest or of the account', async ({ run, store }) => {
      const product = await addProduct(run);
      const ada = await addUser(run, { email: 'ada@example.com' });
      const asGuest = await addOrder(run, { product, email: 'ada@example.com' });
      await addOrder(run, { product, email: 'bob@example.com' });
      const withAccount = await addOrder(run, { product, userId: ada.snapshot().id });
      expect(await listed(store, { email: 'ada@example.com' })).to.deep.equal(idsOf([withAccount, asGuest]));
      expect(await listed(store, { email: 'ada@example.co' })).to.deep.equal([]);
    });

    it('finds an order by its number, if the rest is right, too', async ({ run, store }) => {
      const product = await addProduct(run);
      const userId = await addUserId(run);
      const order = await addOrder(run, { product, userId });
      await addOrder(run, { product, userId });
      const { number } = order.snapshot();
      expect(await listed(store, { number })).to.deep.equal(idsOf([order]));
      expect(await listed(store, { number, userId })).to.deep.equal(idsOf([order]));
      expect(await listed(store, { number, state: 'PAID' })).to.deep.equal([]);
      expect(await listed(store, { number: '00000-00000' })).to.deep.equal([]);
    });
  });
}
