import { expect } from 'chai';
import { embeddedPostgres, onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { Customer } from './customer.ts';
import { Journal } from './journal.ts';
import { connectTo } from './own-postgres.ts';
import { type Scale, SHORT } from './round.ts';
import { oppositeOrders } from './rounds/opposite-orders.ts';
import { lastUnits } from './rounds/rush.ts';
import { sameKey } from './rounds/same-key.ts';
import { Staff } from './staff.ts';
import { Stand } from './stand.ts';
import { torture } from './torture.ts';

/** All of it takes minutes: `npm run torture`. */
const TINY: Scale = { ...SHORT, rushes: 1, buyers: 60, units: 15, opposite: 40, sameKey: 2 };

const postgres = servedPostgres.missing === undefined ? servedPostgres : embeddedPostgres;

onPostgres(postgres, 'A shop of several processes', ({ name, database: make }) => {
  let database: TestDatabase;
  let stand: Stand;

  before(async function () {
    this.timeout(60_000);
    database = await make();
    stand = await Stand.open({ databaseUrl: urlOf(database), apis: 2, workers: 1 });
  });

  after(async () => {
    await stand.close();
    await database.drop();
  });

  it('keeps its promises to a crowd', async function () {
    this.timeout(60_000);
    const server = {
      name,
      url: stand.databaseUrl,
      crash: undefined,
      restart: undefined,
      stop: () => Promise.resolve(),
    };
    const rounds = [lastUnits, oppositeOrders, sameKey];
    for await (const { round, violations } of torture(rounds, { stand, postgres: server, scale: TINY, seed: 1 }))
      expect(violations, round).to.deep.equal([]);
  });

  it('is found out when it does not keep them', async function () {
    this.timeout(60_000);
    const journal = new Journal();
    const staff = await Staff.signIn(stand.fleet.doors, journal);
    const [variantId] = await staff.stock(1, 10);
    staff.leave();
    const customer = new Customer(stand.fleet.doors, journal);
    await customer.fill([{ variantId: variantId!, quantity: 1 }]);
    const { orderId } = await customer.checkOut();
    customer.leave();
    const client = await connectTo(stand.databaseUrl);
    await client.query('UPDATE inventory SET reserved = 1 WHERE variant_id = $1', [variantId]);
    await client.query(`DELETE FROM outbox WHERE dedupe_key = 'paid:' || $1`, [orderId]);
    await client.query(`UPDATE idempotency_keys SET sealed_body = 'v1:another' WHERE order_id = $1`, [orderId]);
    journal.checkedOut({ key: 'never', cartToken: '', status: 201, outcome: 'PAID', text: '', orderId: LOST });
    await stand.examine(journal);
    const found = journal.violations.map(violation => violation.split(/[:,]/)[0]);
    expect(found).to.include.members(['I2', 'I7', 'I9', 'I10', 'drift I2', 'drift I7']);
    await client.end();
  });
});

const LOST = '019cae1f-f000-7000-8000-00000000dead';
