import { expect } from 'chai';
import type { Order } from '../../domain/ordering/order.ts';
import { type KnexDatabase, openDatabase } from '../adapters/knex/knex-database.ts';
import { actAt } from '../support/builders.ts';
import { idOf, pay, take } from '../support/order-steps.ts';
import { embeddedPostgres } from '../support/postgres.ts';
import { addProduct, addReservedOrder } from '../support/stocking.ts';
import { PAGES } from './pages.ts';

const statementsOn = (path: string): string[] =>
  PAGES.filter(page => path === page.path)
    .flatMap(({ blocks }) => blocks)
    .filter(({ language }) => language === 'sql')
    .map(({ text }) => text);

describe('The statements on the pages', () => {
  let shop: KnexDatabase;

  before(async () => {
    shop = await openDatabase(embeddedPostgres);
  });

  after(() => shop.close());

  const run: KnexDatabase['store']['unitOfWork']['run'] = work => shop.store.unitOfWork.run(work);

  const aReservedOrder = async (): Promise<Order> => addReservedOrder(run, await addProduct(run));

  /** Types in what the page on workers says, with the number of this order. */
  async function handBack(order: Order): Promise<void> {
    const [statement, ...others] = statementsOn('docs/how-to/run-workers.md').filter(text =>
      text.startsWith('UPDATE orders'),
    );
    expect(others).to.deep.equal([]);
    await shop.knex.raw(statement!.replace('7K3QF-9M2XA', order.snapshot().number));
  }

  const due = async () => (await run(({ orders }) => orders.claimDue(9))).map(({ id }) => id);

  for (const { path } of PAGES)
    for (const statement of statementsOn(path))
      it(`are understood by the database of the shop: ${path}, ${statement.slice(0, 40).split('\n')[0]}…`, () =>
        shop.knex.raw(statement));

  it('hand an order that was put aside back to the workers', async () => {
    const order = await aReservedOrder();
    await take(run, order, current => current.park('unsettled for 72 hours', actAt(1)));
    const { version } = (await shop.store.orders.find(idOf(order)))!;
    expect(await due()).to.deep.equal([]);
    await handBack(order);
    expect(await due()).to.deep.equal([idOf(order)]);
    expect(await shop.store.orders.find(idOf(order))).to.include({ needsReview: null, version: version + 1 });
  });

  it('leave an order alone that has only to be seen', async () => {
    const order = await aReservedOrder();
    await pay(run, order);
    await take(run, order, current => current.refund(undefined, null, actAt(2)));
    await take(run, order, current => current.refundRefused(1, 'expired card', actAt(3)));
    await handBack(order);
    expect(await due()).to.deep.equal([]);
    expect(await shop.store.orders.find(idOf(order))).to.include({ needsReview: null, state: 'PAID' });
  });
});
