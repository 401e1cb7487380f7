import { expect } from 'chai';

import type { Product } from '../../domain/catalog/product.ts';
import { StockItem, type StockSnapshot } from '../../domain/inventory/stock-item.ts';
import { Order, type OrderSnapshot } from '../../domain/ordering/order.ts';
import { actAt, usd, variantOf } from '../support/builders.ts';
import { cancelPaid, consume, expire, idOf, pay, pin, type Step, take } from '../support/order-steps.ts';
import { addOrder, addProduct, addReservedOrder, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, type Shop, storeSuite, type SuiteApi } from './suite-api.ts';

const DAY = 24 * 3600;

const spoilStock = (run: Run, product: Product, wrong: (right: StockSnapshot) => Partial<StockSnapshot>) =>
  run(async ({ stock }) => {
    const [item] = await stock.find([variantOf(product)]);
    const right = item!.snapshot();
    await stock.save([StockItem.restore({ ...right, ...wrong(right) })]);
  });

const spoilOrder = (run: Run, order: Order, wrong: (right: OrderSnapshot) => Partial<OrderSnapshot>) =>
  run(async ({ orders }) => {
    const right = (await orders.find(idOf(order)))!.snapshot();
    await orders.save(Order.restore({ ...right, version: right.version + 1, ...wrong(right) }));
  });

const unitsOf = (product: Product, quantity: number) => ({ variantId: variantOf(product), quantity });

const paymentOf = (right: OrderSnapshot, facts: Partial<OrderSnapshot['payment']>): Partial<OrderSnapshot> => ({
  payment: { ...right.payment, ...facts },
});

const drifts = async ({ store }: Shop): Promise<[string, string][]> =>
  (await store.ledgers.drift()).map(({ invariant, subject }) => [invariant, subject]);

export function ledgersContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'the books', it => {
    it('add up in an empty shop', async ({ store }) => {
      expect(await store.ledgers.drift()).to.deep.equal([]);
    });

    it('add up whatever becomes of an order, after every step', async shop => {
      const { run } = shop;
      const product = await addProduct(run, { stock: 20 });
      const lives: Record<string, readonly Step[]> = {
        'is delivered': [
          pin,
          consume,
          (order, _, act) => order.ship({ carrier: null, trackingNumber: null }, act),
          (order, _, act) => order.deliver(act),
        ],
        'is declined': [
          async (order, { reservations }, act) => {
            order.declined('no money', act);
            await reservations.release(idOf(order));
          },
        ],
        expires: [expire, (order, _, act) => order.released(act)],
        'is cancelled after it was paid': [
          pin,
          consume,
          cancelPaid,
          (order, _, act) => order.refundDone(1, act),
          (order, _, act) => order.released(act),
        ],
        'is refunded in two parts': [
          pin,
          consume,
          (order, _, act) => order.refund(usd(1), 'a scratch', act),
          (order, _, act) => order.refundDone(1, act),
          (order, _, act) => order.refund(undefined, 'it broke', act),
          (order, _, act) => order.refundDone(2, act),
        ],
        'is refused a refund': [
          pin,
          consume,
          (order, _, act) => order.refund(usd(1), null, act),
          (order, _, act) => order.refundRefused(1, 'account_closed', act),
        ],
        'was captured after all': [
          expire,
          (order, _, act) => order.foundCaptured(`capture-${idOf(order)}`, act),
          (order, _, act) => order.refundDone(1, act),
          (order, _, act) => order.released(act),
        ],
      };
      for (const [life, steps] of Object.entries(lives)) {
        const order = await addReservedOrder(run, product, 2);
        for (const [index, step] of steps.entries()) {
          await take(run, order, step);
          expect(await shop.store.ledgers.drift(), `step ${index + 1} of one that ${life}`).to.deep.equal([]);
        }
      }
    });

    it('tell when more is reserved than orders hold (I2)', async shop => {
      const product = await addProduct(shop.run);
      await addReservedOrder(shop.run, product, 2);
      await spoilStock(shop.run, product, ({ reserved }) => ({ reserved: reserved + 1 }));
      const [drift, ...others] = await shop.store.ledgers.drift();
      expect(drift).to.deep.include({ invariant: 'I2', subject: variantOf(product) });
      expect(Object.values(drift!.facts)).to.include.members([2, 3]);
      expect(others).to.deep.equal([]);
    });

    it('tell when less is reserved than orders hold (I2)', async shop => {
      const product = await addProduct(shop.run);
      await addReservedOrder(shop.run, product, 2);
      await spoilStock(shop.run, product, () => ({ reserved: 0 }));
      expect(await drifts(shop)).to.deep.equal([['I2', variantOf(product)]]);
    });

    it('tell when there is more or less on hand than the ledger says (I3)', async shop => {
      const [more, less] = [await addProduct(shop.run), await addProduct(shop.run)];
      await spoilStock(shop.run, more, ({ onHand }) => ({ onHand: onHand + 1 }));
      await spoilStock(shop.run, less, ({ onHand }) => ({ onHand: onHand - 1 }));
      expect(await drifts(shop)).to.have.deep.members([
        ['I3', variantOf(more)],
        ['I3', variantOf(less)],
      ]);
    });

    it('tell when something is paid that has not left the shop (I6)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await take(shop.run, order, pin);
      await take(shop.run, order, (paid, _, act) => paid.paid('capture-1', act));
      expect(await drifts(shop)).to.deep.equal([['I6', idOf(order)]]);
    });

    it('tell when something is paid whose money was never taken (I6)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await pay(shop.run, order);
      await spoilOrder(shop.run, order, right => paymentOf(right, { state: 'AUTHORIZED' }));
      expect(await drifts(shop)).to.deep.equal([['I6', idOf(order)]]);
    });

    it('tell when less was sold than paid for, or something else (I6)', async shop => {
      const [mug, leash] = [await addProduct(shop.run), await addProduct(shop.run)];
      const [fewer, other] = [
        await addOrder(shop.run, { product: mug, quantity: 2 }),
        await addOrder(shop.run, { product: mug }),
      ];
      await shop.run(({ reservations }) => reservations.reserve(idOf(fewer), [unitsOf(mug, 1)]));
      await shop.run(({ reservations }) => reservations.reserve(idOf(other), [unitsOf(leash, 1)]));
      await pay(shop.run, fewer);
      await pay(shop.run, other);
      expect(await drifts(shop)).to.have.deep.members([
        ['I6', idOf(fewer)],
        ['I6', idOf(other)],
      ]);
    });

    it('tell when something was paid that nobody was told of (I7)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await take(shop.run, order, pin);
      await shop.run(async collections => {
        const current = (await collections.orders.find(idOf(order)))!;
        await consume(current, collections, actAt(2));
        await collections.orders.save(current);
      });
      expect(await drifts(shop)).to.deep.equal([['I7', idOf(order)]]);
    });

    it('tell when somebody was told of a payment that never came (I7)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      const paid = Order.restore(order.snapshot());
      paid.authorized('auth-1', actAt(1));
      paid.paid('capture-1', actAt(2));
      await shop.run(({ outbox }) => outbox.add(paid.events()));
      expect(await drifts(shop)).to.deep.equal([['I7', idOf(order)]]);
    });

    it('do not miss events that were thrown away with age', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await pay(shop.run, order);
      await shop.run(async ({ outboxDelivery }) => {
        const events = await outboxDelivery.claim(100, 0);
        await outboxDelivery.markPublished(events.map(event => event.id));
      });
      await shop.inspect.age(31 * DAY);
      await shop.run(({ housekeeping }) => housekeeping.reap(100));
      expect(await shop.inspect.outbox()).to.deep.equal([]);
      expect(await shop.store.ledgers.drift()).to.deep.equal([]);
    });

    it('tell when money stays with the shop for a cancelled order (I8)', async shop => {
      const product = await addProduct(shop.run);
      const [held, taken] = [await addReservedOrder(shop.run, product), await addReservedOrder(shop.run, product)];
      for (const order of [held, taken]) {
        await take(shop.run, order, expire);
        await take(shop.run, order, (expired, _, act) => expired.released(act));
      }
      await spoilOrder(shop.run, held, right => paymentOf(right, { state: 'AUTHORIZED', authorizationId: 'a-1' }));
      await spoilOrder(shop.run, taken, right =>
        paymentOf(right, { state: 'CAPTURED', authorizationId: 'a-2', captureId: 'c-2' }),
      );
      expect(await drifts(shop)).to.have.deep.members([
        ['I8', idOf(held)],
        ['I8', idOf(taken)],
      ]);
    });

    it('tell when something counts as refunded that never went back (I8)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await pay(shop.run, order);
      await spoilOrder(shop.run, order, right => ({ state: 'REFUNDED', ...paymentOf(right, { state: 'REFUNDED' }) }));
      expect(await drifts(shop)).to.deep.equal([['I8', idOf(order)]]);
    });

    it('tell when the payment is for another amount than the order (I6, I8)', async shop => {
      const order = await addReservedOrder(shop.run, await addProduct(shop.run));
      await pay(shop.run, order);
      await spoilOrder(shop.run, order, right => paymentOf(right, { amount: usd(1) }));
      expect(await drifts(shop)).to.have.deep.members([
        ['I6', idOf(order)],
        ['I8', idOf(order)],
      ]);
    });
  });
}
