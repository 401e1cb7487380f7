import { expect } from 'chai';
import type { Knex } from 'knex';

import type { Collections } from '../../../application/ports/unit-of-work.ts';
import type { Order } from '../../../domain/ordering/order.ts';
import { ACT, usd } from '../../support/builders.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { addOrder } from '../../support/stocking.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';
import { whileSomebodyWaits } from './waiting-for-locks.ts';

onEachPostgres('two that refund the same payment at once', postgres => {
  let database: KnexDatabase;

  before(async () => {
    database = await openDatabase(postgres);
  });

  after(() => database.close());

  const run = <Result>(work: (collections: Collections) => Promise<Result>): Promise<Result> =>
    database.store.unitOfWork.run(work);

  /** Of 29.99. */
  async function addPaidOrder(): Promise<Order> {
    const order = await addOrder(run);
    order.authorized(`auth-${order.snapshot().id}`, ACT);
    order.paid(`capture-${order.snapshot().id}`, ACT);
    await run(({ orders }) => orders.save(order));
    return order;
  }

  interface Refund {
    readonly number: number;
    readonly amount: number;
    /** What the payment is told, in SQL. */
    readonly says: string;
  }

  async function writeRefund(trx: Knex, paymentId: string, { number, amount, says }: Refund): Promise<void> {
    const row = { payment_id: paymentId, number, amount, currency: 'USD', state: 'PENDING' };
    await trx('refunds').insert(row);
    await trx.raw(`UPDATE payments SET refunded_amount = ${says} WHERE id = ?`, [paymentId]);
  }

  /** Neither has committed when both write, so neither sees what the other gives back. */
  async function bothAtOnce(first: Refund, second: Refund): Promise<{ error: unknown; stored: unknown }> {
    const paymentId = (await addPaidOrder()).payment.id;
    const { knex } = database;
    const [refused] = await knex.transaction(async one => {
      await writeRefund(one, paymentId, first);
      const other = knex.transaction(trx => writeRefund(trx, paymentId, second));
      const refusal = other.then(
        () => undefined,
        (error: unknown) => error,
      );
      await whileSomebodyWaits(knex);
      return [refusal];
    });
    const error = await refused;
    return { error, stored: await storedOf(database.knex, paymentId) };
  }

  it('give back no more together than was taken', async () => {
    const refund = { amount: 2000, says: 'refunded_amount + 2000' };
    const { error, stored } = await bothAtOnce({ number: 1, ...refund }, { number: 2, ...refund });
    expect(error).to.have.property('constraint', 'payments_refunded_at_most_captured');
    expect(stored).to.deep.equal({ said: 2000, promised: 2000 });
  });

  it('cannot both count from what they saw before', async () => {
    const refund = { amount: 2000, says: '2000' };
    const { error, stored } = await bothAtOnce({ number: 1, ...refund }, { number: 2, ...refund });
    expect(error).to.have.property('constraint', 'payments_refunds_add_up');
    expect(stored).to.deep.equal({ said: 2000, promised: 2000 });
  });

  it('both get through when there is enough', async () => {
    const { error, stored } = await bothAtOnce(
      { number: 1, amount: 1000, says: 'refunded_amount + 1000' },
      { number: 2, amount: 1999, says: 'refunded_amount + 1999' },
    );
    expect(error).to.equal(undefined);
    expect(stored).to.deep.equal({ said: 2999, promised: 2999 });
  });

  it('see each other where the shop refunds', async () => {
    const { id } = (await addPaidOrder()).snapshot();
    const refund = (amount: number): Promise<void> =>
      run(async ({ orders }) => {
        const order = (await orders.find(id))!;
        order.refund(usd(amount), null, ACT);
        await orders.save(order);
      });
    await Promise.all([refund(1000), refund(500), refund(300)]);
    const { payment } = (await database.store.orders.find(id))!;
    expect(payment.refunds.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
    expect(payment.refunds.map(({ amount }) => amount.amount)).to.have.members([1000, 500, 300]);
  });
});

async function storedOf(knex: Knex, paymentId: string): Promise<unknown> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `SELECT refunded_amount AS said, (SELECT SUM(amount)::bigint FROM refunds WHERE payment_id = p.id) AS promised
       FROM payments p WHERE id = ?`,
    [paymentId],
  );
  return rows[0];
}
