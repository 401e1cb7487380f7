import { expect } from 'chai';

import { addProduct, addReservedOrder } from '../support/stocking.ts';
import { pay, pin, take } from '../support/order-steps.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const DAY = 24 * 3600;

const aNotice = (eventId: string) => ({ eventId, type: 'payment_intent.succeeded', ref: null, facts: {} });

export function backlogContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'the backlog', it => {
    it('is nothing in an empty shop', async ({ store }) => {
      expect(await store.ledgers.backlog()).to.deep.equal({
        unsettledOrders: 0,
        oldestUnsettledSeconds: 0,
        unpublishedEvents: 0,
        oldestUnpublishedSeconds: 0,
        unreadNotices: 0,
        oldestUnreadSeconds: 0,
        parked: { orders: 0, events: 0, notices: 0 },
      });
    });

    it('counts what is unsettled, unpublished and unread, and how long it has been', async ({
      run,
      store,
      inspect,
    }) => {
      const product = await addProduct(run);
      const [paid, waiting] = [await addReservedOrder(run, product), await addReservedOrder(run, product)];
      await run(({ gatewayNotices }) => gatewayNotices.add('stripe', aNotice('evt_1')));
      await inspect.age(100);
      await pay(run, paid);
      await inspect.age(100);
      await take(run, waiting, pin);
      await run(({ gatewayNotices }) => gatewayNotices.add('stripe', aNotice('evt_2')));
      const backlog = await store.ledgers.backlog();
      expect(backlog).to.deep.include({ unsettledOrders: 1, unpublishedEvents: 1, unreadNotices: 2 });
      expect(backlog.oldestUnsettledSeconds).to.be.within(200, 260);
      expect(backlog.oldestUnpublishedSeconds).to.be.within(100, 160);
      expect(backlog.oldestUnreadSeconds).to.be.within(200, 260);
    });

    it('leaves out what is done with', async ({ run, store }) => {
      const order = await addReservedOrder(run, await addProduct(run));
      await pay(run, order);
      await run(async ({ outboxDelivery, gatewayNotices }) => {
        const events = await outboxDelivery.claim(100, 0);
        await outboxDelivery.markPublished(events.map(event => event.id));
        await gatewayNotices.add('stripe', aNotice('evt_1'));
        await gatewayNotices.markRead({ gateway: 'stripe', eventId: 'evt_1' });
      });
      expect(await store.ledgers.backlog()).to.deep.include({
        unsettledOrders: 0,
        unpublishedEvents: 0,
        unreadNotices: 0,
      });
    });

    it('counts what waits for a person by itself', async ({ run, store, inspect }) => {
      const order = await addReservedOrder(run, await addProduct(run));
      await run(({ gatewayNotices }) => gatewayNotices.add('stripe', aNotice('evt_1')));
      await take(run, order, (parked, _, act) => parked.park('another amount', act));
      for (let attempts = 0; attempts < 20; attempts += 1)
        await run(({ outboxDelivery }) => outboxDelivery.claim(100, 0));
      await inspect.age(4 * DAY);
      await run(({ gatewayNotices }) => gatewayNotices.claim(100, 0));
      const backlog = await store.ledgers.backlog();
      expect(backlog.parked).to.deep.equal({ orders: 1, events: 1, notices: 1 });
      expect(backlog).to.deep.include({ unsettledOrders: 0, unpublishedEvents: 0, unreadNotices: 0 });
      expect(backlog).to.deep.include({ oldestUnsettledSeconds: 0, oldestUnpublishedSeconds: 0 });
    });
  });
}
