import { expect } from 'chai';

import { createInMemoryStore } from '../../../adapters/in-memory/store.ts';
import { NOON, variantOf } from '../../support/builders.ts';
import { addOrder, addProduct } from '../../support/stocking.ts';

/** A store, and a product of which there are ten; everything in its tables can be spoilt. */
async function aStore() {
  const store = createInMemoryStore({ clock: { now: () => NOON } });
  const run: (typeof store)['unitOfWork']['run'] = work => store.unitOfWork.run(work);
  const product = await addProduct(run, { stock: 10 });
  const drifts = async () => (await store.ledgers.drift()).map(({ invariant, subject }) => [invariant, subject]);
  return { store, run, product, drifts };
}

/** What databases refuse to store, and no rule of the tables in memory does. */
describe('the books in memory', () => {
  for (const [what, wrong] of [
    ['less than nothing is on hand', { onHand: -1, reserved: -2 }],
    ['less than nothing is reserved', { onHand: 10, reserved: -1 }],
    ['more is reserved than there is', { onHand: 10, reserved: 11 }],
  ] as const)
    it(`tell when ${what} (I1)`, async () => {
      const { store, product, drifts } = await aStore();
      const subject = variantOf(product);
      store.tables.stock.apply(new Map([[subject, { ...store.tables.stock.get(subject)!, ...wrong }]]));
      expect(await drifts()).to.deep.include(['I1', subject]);
    });

  it('tell when a cart became two live orders (I4)', async () => {
    const { store, run, product, drifts } = await aStore();
    const [one, other] = [await addOrder(run, { product }), await addOrder(run, { product })];
    const { id } = other.snapshot();
    const { cartId } = one.snapshot();
    const row = store.tables.orders.get(id)!;
    store.tables.orders.apply(new Map([[id, { ...row, order: { ...row.order, cartId } }]]));
    expect(await drifts()).to.deep.equal([['I4', cartId]]);
  });
});
