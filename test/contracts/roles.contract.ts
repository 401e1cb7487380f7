import { expect } from 'chai';

import { ADMIN, CUSTOMER, PERMISSIONS, type Permission, Role, STAFF } from '../../domain/identity/permissions.ts';
import { BUILT_IN_ROLES, RoleBundle } from '../../domain/identity/role-bundle.ts';
import { UserId } from '../../domain/shared/ids.ts';
import { ACT, actAt, nextId } from '../support/builders.ts';
import { addUser, addUserId, type Run } from '../support/stocking.ts';
import { refusalOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const EVERYTHING = { role: ADMIN, permissions: PERMISSIONS };
const NIGHT = Role('night-shift');

async function addRole(run: Run, permissions: readonly Permission[] = ['orders:read'], name = NIGHT) {
  const role = RoleBundle.create({ name, permissions }, EVERYTHING, { ...ACT, by: await addUserId(run) });
  await run(({ roles }) => roles.add(role));
  return role;
}

export function rolesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'roles', it => {
    it('are three from the start', async ({ store }) => {
      const roles = await store.roles.list();
      const plain = roles.map(({ name, permissions, builtIn, version }) => ({ name, permissions, builtIn, version }));
      expect(plain).to.deep.equal(
        BUILT_IN_ROLES.map(role => ({ ...role, builtIn: true, version: 1 })).toSorted((a, b) =>
          a.name < b.name ? -1 : 1,
        ),
      );
    });

    it('are given back exactly as they were saved', async ({ run, store }) => {
      const role = await addRole(run);
      role.change(['orders:read', 'users:read'], EVERYTHING, actAt(60));
      await run(({ roles }) => roles.save(role));
      const found = await run(({ roles }) => roles.find(NIGHT));
      expect(found?.snapshot()).to.deep.equal(role.snapshot());
      expect((await store.roles.list()).find(({ name }) => name === NIGHT)).to.deep.equal(role.snapshot());
      expect(await run(({ roles }) => roles.find(Role('never-there')))).to.equal(undefined);
    });

    it('have a name that no other role has', async ({ run }) => {
      await addRole(run);
      expect(await refusalOf(addRole(run))).to.include({ code: 'ROLE_TAKEN', kind: 'conflict' });
      const raced = await Promise.allSettled(times(5, () => addRole(run, [], Role('raced'))));
      expect(raced.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    });

    it('are gone when they were removed, unless somebody has them', async ({ run, store }) => {
      const role = await addRole(run);
      await addUser(run, { role: NIGHT });
      const removal = () => run(({ roles }) => roles.remove(role));
      expect(await refusalOf(removal())).to.include({ code: 'ROLE_IN_USE', kind: 'conflict' });
      const idle = await addRole(run, [], Role('idle'));
      await run(({ roles }) => roles.remove(idle));
      expect((await store.roles.list()).map(({ name }) => name)).to.deep.equal(['admin', 'customer', NIGHT, 'staff']);
    });

    it('say what somebody may do at this moment', async ({ run, store }) => {
      const role = await addRole(run);
      const user = await addUser(run, { role: NIGHT });
      const rights = () => store.roles.rightsOf(user.snapshot().id);
      expect(await rights()).to.deep.equal({ role: NIGHT, permissions: ['orders:read'] });
      role.change(['users:read'], EVERYTHING, ACT);
      await run(({ roles }) => roles.save(role));
      expect(await rights()).to.deep.equal({ role: NIGHT, permissions: ['users:read'] });
      user.administer({ role: STAFF }, actAt(1, UserId(nextId())));
      await run(({ users }) => users.save(user));
      expect((await rights())?.role).to.equal(STAFF);
      user.administer({ role: ADMIN }, actAt(2, UserId(nextId())));
      await run(({ users }) => users.save(user));
      expect(await rights()).to.deep.equal(EVERYTHING);
      user.administer({ role: CUSTOMER }, actAt(3, UserId(nextId())));
      await run(({ users }) => users.save(user));
      expect(await rights()).to.deep.equal({ role: CUSTOMER, permissions: [] });
    });

    it('permit nothing to who is disabled or was never there', async ({ run, store }) => {
      const user = await addUser(run, { role: 'admin' });
      user.administer({ disabled: true }, actAt(1, UserId(nextId())));
      await run(({ users }) => users.save(user));
      expect(await store.roles.rightsOf(user.snapshot().id)).to.equal(undefined);
      expect(await store.roles.rightsOf(UserId(nextId()))).to.equal(undefined);
    });
  });
}
