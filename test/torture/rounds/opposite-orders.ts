import { Customer } from '../customer.ts';
import { connectTo } from '../own-postgres.ts';
import type { Round } from '../round.ts';
import { Staff } from '../staff.ts';

const THINGS = 6;
const AT_ONCE = 40;

/** Everybody buys the same things, half of them in the opposite order. */
export const oppositeOrders: Round = {
  name: 'lines in opposite orders',
  run: async ({ stand, journal, scale: { opposite } }) => {
    const { doors } = stand.fleet;
    const staff = await Staff.signIn(doors, journal);
    const things = await staff.stock(THINGS, opposite);
    staff.leave();
    const before = await deadlocks(stand.databaseUrl);
    for (let served = 0; served < opposite; served += AT_ONCE) {
      const customers = Array.from({ length: AT_ONCE }, () => new Customer(doors, journal));
      await Promise.all(
        customers.map((customer, index) => {
          const wanted = index % 2 === 0 ? things : things.toReversed();
          return customer.fill(wanted.map(variantId => ({ variantId, quantity: 1 })));
        }),
      );
      await Promise.all(customers.map(customer => customer.checkOut()));
      for (const customer of customers) customer.leave();
    }
    const paid = journal.count('201 PAID');
    if (paid !== opposite) journal.violated(`Of ${opposite} buyers: ${journal.summary()}`);
    const found = (await deadlocks(stand.databaseUrl)) - before;
    return `${paid} orders of ${THINGS} lines, ${found} deadlocks`;
  },
};

/** As Postgres counts them: those that were solved by trying again are among them. */
async function deadlocks(url: string): Promise<number> {
  const client = await connectTo(url);
  const { rows } = await client.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  await client.end();
  return Number(rows[0]!.deadlocks);
}
