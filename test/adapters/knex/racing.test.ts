import { expect } from 'chai';

import type { Collections } from '../../../application/ports/unit-of-work.ts';
import { ACT, aCart, aSession, aVariant, NOON } from '../../support/builders.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { addOrder, addProduct, addReservedOrder, addUserId, reservationLines } from '../../support/stocking.ts';
import { aGate } from '../../support/waiting.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';
import { whileSomebodyWaits } from './waiting-for-locks.ts';

/** A statement that waits for a lock has looked at everything else before it began to wait. */
onEachPostgres('whoever has waited for a lock', postgres => {
  let database: KnexDatabase;

  before(async () => {
    database = await openDatabase(postgres);
  });

  after(() => database.close());

  const run = <Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> =>
    database.store.unitOfWork.run(work);

  /** Does the first work, keeps its unit of work open until the second one waits for it, and answers the second. */
  async function behind<Result>(
    first: (collections: Collections) => Promise<unknown>,
    second: (collections: Collections) => Promise<Result>,
  ): Promise<Result> {
    const done = aGate();
    const holding = run(async collections => {
      await first(collections);
      done.open();
      await whileSomebodyWaits(database.knex);
    });
    await done.opened;
    const result = await run(second);
    await holding;
    return result;
  }

  it('gets the unit that was given back meanwhile', async () => {
    const product = await addProduct(run, { stock: 1 });
    const holder = await addReservedOrder(run, product);
    const waiting = await addOrder(run, { product });
    const shortages = await behind(
      ({ reservations }) => reservations.release(holder.snapshot().id),
      ({ reservations }) => reservations.reserve(waiting.snapshot().id, reservationLines(waiting)),
    );
    expect(shortages).to.deep.equal([]);
  });

  it('is told how little is left after what was taken meanwhile', async () => {
    const product = await addProduct(run, { stock: 3 });
    const first = await addOrder(run, { product, quantity: 2 });
    const second = await addOrder(run, { product, quantity: 2 });
    const [shortage] = await behind(
      ({ reservations }) => reservations.reserve(first.snapshot().id, reservationLines(first)),
      ({ reservations }) => reservations.reserve(second.snapshot().id, reservationLines(second)),
    );
    expect(shortage).to.include({ requested: 2, available: 1 });
  });

  it('sees the line that was put into the cart meanwhile', async () => {
    const product = await addProduct(run, { variants: [aVariant(), aVariant()] });
    const [one, two] = product.liveVariants();
    const cart = aCart({ lines: [{ variantId: one!.id, quantity: 1 }] });
    const { id } = cart.snapshot();
    await run(({ carts }) => carts.save(cart));
    const found = await behind(
      async ({ carts }) => {
        const mine = (await carts.find(id))!;
        mine.add(two!.id, 3, two!.price, ACT);
        await carts.save(mine);
      },
      ({ carts }) => carts.find(id),
    );
    expect(found!.snapshot().lines.map(line => line.quantity)).to.deep.equal([1, 3]);
  });

  it('sees the payment of the order as it has become meanwhile', async () => {
    const order = await addOrder(run);
    const { id } = order.snapshot();
    const found = await behind(
      async ({ orders }) => {
        const mine = (await orders.find(id))!;
        mine.authorized('auth-1', ACT);
        await orders.save(mine);
      },
      ({ orders }) => orders.find(id),
    );
    expect(found!.snapshot()).to.have.nested.property('payment.authorizationId', 'auth-1');
    expect(found!.saga).to.equal('CAPTURE_PENDING');
  });

  it('sees the refund that was asked for meanwhile', async () => {
    const order = await addOrder(run);
    const { id } = order.snapshot();
    order.authorized('auth-2', ACT);
    order.paid('capture-2', ACT);
    await run(({ orders }) => orders.save(order));
    const found = await behind(
      async ({ orders }) => {
        const mine = (await orders.find(id))!;
        mine.refund(undefined, 'it broke', ACT);
        await orders.save(mine);
      },
      ({ orders }) => orders.find(id),
    );
    expect(found!.payment.refunds.map(refund => refund.reason)).to.deep.equal(['it broke']);
  });

  it('finds the session of a refresh token that was traded in meanwhile', async () => {
    const session = aSession({ userId: await addUserId(run), tokenHash: 'first' });
    await run(({ sessions }) => sessions.save(session));
    const found = await behind(
      async ({ sessions }) => {
        const mine = (await sessions.findByToken('first'))!;
        mine.rotate(
          'first',
          { tokenHash: 'second', accessToken: { issuer: 'pannier', id: 'access', expiresAt: NOON } },
          NOON,
        );
        await sessions.save(mine);
      },
      ({ sessions }) => sessions.findByToken('first'),
    );
    expect(found?.snapshot()).to.include({ tokenHash: 'second' });
    expect(found?.snapshot().spentHashes).to.deep.equal(['first']);
  });
});
