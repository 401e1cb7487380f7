import { expect } from 'chai';

import { Order } from '../../domain/ordering/order.ts';
import type { RefundState } from '../../domain/payments/payment.ts';
import { CartId, OrderId, UserId } from '../../domain/shared/ids.ts';
import { actAt, anOrder, aPricedLine, nextId, usd } from '../support/builders.ts';
import { addConvertedCart, addOrder, addProduct, addUserId, type Run } from '../support/stocking.ts';
import { refusalOf, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const STAFF = UserId(nextId());

/** Lives an order through, saving and reading it again after every step. */
const LIVES: Record<string, readonly ((order: Order) => void)[]> = {
  'is delivered': [
    order =>
      order.awaitCustomer({ type: 'redirect', clientSecret: 'cs_1', url: 'https://bank.example.com/1' }, actAt(1)),
    order => order.authorized('auth-1', actAt(2)),
    order => order.paid('capture-1', actAt(3)),
    order => order.ship({ carrier: 'Post', trackingNumber: 'PT-1' }, actAt(4, STAFF)),
    order => order.deliver(actAt(5)),
  ],
  'is declined': [order => order.declined('insufficient funds', actAt(1))],
  'expires after the money was held': [
    order => order.expired(actAt(1)),
    order => order.noteAuthorization('auth-1', actAt(2)),
    order => order.released(actAt(3)),
  ],
  'is paid, refunded in part, cancelled and refunded': [
    order => order.authorized('auth-1', actAt(1)),
    order => order.paid('capture-1', actAt(2)),
    order => order.refund(usd(999), 'a scratch', actAt(3, STAFF)),
    order => order.refundDone(1, actAt(4)),
    order => order.cancel('changed my mind', actAt(5)),
    order => order.refundDone(2, actAt(6)),
    order => order.released(actAt(7)),
  ],
  'is refused a refund': [
    order => order.authorized('auth-1', actAt(1)),
    order => order.paid('capture-1', actAt(2)),
    order => order.refund(undefined, null, actAt(3)),
    order => order.refundRefused(1, 'account_closed', actAt(4)),
  ],
  'was done with before money was found': [
    order => order.expired(actAt(1)),
    order => order.released(actAt(2)),
    order => order.moneyFound('auth-1', actAt(3)),
    order => order.foundCaptured('capture-1', actAt(4)),
    order => order.refundDone(1, actAt(5)),
    order => order.released(actAt(6)),
  ],
  'has to be looked at': [
    order => order.authorized('auth-1', actAt(1)),
    order => order.captureRefused('expired card', actAt(2)),
    order => order.park('captured another amount', actAt(3)),
  ],
  'was looked at': [
    order => order.authorized('auth-1', actAt(1)),
    order => order.park('unsettled for 72 hours', actAt(2)),
    order => order.resume('“mended”', actAt(3, STAFF)),
  ],
};

const find = (run: Run, { id }: { id: OrderId }): Promise<Order | undefined> => run(({ orders }) => orders.find(id));

const liveOrderOf = (run: Run, cartId: CartId): Promise<OrderId | undefined> =>
  run(({ orders }) => orders.findLiveOrderOf(cartId));

export function ordersContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'orders', it => {
    it('names the orders of a customer that hold stock unpaid, the oldest first, and no others', async ({ run }) => {
      const [userId, product] = [await addUserId(run), await addProduct(run)];
      const unpaid = (): Promise<readonly OrderId[]> => run(({ orders }) => orders.unpaidOf(userId));
      expect(await unpaid()).to.deep.equal([]);
      const mine: Order[] = [];
      for (let i = 0; i < 4; i += 1) mine.push(await addOrder(run, { product, userId }));
      await addOrder(run, { product, userId: await addUserId(run) });
      await addOrder(run, { product });
      const ids = mine.map(order => order.snapshot().id);
      expect(await unpaid()).to.deep.equal(ids);
      const [asked, taken, expired] = mine as [Order, Order, Order];
      asked.awaitCustomer({ type: 'redirect', clientSecret: 'cs_1', url: 'https://bank.example.com/1' }, actAt(1));
      taken.authorized('auth-1', actAt(1));
      expired.expired(actAt(1));
      await run(async ({ orders }) => {
        for (const order of [asked, taken, expired]) await orders.save(order);
      });
      expect(await unpaid()).to.deep.equal([ids[0], ids[3]]);
    });

    it('gives back an order exactly as it was added', async ({ run, store }) => {
      const products = [await addProduct(run, { name: 'Rope "Leash"' }), await addProduct(run), await addProduct(run)];
      const userId = await addUserId(run);
      const cart = await addConvertedCart(run, products[0]!, userId);
      const lines = [products[2]!, products[0]!, products[1]!].map((product, index) => aPricedLine(product, index + 1));
      const order = anOrder({ cartId: cart.snapshot().id, userId, email: null, lines }, actAt(0, userId));
      await run(({ orders }) => orders.add(order, 900));
      const found = await find(run, order.snapshot());
      expect(found?.snapshot()).to.deep.equal(order.snapshot());
      expect(found?.events()).to.deep.equal([]);
      expect(found?.snapshot().totals.total.equals(order.snapshot().totals.total)).to.equal(true);
      expect(await store.orders.find(order.snapshot().id)).to.deep.equal(order.snapshot());
    });

    for (const [life, steps] of Object.entries(LIVES)) {
      it(`remembers every step of an order that ${life}`, async ({ run }) => {
        const order = await addOrder(run);
        for (const step of steps) {
          await run(async ({ orders }) => {
            const current = (await orders.find(order.snapshot().id))!;
            step(current);
            await orders.save(current);
          });
          step(order);
          expect((await find(run, order.snapshot()))?.snapshot()).to.deep.equal(order.snapshot());
        }
      });
    }

    it('knows nothing of an order that was never there', async ({ run }) => {
      expect(await find(run, { id: OrderId(nextId()) })).to.equal(undefined);
      expect(await liveOrderOf(run, CartId(nextId()))).to.equal(undefined);
    });

    it('knows which order a cart became, until that is cancelled', async ({ run }) => {
      const order = await addOrder(run);
      const { id, cartId } = order.snapshot();
      expect(await liveOrderOf(run, cartId)).to.equal(id);
      order.cancel('changed my mind', actAt(1));
      await run(({ orders }) => orders.save(order));
      expect(await liveOrderOf(run, cartId)).to.equal(undefined);
    });

    it('turns a cart into one live order', async ({ run }) => {
      const first = await addOrder(run);
      const { id, cartId } = first.snapshot();
      const again = run(({ orders }) => orders.add(anOrder({ cartId }), 900));
      expect(await refusalOf(again)).to.include({ code: 'CART_NOT_OPEN', kind: 'conflict' });
      expect(await liveOrderOf(run, cartId)).to.equal(id);
    });

    it('turns a cart into one live order, even when ten try at once', async ({ run }) => {
      const cart = await addConvertedCart(run, await addProduct(run));
      const racing = times(10, () => anOrder({ cartId: cart.snapshot().id }));
      const results = await Promise.allSettled(racing.map(order => run(({ orders }) => orders.add(order, 900))));
      const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(refusals).to.deep.equal(times(9, () => 'CART_NOT_OPEN'));
    });

    it('turns a cart into another order after the first one was cancelled', async ({ run }) => {
      const first = await addOrder(run);
      const { cartId } = first.snapshot();
      first.declined('no money', actAt(1));
      const second = anOrder({ cartId });
      await run(async ({ orders }) => {
        await orders.save(first);
        await orders.add(second, 900);
      });
      expect(await liveOrderOf(run, cartId)).to.equal(second.snapshot().id);
    });

    it('lets one of two change an order, and the other see it', async ({ run }) => {
      const { id } = (await addOrder(run)).snapshot();
      const cancelOnce = (): Promise<boolean> =>
        run(async ({ orders }) => {
          const order = (await orders.find(id))!;
          if (order.saga !== 'RESERVED') return false;
          order.cancel('changed my mind', actAt(1));
          await orders.save(order);
          return true;
        });
      expect(await Promise.all([cancelOnce(), cancelOnce()])).to.have.members([false, true]);
      expect((await find(run, { id }))?.snapshot().version).to.equal(2);
    });

    it('never promises more back than was paid', async ({ run }) => {
      const order = await addOrder(run);
      order.authorized('auth-1', actAt(1));
      order.paid('capture-1', actAt(2));
      const paid = order.snapshot();
      await run(({ orders }) => orders.save(order));
      const refund = { reason: null, amount: usd(1500) } as const;
      const saveWith = (...states: readonly RefundState[]): Promise<void> => {
        const refunds = states.map((state, index) => ({ ...refund, number: index + 1, state }));
        const payment = { ...paid.payment, refunds };
        return run(({ orders }) => orders.save(Order.restore({ ...paid, payment, version: paid.version + 1 })));
      };
      for (const states of [
        ['PENDING', 'PENDING'],
        ['DONE', 'PENDING'],
        ['DONE', 'DONE'],
      ] as const)
        expect(await rejectionOf(saveWith(...states)), states.join()).to.be.instanceOf(Error);
      expect((await find(run, paid))?.snapshot()).to.deep.equal(paid);
      await saveWith('DONE', 'REFUSED');
      expect((await find(run, paid))?.payment.refunds).to.have.length(2);
    });

    it('needs a cart that exists', async ({ run }) => {
      const stray = run(({ orders }) => orders.add(anOrder({ cartId: CartId(nextId()) }), 900));
      expect(await rejectionOf(stray)).to.be.instanceOf(Error);
    });
  });
}
