import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { expect } from 'chai';

import { connect } from '../../../adapters/knex/connect.ts';
import { admitShop } from '../../../adapters/knex/shop-role.ts';
import { createKnexStore } from '../../../adapters/knex/store.ts';
import type { Store } from '../../../application/ports/store.ts';
import { anAddress, NOON } from '../../support/builders.ts';
import { installedPostgres } from '../../support/local-postgres.ts';
import { onPostgres, servedPostgres } from '../../support/postgres.ts';
import { urlOf } from '../../support/postgres-url.ts';
import { aFolder } from '../../support/shop-process.ts';
import { addOrder, addUser } from '../../support/stocking.ts';
import { PAGES } from '../../docs/pages.ts';
import { CIPHER, openDatabase } from './knex-database.ts';

const SHOP = 'backs_up';

/** The commands of the page that begin like this, line by line. */
function recipe(beginning: string): string {
  const { blocks } = PAGES.find(({ path }) => path === 'docs/how-to/protect-personal-data.md')!;
  const found = blocks.filter(({ language, text }) => language === 'sh' && text.startsWith(beginning));
  expect(found, beginning).to.have.length(1);
  return found[0]!.text;
}

async function person(store: Store, email: string) {
  const run: Store['unitOfWork']['run'] = work => store.unitOfWork.run(work);
  const user = (await addUser(run, { email })).snapshot();
  const address = anAddress(user.id);
  await run(({ addresses }) => addresses.save(address));
  const order = (await addOrder(run, { userId: user.id, email: null })).snapshot();
  return { user, address: address.snapshot(), order };
}

onPostgres(servedPostgres, 'a backup as the page describes it', postgres => {
  const programs = installedPostgres();
  if (!programs) return void it('cannot be tried: pg_dump is not installed');

  it('does not bring back who was erased after it was taken, and brings back everybody else', async function () {
    this.timeout(60_000);
    const database = await openDatabase(postgres);
    const restored = await postgres.database();
    const folder = aFolder();
    const { name } = (await database.knex.select(database.knex.raw('current_database() AS name')).first()) as {
      name: string;
    };
    const { password } = restored.connection;
    // The role of the shop: to back up takes no more than it may.
    await admitShop(database.knex, { name: SHOP, ...(typeof password === 'string' && { password }) });
    const url = urlOf({ ...restored, connection: { ...restored.connection, database: name } }, SHOP);
    const type = (commands: string): void =>
      void execFileSync('bash', ['-ec', commands], {
        cwd: folder.path,
        stdio: 'pipe',
        env: {
          PATH: [programs, process.env['PATH']].join(delimiter),
          DATABASE_URL: url,
          NEW_DATABASE_URL: urlOf(restored),
        },
      });
    const knex = connect({ connection: urlOf(restored) });
    try {
      const { store } = database;
      const ada = await person(store, 'ada@example.com');
      const bob = await person(store, 'bob@example.com');
      type(recipe('pg_dump --format=custom --exclude'));
      await store.unitOfWork.run(async ({ users, addresses }) => {
        await addresses.removeAllOf(ada.user.id);
        await users.erase((await users.find(ada.user.id))!, NOON);
      });
      await person(store, 'carol@example.com');
      type(recipe('pg_dump --format=custom --data-only'));
      type(recipe('pg_restore'));

      const again = createKnexStore(knex, { clock: { now: () => NOON }, cipher: CIPHER });
      expect(await again.users.find(bob.user.id)).to.deep.equal(bob.user);
      expect(await again.users.addressesOf(bob.user.id)).to.deep.equal([bob.address]);
      expect(await again.orders.find(bob.order.id)).to.deep.equal(bob.order);

      expect(await again.users.find(ada.user.id)).to.equal(undefined);
      expect((await again.users.list({ limit: 10 })).items).to.deep.equal([bob.user]);
      expect(await again.users.addressesOf(ada.user.id)).to.deep.equal([]);
      expect(await again.orders.find(ada.order.id)).to.deep.equal({ ...ada.order, shippingAddress: null });
      const keys: { person_id: string; wrapped: string }[] = await knex('person_keys').select('person_id', 'wrapped');
      const [row]: { sealed_email: string }[] = await knex('users').where('id', ada.user.id);
      const place = { table: 'users', column: 'email', row: ada.user.id };
      expect(keys).to.have.length.above(1);
      for (const { person_id: personId, wrapped } of keys)
        expect(() => CIPHER.open({ personId, wrapped }, place, row!.sealed_email)).to.throw('does not open');
      for (const email of ['ada@example.com', 'carol@example.com'])
        expect((await addUser(work => again.unitOfWork.run(work), { email })).snapshot().email).to.equal(email);
    } finally {
      await knex.destroy();
      await database.close();
      await restored.drop();
      folder.remove();
    }
  });
});
