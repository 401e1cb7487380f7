import { expect } from 'chai';

import { Database } from '../../../adapters/knex/connection.ts';
import { leftToRotate, rotateKeys } from '../../../adapters/knex/rotate-keys.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import { AesPersonalData } from '../../../adapters/security/aes-personal-data.ts';
import { type PersonalDataCipher, UnreadablePersonalData } from '../../../application/ports/personal-data.ts';
import type { Store } from '../../../application/ports/store.ts';
import { anAddress, NOON } from '../../support/builders.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { addOrder, addProduct, addUser } from '../../support/stocking.ts';
import { refusalOf, rejectionOf } from '../../support/waiting.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';

const OLD = 'o'.repeat(43);
const NEW = 'n'.repeat(43);
const quiet = () => undefined;

const withKeys = (...secrets: [string, ...string[]]): PersonalDataCipher => new AesPersonalData({ secrets });

onEachPostgres('replacing the master key', postgres => {
  let database: KnexDatabase;

  beforeEach(async () => {
    database = await openDatabase(postgres);
  });

  afterEach(() => database.close());

  /** Another process of the shop, with these keys. */
  const shop = (cipher: PersonalDataCipher): Store =>
    createKnexStore(database.another({ pool: { max: 4 } }).knex, { clock: { now: () => NOON }, cipher });

  const rotating = (cipher: PersonalDataCipher, progress: (message: string) => void = quiet) =>
    rotateKeys(new Database(database.another({ pool: { max: 1 } }).knex), cipher, progress);

  /** A customer with an address and an order, and a guest with an order. */
  async function person(store: Store, n: number | string) {
    const run: Store['unitOfWork']['run'] = work => store.unitOfWork.run(work);
    const user = await addUser(run, { email: `ada-${n}@example.com` });
    const address = anAddress(user.snapshot().id);
    await run(({ addresses }) => addresses.save(address));
    const order = await addOrder(run, { userId: user.snapshot().id, email: null });
    const guests = await addOrder(run, { email: `guest-${n}@example.com` });
    return { user: user.snapshot(), address: address.snapshot(), orders: [order.snapshot(), guests.snapshot()] };
  }

  async function requireReadable(store: Store, people: readonly Awaited<ReturnType<typeof person>>[]): Promise<void> {
    for (const { user, address, orders } of people) {
      const found = await store.unitOfWork.run(({ users }) => users.findByEmail(user.email));
      expect(found?.snapshot()).to.deep.equal(user);
      expect(await store.users.addressesOf(user.id)).to.deep.equal([address]);
      for (const order of orders) expect(await store.orders.find(order.id)).to.deep.equal(order);
      const { items } = await store.orders.list({ email: orders[1]!.email! }, { limit: 5 });
      expect(items).to.deep.equal([orders[1]]);
    }
  }

  it('brings everything under the new one, and then the old one can go', async () => {
    const before = shop(withKeys(OLD));
    const people = [await person(before, 1), await person(before, 2)];
    const both = withKeys(NEW, OLD);
    await requireReadable(shop(both), people);
    const looking = new Database(database.knex);
    expect(await leftToRotate(looking, both)).to.deep.equal({ keys: 4, lookups: 4, plain: 0 });
    const said: string[] = [];
    expect(await rotating(both, message => said.push(message))).to.deep.equal({ keys: 0, lookups: 0, plain: 0 });
    expect(said).to.deep.equal([
      'keys wrapped anew: 4',
      'customers made to be found anew: 2',
      'orders made to be found anew: 2',
    ]);
    expect(await rotating(withKeys(NEW), message => said.push(message))).to.deep.equal({
      keys: 0,
      lookups: 0,
      plain: 0,
    });
    expect(said.at(-1)).to.equal('old look-ups removed: 2');
    await requireReadable(shop(withKeys(NEW)), people);
  });

  it('is loud about a key that was taken away too early, and loses nothing', async () => {
    const people = [await person(shop(withKeys(OLD)), 1)];
    const early = shop(withKeys(NEW));
    const reading = early.users.find(people[0]!.user.id);
    expect(await rejectionOf(reading)).to.be.instanceOf(UnreadablePersonalData);
    expect(await rejectionOf(rotating(withKeys(NEW)))).to.be.instanceOf(UnreadablePersonalData);
    await requireReadable(shop(withKeys(OLD)), people);
  });

  it('takes no address twice while some processes begin with the old key and some with the new one', async () => {
    const [before, after] = [shop(withKeys(OLD, NEW)), shop(withKeys(NEW, OLD))];
    const register = (store: Store, n: number) =>
      addUser(work => store.unitOfWork.run(work), { email: `same-${n}@example.com` });
    for (let n = 0; n < 10; n += 1) {
      const results = await Promise.allSettled([register(before, n), register(after, n)]);
      expect(results.map(result => result.status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
    }
    expect((await refusalOf(register(shop(withKeys(NEW)), 1))).code).to.equal('EMAIL_TAKEN');
    expect((await refusalOf(register(shop(withKeys(OLD)), 1))).code).to.equal('EMAIL_TAKEN');
  });

  it('goes on where it was killed', async () => {
    const before = shop(withKeys(OLD));
    const people = [await person(before, 1), await person(before, 2)];
    const both = withKeys(NEW, OLD);
    for (let kills = 0; kills < 3; kills += 1) {
      let said = 0;
      const killed = rotating(both, () => {
        said += 1;
        if (said === 1) throw new Error('killed');
      });
      expect(await rejectionOf(killed)).to.have.property('message', 'killed');
      await requireReadable(shop(both), people);
    }
    expect(await rotating(both)).to.deep.equal({ keys: 0, lookups: 0, plain: 0 });
    await requireReadable(shop(withKeys(NEW)), people);
  });

  it('disturbs nobody who buys, registers, reads or is erased meanwhile', async () => {
    const old = shop(withKeys(OLD, NEW));
    const run: Store['unitOfWork']['run'] = work => old.unitOfWork.run(work);
    const product = await addProduct(run);
    const people: Awaited<ReturnType<typeof person>>[] = [];
    for (let n = 0; n < 40; n += 1) people.push(await person(old, n));
    const both = withKeys(NEW, OLD);
    const stores = [old, shop(both)];
    let over = false;
    let done = 0;
    const errors: unknown[] = [];
    const busy = async (store: Store, who: number): Promise<void> => {
      for (let n = 0; !over || n < 3; n += 1) {
        try {
          const work: Store['unitOfWork']['run'] = given => store.unitOfWork.run(given);
          const guest = await addOrder(work, { product, email: `busy-${who}-${n}@example.com` });
          const user = await addUser(work, { email: `user-${who}-${n}@example.com` });
          const mine = await addOrder(work, { product, userId: user.snapshot().id, email: null });
          await requireReadable(store, [people[(who * 7 + n) % people.length]!]);
          expect((await store.orders.find(guest.snapshot().id))?.email).to.equal(guest.snapshot().email);
          await work(async ({ users }) => users.erase((await users.find(user.snapshot().id))!, NOON));
          expect((await store.orders.find(mine.snapshot().id))?.shippingAddress).to.equal(null);
          done += 1;
        } catch (error) {
          errors.push(error);
        }
      }
    };
    const crowd = [0, 1, 2, 3].map(who => busy(stores[who % 2]!, who));
    for (let n = 0; n < 5; n += 1) await rotating(both);
    over = true;
    await Promise.all(crowd);
    expect(errors).to.deep.equal([]);
    expect(done).to.be.above(11);
    expect(await rotating(both)).to.deep.equal({ keys: 0, lookups: 0, plain: 0 });
    await requireReadable(shop(withKeys(NEW)), people);
  });
});
