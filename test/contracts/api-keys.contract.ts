import { expect } from 'chai';

import { ApiKey } from '../../domain/identity/api-key.ts';
import { ADMIN, PERMISSIONS, STAFF } from '../../domain/identity/permissions.ts';
import { ApiKeyId, UserId } from '../../domain/shared/ids.ts';
import { actAt, nextId, NOON } from '../support/builders.ts';
import { allPages } from '../support/pages.ts';
import { addUser, addUserId, type Run } from '../support/stocking.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const EVERYTHING = { role: ADMIN, permissions: PERMISSIONS };

async function addKey(run: Run, ownerId: UserId, expiresAt: Date | null = null): Promise<ApiKey> {
  const facts = { name: 'Till “2”', secretHash: 'hash', permissions: ['orders:read', 'users:read'] as const };
  const key = ApiKey.make({ id: ApiKeyId(nextId()), ownerId, ...facts, expiresAt }, EVERYTHING, NOON);
  await run(({ apiKeys }) => apiKeys.save(key));
  return key;
}

export function apiKeysContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'API keys', it => {
    it('are given back exactly as they were saved', async ({ run, store }) => {
      const ownerId = await addUserId(run);
      const key = await addKey(run, ownerId, actAt(3600).at);
      key.use(actAt(1).at);
      key.revoke(ownerId, EVERYTHING, actAt(2).at);
      await run(({ apiKeys }) => apiKeys.save(key));
      const { id } = key.snapshot();
      expect((await run(({ apiKeys }) => apiKeys.find(id)))?.snapshot()).to.deep.equal(key.snapshot());
      expect((await store.apiKeys.find(id))?.key).to.deep.equal(key.snapshot());
      const nobody = ApiKeyId(nextId());
      expect(await run(({ apiKeys }) => apiKeys.find(nobody))).to.equal(undefined);
      expect(await store.apiKeys.find(nobody)).to.equal(undefined);
    });

    it('are found with what their owner may do at this moment', async ({ run, store }) => {
      const owner = await addUser(run, { role: 'admin' });
      const { id } = (await addKey(run, owner.snapshot().id)).snapshot();
      const rights = async () => (await store.apiKeys.find(id))?.owner;
      expect(await rights()).to.deep.equal(EVERYTHING);
      owner.administer({ role: STAFF }, actAt(1, UserId(nextId())));
      await run(({ users }) => users.save(owner));
      expect((await rights())?.role).to.equal(STAFF);
      owner.administer({ disabled: true }, actAt(2, UserId(nextId())));
      await run(({ users }) => users.save(owner));
      expect(await rights()).to.equal(undefined);
    });

    it('know when they were used last, and lose nothing else by it', async ({ run, store }) => {
      const ownerId = await addUserId(run);
      const key = await addKey(run, ownerId);
      const { id } = key.snapshot();
      key.revoke(ownerId, EVERYTHING, actAt(5).at);
      await run(({ apiKeys }) => apiKeys.save(key));
      for (const seconds of [60, 120, 90]) await run(({ apiKeys }) => apiKeys.noteUse(id, actAt(seconds).at));
      await run(({ apiKeys }) => apiKeys.noteUse(ApiKeyId(nextId()), NOON));
      expect((await store.apiKeys.find(id))?.key).to.deep.equal({ ...key.snapshot(), lastUsedAt: actAt(120).at });
    });

    it('are listed, the newest first', async ({ run, store }) => {
      const ownerId = await addUserId(run);
      const ids: ApiKeyId[] = [];
      for (const _ of times(3, index => index)) ids.unshift((await addKey(run, ownerId)).snapshot().id);
      expect((await allPages(request => store.apiKeys.list(request), 2)).map(({ id }) => id)).to.deep.equal(ids);
    });

    it('are told to their owner, the oldest first', async ({ run, store }) => {
      const [ownerId, other] = [await addUserId(run), await addUserId(run)];
      const mine = [await addKey(run, ownerId), await addKey(run, ownerId)];
      await addKey(run, other);
      expect(await store.apiKeys.ofOwner(ownerId)).to.deep.equal(mine.map(key => key.snapshot()));
    });

    it('belong to a user who exists', async ({ run }) => {
      expect(await rejectionOf(addKey(run, UserId(nextId())))).to.be.instanceOf(Error);
    });
  });
}
