import { expect } from 'chai';

import { EmailAddress } from '../../domain/identity/email-address.ts';
import { AddressId, UserId } from '../../domain/shared/ids.ts';
import { ACT, actAt, anAddress, aUser, nextId } from '../support/builders.ts';
import { addUser, addUserId } from '../support/stocking.ts';
import { refusalOf, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { allPages } from '../support/pages.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

export function usersContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'users', it => {
    it('gives back a user exactly as it was saved', async ({ run, store }) => {
      const user = aUser({ name: 'Zoë "Z" O’Neill', role: 'staff' });
      await run(({ users }) => users.save(user));
      user.rename(null, actAt(1, user.snapshot().id));
      user.administer({ disabled: true }, actAt(2, UserId(nextId())));
      user.verifyEmail(actAt(3, user.snapshot().id));
      await run(({ users }) => users.save(user));
      const { id, email } = user.snapshot();
      const found = await run(async ({ users }) => [await users.find(id), await users.findByEmail(email)]);
      expect(found.map(one => one?.snapshot())).to.deep.equal([user.snapshot(), user.snapshot()]);
      expect(await store.users.find(id)).to.deep.equal(user.snapshot());
    });

    it('knows nothing of a user who was never there', async ({ run, store }) => {
      const id = UserId(nextId());
      const email = EmailAddress('nobody@example.com');
      const found = await run(async ({ users }) => [await users.find(id), await users.findByEmail(email)]);
      expect(found).to.deep.equal([undefined, undefined]);
      expect(await store.users.find(id)).to.equal(undefined);
    });

    it('has one account for each e-mail address', async ({ run }) => {
      await addUser(run, { email: 'ada@example.com' });
      const refused = await refusalOf(addUser(run, { email: 'Ada@Example.com' }));
      expect(refused).to.include({ code: 'EMAIL_TAKEN', kind: 'conflict' });
    });

    it('registers an e-mail address once when ten try at once', async ({ run }) => {
      const results = await Promise.allSettled(times(10, () => addUser(run, { email: 'ada@example.com' })));
      const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(refusals).to.deep.equal(times(9, () => 'EMAIL_TAKEN'));
    });

    it('lists users, the newest first', async ({ run, store }) => {
      const ids: UserId[] = [];
      for (const email of ['a@example.com', 'c@example.com', 'b@example.com'])
        ids.unshift((await addUser(run, { email })).snapshot().id);
      const walked = await allPages(request => store.users.list(request), 2);
      expect(walked.map(user => user.id)).to.deep.equal(ids);
      const numbered = await store.users.list({ limit: 2, page: 2 });
      expect(numbered.items.map(user => user.id)).to.deep.equal(ids.slice(2));
      expect(numbered).to.deep.include({ total: 3, next: null });
    });
  });

  storeSuite(harness, api, 'addresses', it => {
    it('gives back an address exactly as it was saved', async ({ run, store }) => {
      const userId = await addUserId(run);
      const address = anAddress(userId, { line2: 'c/o Bob', region: 'Lisboa' });
      await run(({ addresses }) => addresses.save(address));
      address.change({ city: 'Porto', line2: null }, actAt(1, userId));
      await run(({ addresses }) => addresses.save(address));
      const found = await run(({ addresses }) => addresses.find(address.snapshot().id, userId));
      expect(found?.snapshot()).to.deep.equal(address.snapshot());
      expect(await store.users.addressesOf(userId)).to.deep.equal([address.snapshot()]);
    });

    it('shows nobody the address of another customer', async ({ run }) => {
      const address = anAddress(await addUserId(run));
      await run(({ addresses }) => addresses.save(address));
      const stranger = await addUserId(run);
      const found = await run(async ({ addresses }) => [
        await addresses.find(address.snapshot().id, stranger),
        await addresses.find(AddressId(nextId()), stranger),
      ]);
      expect(found).to.deep.equal([undefined, undefined]);
    });

    it('lists and counts the addresses of a customer, the oldest first', async ({ run, store }) => {
      const userId = await addUserId(run);
      const strangersAddress = anAddress(await addUserId(run));
      const made = times(3, index => anAddress(userId, { city: `City ${index}` }, actAt(index)));
      for (const address of [strangersAddress, ...made]) await run(({ addresses }) => addresses.save(address));
      expect(await store.users.addressesOf(userId)).to.deep.equal(made.map(address => address.snapshot()));
      expect(await run(({ addresses }) => addresses.count(userId))).to.equal(3);
    });

    it('forgets an address that was removed', async ({ run, store }) => {
      const userId = await addUserId(run);
      const [kept, gone] = [anAddress(userId), anAddress(userId)];
      for (const address of [kept, gone]) await run(({ addresses }) => addresses.save(address));
      await run(({ addresses }) => addresses.remove(gone));
      const left = await run(async ({ addresses }) => ({
        found: await addresses.find(gone.snapshot().id, userId),
        count: await addresses.count(userId),
      }));
      expect(left).to.deep.equal({ found: undefined, count: 1 });
      expect(await store.users.addressesOf(userId)).to.deep.equal([kept.snapshot()]);
    });

    it('belongs to a customer who exists', async ({ run }) => {
      const stray = run(({ addresses }) => addresses.save(anAddress(UserId(nextId()), {}, ACT)));
      expect(await rejectionOf(stray)).to.be.instanceOf(Error);
    });
  });
}
