import { expect } from 'chai';
import type { Knex } from 'knex';

import { Database } from '../../../adapters/knex/connection.ts';
import { countPlain, forgetSamples, sealPlainRows } from '../../../adapters/knex/seal-rows.ts';
import { admitShop } from '../../../adapters/knex/shop-role.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { Order, type OrderSnapshot } from '../../../domain/ordering/order.ts';
import { actAt, anAddress, NOON, POSTAL_ADDRESS, usd } from '../../support/builders.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { addOrder, addUser } from '../../support/stocking.ts';
import { rejectionOf, times } from '../../support/waiting.ts';
import { CIPHER, type KnexDatabase, openDatabase } from './knex-database.ts';

const EMAIL = 'ada@example.com';
const GUEST = 'guest@example.com';
const BODY = '{"data":{"name":"Ada Customer"}}';
const REFUND = 'a scratch, says Ada Customer';
const quiet = () => undefined;

onEachPostgres('rows that an older version left in plain text', postgres => {
  let database: KnexDatabase;

  beforeEach(async () => {
    database = await openDatabase(postgres);
  });

  afterEach(() => database.close());

  /** With all that people write about an order. */
  async function handled(order: Order): Promise<OrderSnapshot> {
    const { id } = order.snapshot();
    order.authorized(`auth-${id}`, actAt(1));
    order.park('another amount', actAt(2));
    order.resume('spoke to Ada Customer', actAt(3));
    order.paid(`capture-${id}`, actAt(4));
    order.refund(usd(1), REFUND, actAt(5));
    const shipped = Order.restore({
      ...order.snapshot(),
      shipment: { carrier: 'Ada Customer’s own', trackingNumber: null },
      cancelReason: 'Ada Customer asked',
    });
    await database.store.unitOfWork.run(({ orders }) => orders.save(shipped));
    return shipped.snapshot();
  }

  /** Customers with an address and an order, and guests' orders, all as an older version wrote them. */
  async function plainShop(customers: number) {
    const { knex, store } = database;
    const run = store.unitOfWork.run.bind(store.unitOfWork);
    const people = [];
    for (let n = 0; n < customers; n += 1) {
      const user = (await addUser(run, { email: `${n}-${EMAIL}` })).snapshot();
      const address = anAddress(user.id, {}, actAt(n)).snapshot();
      const order = await handled(await addOrder(run, { userId: user.id, email: null }));
      const guests = await handled(await addOrder(run, { email: `${n}-${GUEST}` }));
      await knex('users')
        .where('id', user.id)
        .update({ ...NOT_SEALED, email: user.email, name: user.name });
      await knex('addresses').insert(plainAddress(address));
      for (const { id, email, payment, shipment, cancelReason, resumed } of [order, guests]) {
        await knex('refunds').where('payment_id', payment.id).update({ sealed_reason: null, reason: REFUND });
        await knex('orders')
          .where('id', id)
          .update({
            ...NOT_WRITTEN,
            shipment,
            cancel_reason: cancelReason,
            resumed,
            sealed_shipping_address: null,
            sealed_email: null,
            email_index: null,
            email,
            shipping_address: POSTAL_ADDRESS,
          });
      }
      await knex('idempotency_keys').insert(
        [`user:${user.id}`, 'cart:guest'].map(owner => ({ ...ANSWERED, owner, key: `key-${n}` })),
      );
      people.push({ user, address, order, guests });
    }
    await knex('person_keys').delete();
    await knex('user_emails').delete();
    return people;
  }

  it('are sealed, with nothing lost and nothing left', async () => {
    const people = await plainShop(3);
    const { knex } = database.another();
    const reports: string[] = [];
    await sealPlainRows(new Database(knex), CIPHER, message => reports.push(message));
    expect(reports).to.have.length(5);
    const { store } = database.another();
    for (const { user, address, order, guests } of people) {
      expect(await store.users.find(user.id)).to.deep.equal(user);
      expect(await store.users.addressesOf(user.id)).to.deep.equal([address]);
      expect([await store.orders.find(order.id), await store.orders.find(guests.id)]).to.deep.equal([order, guests]);
      const [found] = (await store.orders.list({ email: guests.email! }, { limit: 5 })).items;
      expect(found?.id).to.equal(guests.id);
      const byEmail = await store.unitOfWork.run(({ users }) => users.findByEmail(user.email));
      expect(byEmail?.snapshot()).to.deep.equal(user);
    }
    for (const owner of [`user:${people[1]!.user.id}`, 'cart:guest']) {
      const claim = { owner, key: 'key-1', fingerprint: 'f', requestId: 'r' };
      const answer = await store.unitOfWork.run(({ idempotency }) => idempotency.claim(claim, 60));
      expect(answer).to.deep.equal({ kind: 'completed', answer: { status: 200, body: BODY } });
    }
    expect(await everything(knex)).not.to.match(/ada@|guest@|Harbour|Ada Customer|Lisbon/);
  });

  it('leave no samples behind with the planner', async () => {
    await plainShop(12);
    const { knex } = database;
    await knex.raw('ANALYZE');
    const samples = async (): Promise<string> => JSON.stringify(await knex('pg_stats').where('schemaname', 'public'));
    expect(await samples())
      .to.match(/guest@/)
      .and.match(/a scratch/)
      .and.match(/Harbour/);
    const tables = await sealPlainRows(new Database(knex), CIPHER, quiet);
    expect(tables).to.deep.equal(['users', 'addresses', 'orders', 'refunds', 'idempotency_keys']);
    await forgetSamples(knex, tables);
    expect(await samples()).not.to.match(/ada@|guest@|Harbour|Ada Customer|Lisbon/);
    expect(await sealPlainRows(new Database(knex), CIPHER, quiet)).to.deep.equal([]);
  });

  it('leave it to the owner of the tables to look again, without an error', async () => {
    const { knex } = database;
    await admitShop(knex, { name: 'looks_again' });
    await knex.transaction(async trx => {
      await trx.raw('SET LOCAL ROLE looks_again');
      await forgetSamples(trx, ['users']);
    });
  });

  it('are sealed once by three processes that start together, and by the next after one is killed', async () => {
    const people = await plainShop(5);
    const first = database.another({ pool: { max: 1 } }).knex;
    const killed = sealPlainRows(new Database(first), CIPHER, () => {
      throw new Error('killed');
    });
    expect(await rejectionOf(killed)).to.be.instanceOf(Error);
    const database2 = new Database(database.knex);
    expect(await countPlain(database2)).to.be.above(0);
    await Promise.all(times(3, () => sealPlainRows(new Database(database.another().knex), CIPHER, quiet)));
    expect(await countPlain(database2)).to.equal(0);
    const { store } = database.another();
    for (const { user, order, guests } of people) {
      expect(await store.users.find(user.id)).to.deep.equal(user);
      expect([await store.orders.find(order.id), await store.orders.find(guests.id)]).to.deep.equal([order, guests]);
    }
    expect(await database.knex('person_keys').pluck('person_id')).to.have.length(2 * people.length + 1);
  });

  it('keep of an order what was sealed already, and of a resumption who and when', async () => {
    const [{ order }] = (await plainShop(1)) as [Awaited<ReturnType<typeof plainShop>>[0]];
    await sealPlainRows(new Database(database.knex), CIPHER, quiet);
    await database.knex('orders').where('id', order.id).update({ cancel_reason: 'written by an older version' });
    await sealPlainRows(new Database(database.knex), CIPHER, quiet);
    const found = await database.another().store.orders.find(order.id);
    expect(found).to.deep.equal({ ...order, cancelReason: 'written by an older version' });
    const { resumed }: { resumed: object } = await database.knex('orders').where('id', order.id).first();
    expect(resumed).to.have.all.keys('review', 'at', 'by');
  });

  it('of somebody who was erased meanwhile are sealed for nobody', async () => {
    const [{ user, order }] = (await plainShop(1)) as [Awaited<ReturnType<typeof plainShop>>[0]];
    await sealPlainRows(new Database(database.knex), CIPHER, quiet);
    const store = createKnexStore(database.another().knex, { clock: { now: () => NOON }, cipher: CIPHER });
    await store.unitOfWork.run(async ({ users }) => users.erase((await users.find(user.id))!, NOON));
    await database.knex('orders').where('id', order.id).update({ shipping_address: POSTAL_ADDRESS });
    await sealPlainRows(new Database(database.knex), CIPHER, quiet);
    expect((await store.orders.find(order.id))?.shippingAddress).to.equal(null);
    expect(await everything(database.knex)).not.to.include('Harbour');
    const heir = await addUser(work => store.unitOfWork.run(work), { email: user.email });
    expect(heir.snapshot().email).to.equal(EmailAddress(user.email));
  });
});

const NOT_WRITTEN = { sealed_shipment: null, sealed_cancel_reason: null, sealed_resume_reason: null };

const NOT_SEALED = { sealed_email: null, sealed_name: null };

const ANSWERED = {
  fingerprint: 'f',
  request_id: 'r',
  state: 'COMPLETED',
  locked_until: NOON,
  completed_at: NOON,
  response_code: 200,
  response_body: BODY,
};

const plainAddress = (address: ReturnType<ReturnType<typeof anAddress>['snapshot']>) => ({
  id: address.id,
  user_id: address.userId,
  name: address.name,
  line1: address.line1,
  line2: address.line2,
  city: address.city,
  region: address.region,
  postal_code: address.postalCode,
  country: address.country,
  created_at: address.createdAt,
  updated_at: address.updatedAt,
  version: address.version,
});

/** All rows of all tables, as text. */
async function everything(knex: Knex): Promise<string> {
  const tables: string[] = await knex('pg_tables').where({ schemaname: 'public' }).pluck('tablename');
  const rows = await Promise.all(tables.map(table => knex(table).select()));
  return JSON.stringify(rows);
}
