import { expect } from 'chai';

import type { Reservations } from '../../application/ports/reservations.ts';
import type { Product } from '../../domain/catalog/product.ts';
import type { Shortage } from '../../domain/inventory/reservation.ts';
import type { Order } from '../../domain/ordering/order.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { type OrderId, VariantId } from '../../domain/shared/ids.ts';
import { nextId, variantOf } from '../support/builders.ts';
import { addOrder, addProduct, addReservedOrder, reservationLines, type Run } from '../support/stocking.ts';
import { refusalOf, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, type Shop, storeSuite, type SuiteApi } from './suite-api.ts';

type Verb = Exclude<keyof Reservations, 'reserve'>;

const VERBS: readonly Verb[] = ['pin', 'consume', 'release', 'restock'];

/** How an order gets into each state, and which verbs it then allows. */
const STATES: Record<string, { readonly past: readonly Verb[]; readonly legal: readonly Verb[] }> = {
  HELD: { past: [], legal: ['pin', 'release'] },
  PINNED: { past: ['pin'], legal: ['consume', 'release'] },
  CONSUMED: { past: ['pin', 'consume'], legal: ['restock'] },
  RELEASED: { past: ['release'], legal: [] },
  'back on the shelf': { past: ['pin', 'consume', 'restock'], legal: [] },
};

const idOf = (order: Order): OrderId => order.snapshot().id;

const perform = async (run: Run, order: Order, ...verbs: readonly Verb[]): Promise<void> => {
  for (const verb of verbs) await run(({ reservations }) => reservations[verb](idOf(order)));
};

/** Reserves as a checkout does: a shortage abandons the unit of work. */
class Short extends Error {
  readonly lines: readonly Shortage[];

  constructor(lines: readonly Shortage[]) {
    super('short');
    this.lines = lines;
  }
}

const reserveOrGiveUp = (run: Run, order: Order, lines = reservationLines(order)): Promise<void> =>
  run(async ({ reservations }) => {
    const short = await reservations.reserve(idOf(order), lines);
    if (short.length > 0) throw new Short(short);
  });

const shortageOf = async (attempt: Promise<void>): Promise<Short> => {
  const error = await rejectionOf(attempt);
  if (error instanceof Short) return error;
  throw error;
};

const levelOf = async ({ store }: Shop, product: Product) => {
  const { onHand, reserved, available } = (await store.inventory.find(variantOf(product)))!;
  return { onHand, reserved, available };
};

export function reservationsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'reservations', it => {
    it('holds units back without taking them off the shelf', async shop => {
      const product = await addProduct(shop.run, { stock: 10 });
      const order = await addReservedOrder(shop.run, product, 3);
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 10, reserved: 3, available: 7 });
      expect(await shop.inspect.reservations(idOf(order))).to.deep.equal([
        { variantId: variantOf(product), quantity: 3, state: 'HELD' },
      ]);
    });

    it('sells the last unit, and not one more', async shop => {
      const product = await addProduct(shop.run, { stock: 3 });
      const order = await addOrder(shop.run, { product, quantity: 3 });
      const late = await addOrder(shop.run, { product, quantity: 1 });
      await reserveOrGiveUp(shop.run, order);
      const refused = await shortageOf(reserveOrGiveUp(shop.run, late));
      expect(refused.lines).to.deep.equal([{ variantId: variantOf(product), requested: 1, available: 0 }]);
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 3, reserved: 3, available: 0 });
    });

    it('sells the last mug once to twenty racing buyers', async shop => {
      const mug = await addProduct(shop.run, { name: 'Mug', stock: 1 });
      const orders: Order[] = [];
      for (const buyer of times(20, index => index)) {
        orders.push(await addOrder(shop.run, { product: mug, email: `buyer-${buyer}@example.com` }));
      }
      const results = await Promise.allSettled(orders.map(order => reserveOrGiveUp(shop.run, order)));
      expect(results.filter(result => result.status === 'fulfilled')).to.have.length(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).to.be.instanceOf(Short);
      expect(await levelOf(shop, mug)).to.deep.equal({ onHand: 1, reserved: 1, available: 0 });
    });

    it('names every line that is short, and keeps nothing of the others', async shop => {
      const [plenty, few, none] = [
        await addProduct(shop.run, { stock: 10 }),
        await addProduct(shop.run, { stock: 2 }),
        await addProduct(shop.run, { stock: 0 }),
      ];
      const order = await addOrder(shop.run, { product: plenty });
      const lines = [plenty, few, none].map(product => ({ variantId: variantOf(product), quantity: 3 }));
      const refused = await shortageOf(reserveOrGiveUp(shop.run, order, lines));
      expect(refused.lines).to.have.deep.members([
        { variantId: variantOf(few), requested: 3, available: 2 },
        { variantId: variantOf(none), requested: 3, available: 0 },
      ]);
      expect(await levelOf(shop, plenty)).to.deep.equal({ onHand: 10, reserved: 0, available: 10 });
      expect(await shop.inspect.reservations(idOf(order))).to.deep.equal([]);
    });

    it('is short of everything of a variant that it does not know', async shop => {
      const order = await addOrder(shop.run);
      const variantId = VariantId(nextId());
      const refused = await shortageOf(reserveOrGiveUp(shop.run, order, [{ variantId, quantity: 2 }]));
      expect(refused.lines).to.deep.equal([{ variantId, requested: 2, available: 0 }]);
    });

    it('ends all of twenty orders that want the same two things in opposite order', async shop => {
      const [left, right] = [await addProduct(shop.run), await addProduct(shop.run)];
      const both = [left, right].map(product => ({ variantId: variantOf(product), quantity: 1 }));
      const orders: Order[] = [];
      for (const product of times(20, index => (index % 2 ? left : right)))
        orders.push(await addOrder(shop.run, { product }));
      await Promise.all(
        orders.map((order, index) => reserveOrGiveUp(shop.run, order, index % 2 ? both : both.toReversed())),
      );
      for (const product of [left, right])
        expect(await levelOf(shop, product)).to.deep.equal({ onHand: 100, reserved: 20, available: 80 });
    });

    it('takes what is paid for off the shelf, and writes the sale down', async shop => {
      const product = await addProduct(shop.run, { stock: 10 });
      const order = await addReservedOrder(shop.run, product, 3);
      await perform(shop.run, order, 'pin');
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 10, reserved: 3, available: 7 });
      await perform(shop.run, order, 'consume');
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 7, reserved: 0, available: 7 });
      const { items } = await shop.store.inventory.ledger(variantOf(product), { limit: 1 });
      expect(items[0]).to.include({ kind: 'SALE', delta: -3, refType: 'order', refId: idOf(order) });
    });

    it('sells again what was released', async shop => {
      const product = await addProduct(shop.run, { stock: 1 });
      await perform(shop.run, await addReservedOrder(shop.run, product), 'release');
      await perform(shop.run, await addReservedOrder(shop.run, product), 'pin', 'release');
      await perform(shop.run, await addReservedOrder(shop.run, product), 'pin', 'consume');
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 0, reserved: 0, available: 0 });
    });

    it('puts what comes back on the shelf once, and writes the return down', async shop => {
      const product = await addProduct(shop.run, { stock: 10 });
      const order = await addReservedOrder(shop.run, product, 3);
      await perform(shop.run, order, 'pin', 'consume', 'restock');
      const again = await refusalOf(perform(shop.run, order, 'restock'));
      expect(again).to.deep.include({ kind: 'conflict', code: 'INVALID_TRANSITION' });
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 10, reserved: 0, available: 10 });
      const { items } = await shop.store.inventory.ledger(variantOf(product), { limit: 10 });
      expect(items.map(({ kind, delta }) => [kind, delta])).to.deep.equal([
        ['RETURN', 3],
        ['SALE', -3],
        ['RECEIPT', 10],
      ]);
      expect(items[0]).to.include({ refType: 'order', refId: idOf(order) });
    });

    it('puts them back once when two bring them at once, and refuses the other', async shop => {
      const product = await addProduct(shop.run, { stock: 10 });
      const order = await addReservedOrder(shop.run, product, 3);
      await perform(shop.run, order, 'pin', 'consume');
      const results = await Promise.allSettled(times(2, () => perform(shop.run, order, 'restock')));
      const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refusals).to.have.length(1);
      expect(refusals[0]).to.be.instanceOf(DomainError).and.include({ code: 'INVALID_TRANSITION' });
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 10, reserved: 0, available: 10 });
    });

    it('counts up the version of the stock that it changes', async shop => {
      const product = await addProduct(shop.run);
      const versions: number[] = [];
      const look = async (): Promise<void> => {
        versions.push((await shop.store.inventory.find(variantOf(product)))!.version);
      };
      const order = await addReservedOrder(shop.run, product);
      await look();
      for (const verb of ['pin', 'consume', 'restock'] as const) {
        await perform(shop.run, order, verb);
        await look();
      }
      await perform(shop.run, await addReservedOrder(shop.run, product), 'release');
      await look();
      expect(versions).to.deep.equal([2, 2, 3, 4, 6]);
    });

    it('moves all lines of an order together', async shop => {
      const [left, right] = [await addProduct(shop.run), await addProduct(shop.run)];
      const order = await addOrder(shop.run, { product: left });
      const lines = [left, right].map((product, index) => ({ variantId: variantOf(product), quantity: index + 1 }));
      await reserveOrGiveUp(shop.run, order, lines);
      await perform(shop.run, order, 'pin', 'consume');
      expect(await levelOf(shop, left)).to.deep.equal({ onHand: 99, reserved: 0, available: 99 });
      expect(await levelOf(shop, right)).to.deep.equal({ onHand: 98, reserved: 0, available: 98 });
      expect((await shop.inspect.reservations(idOf(order))).map(row => row.state)).to.deep.equal([
        'CONSUMED',
        'CONSUMED',
      ]);
    });

    it('does not reserve for the same order twice', async shop => {
      const product = await addProduct(shop.run);
      const order = await addReservedOrder(shop.run, product);
      expect(await rejectionOf(reserveOrGiveUp(shop.run, order)))
        .to.be.instanceOf(Error)
        .and.not.instanceOf(Short);
      expect((await levelOf(shop, product)).reserved).to.equal(1);
    });

    for (const [state, { past, legal }] of Object.entries(STATES)) {
      it(`allows only ${legal.join(' and ') || 'nothing more'} for units that are ${state}`, async shop => {
        for (const verb of VERBS) {
          const order = await addReservedOrder(shop.run, await addProduct(shop.run));
          await perform(shop.run, order, ...past);
          const attempt = perform(shop.run, order, verb);
          if (legal.includes(verb)) await attempt;
          else expect(await rejectionOf(attempt), verb).to.be.instanceOf(Error);
        }
      });
    }

    it('refuses every verb for an order that reserved nothing', async shop => {
      const order = await addOrder(shop.run);
      for (const verb of VERBS) expect(await rejectionOf(perform(shop.run, order, verb)), verb).to.be.instanceOf(Error);
    });

    it('consumes once when two settle the same order at once', async shop => {
      const product = await addProduct(shop.run, { stock: 10 });
      const order = await addReservedOrder(shop.run, product, 3);
      await perform(shop.run, order, 'pin');
      const results = await Promise.allSettled(times(2, () => perform(shop.run, order, 'consume')));
      expect(results.map(result => result.status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
      expect(await levelOf(shop, product)).to.deep.equal({ onHand: 7, reserved: 0, available: 7 });
    });
  });
}
