import { expect } from 'chai';
import { type Api, dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import { type Account, fresh, type Shop } from './shop.ts';

interface Role {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly built_in: boolean;
  readonly version: number;
}

/** Somebody with a new role of these permissions. */
async function somebodyWith(shop: Shop, ...permissions: string[]): Promise<Account & { role: string }> {
  const role = fresh('role');
  const admin = await shop.admin();
  dataOf(await admin.post('/admin/roles', { name: role, permissions }));
  return { ...(await withRole(shop, role)), role };
}

async function withRole(shop: Shop, role: string): Promise<Account> {
  const person = await shop.account();
  dataOf(await (await shop.admin()).patch(`/admin/users/${person.id}`, { role }));
  return shop.signIn(person);
}

const rolesSeenBy = async (api: Api) => dataOf(await api.get<Role[]>('/admin/roles'));

export const rolesSuite = shopSuite('A role', it => {
  it('is one of three at first, and can be added, changed and deleted', async shop => {
    const admin = await shop.admin();
    const builtIn = (await rolesSeenBy(admin)).filter(role => role.built_in).map(role => role.name);
    expect(builtIn).to.deep.equal(['admin', 'customer', 'staff']);
    const name = fresh('packer');
    const made = await admin.post<Role>('/admin/roles', { name, permissions: ['orders:read'] });
    expect(outcome(made)).to.equal('201');
    expect(made.body.data).to.deep.equal({ name, permissions: ['orders:read'], built_in: false, version: 1 });
    expect(outcome(await admin.post('/admin/roles', { name, permissions: [] }))).to.equal('409 ROLE_TAKEN');
    const path = `/admin/roles/${name}`;
    const changed = await admin.patch<Role>(path, { permissions: ['orders:read', 'orders:write'] });
    expect(changed.body.data).to.deep.include({ permissions: ['orders:read', 'orders:write'], version: 2 });
    expect(changed.headers.etag).to.equal('"2"');
    expect(outcome(await admin.delete(path, { 'If-Match': '"1"' }))).to.equal('412 PRECONDITION_FAILED');
    expect(outcome(await admin.delete(path))).to.equal('204');
    expect(outcome(await admin.delete(path))).to.equal('404 NOT_FOUND');
    expect((await rolesSeenBy(admin)).map(role => role.name)).not.to.include(name);
  });

  it('permits from the next request on what it was changed to', async shop => {
    const admin = await shop.admin();
    const { api, role } = await somebodyWith(shop, 'orders:read');
    expect(outcome(await api.get('/admin/orders'))).to.equal('200');
    expect(outcome(await api.get('/admin/inventory'))).to.equal('403 FORBIDDEN');
    dataOf(await admin.patch(`/admin/roles/${role}`, { permissions: ['inventory:read'] }));
    expect(outcome(await api.get('/admin/orders'))).to.equal('403 FORBIDDEN');
    expect(outcome(await api.get('/admin/inventory'))).to.equal('200');
  });

  it('shows more of a product from the next request on, or less', async shop => {
    const product = await shop.product();
    const admin = await shop.admin();
    const { api, role } = await somebodyWith(shop, 'products:write');
    const sees = async () => 'admin_data' in dataOf(await api.get<object>(`/products/${product.id}`));
    expect(await sees()).to.equal(true);
    dataOf(await admin.patch(`/admin/roles/${role}`, { permissions: [] }));
    expect(await sees()).to.equal(false);
  });

  it('that somebody has stays, and so do those that the shop needs', async shop => {
    const admin = await shop.admin();
    const { role } = await somebodyWith(shop, 'orders:read');
    expect(outcome(await admin.delete(`/admin/roles/${role}`))).to.equal('409 ROLE_IN_USE');
    for (const name of ['admin', 'customer', 'staff'])
      expect(outcome(await admin.delete(`/admin/roles/${name}`)), name).to.equal('409 ROLE_BUILT_IN');
    for (const name of ['admin', 'customer'])
      expect(outcome(await admin.patch(`/admin/roles/${name}`, { permissions: [] })), name).to.equal(
        '409 ROLE_BUILT_IN',
      );
    const staff = (await rolesSeenBy(admin)).find(({ name }) => name === 'staff')!;
    dataOf(await admin.patch('/admin/roles/staff', { permissions: staff.permissions }));
  });

  it('has a plain name and permissions that exist', async shop => {
    const admin = await shop.admin();
    const tried = async (name: string, permissions: unknown) =>
      outcome(await admin.post('/admin/roles', { name, permissions }));
    for (const name of ['The King', '', 'Staff', 'a/b', '../admin'])
      expect(await tried(name, []), name).to.equal('400 VALIDATION_ERROR');
    for (const wrong of [['moon:walk'], ['orders:read', 'orders:read'], 'orders:read', [null]])
      expect(await tried(fresh('role'), wrong), JSON.stringify(wrong)).to.equal('400 VALIDATION_ERROR');
    const person = await shop.account();
    const unknown = await admin.patch(`/admin/users/${person.id}`, { role: 'nobody-has-this' });
    expect(outcome(unknown)).to.equal('400 VALIDATION_ERROR');
  });
});

const ABOVE = '403 FORBIDDEN';

export const escalationSuite = shopSuite('Nobody comes above their own rights', it => {
  it('by making a role that permits more', async shop => {
    const { api } = await somebodyWith(shop, 'roles:write', 'users:read');
    const more = await api.post('/admin/roles', { name: fresh('more'), permissions: ['users:read', 'users:write'] });
    expect(outcome(more)).to.equal(ABOVE);
    expect(more.body.error.details).to.deep.equal({ permissions: ['users:write'] });
    expect(outcome(await api.post('/admin/roles', { name: fresh('less'), permissions: ['users:read'] }))).to.equal(
      '201',
    );
  });

  it('by changing a role: their own, or one to more, or one from more', async shop => {
    const { api, role } = await somebodyWith(shop, 'roles:write', 'users:read');
    const other = (await somebodyWith(shop, 'users:read')).role;
    const higher = (await somebodyWith(shop, 'users:write')).role;
    const change = async (name: string, ...permissions: string[]) =>
      outcome(await api.patch(`/admin/roles/${name}`, { permissions }));
    expect(await change(role, 'roles:write')).to.equal(ABOVE);
    expect(await change(other, 'users:read', 'users:write')).to.equal(ABOVE);
    expect(await change(higher)).to.equal(ABOVE);
    expect(outcome(await api.delete(`/admin/roles/${higher}`))).to.equal(ABOVE);
    expect(await change('staff', 'orders:read')).to.equal(ABOVE);
    expect(await change(other)).to.equal('200');
  });

  it('by giving somebody a higher role', async shop => {
    const { api } = await somebodyWith(shop, 'users:write', 'users:read');
    const friend = await shop.account();
    for (const role of ['admin', 'staff'])
      expect(outcome(await api.patch(`/admin/users/${friend.id}`, { role })), role).to.equal(ABOVE);
    const equal = (await somebodyWith(shop, 'users:read')).role;
    expect(outcome(await api.patch(`/admin/users/${friend.id}`, { role: equal }))).to.equal('200');
  });

  it('by demoting or locking out somebody higher, or promoting themselves', async shop => {
    const me = await somebodyWith(shop, 'users:write', 'users:read');
    const higher = await withRole(shop, 'admin');
    for (const change of [{ role: 'customer' }, { disabled: true }, { role: 'customer', disabled: true }])
      expect(outcome(await me.api.patch(`/admin/users/${higher.id}`, change)), JSON.stringify(change)).to.equal(ABOVE);
    expect(outcome(await higher.api.get('/admin/users'))).to.equal('200');
    expect(outcome(await me.api.patch(`/admin/users/${me.id}`, { role: 'admin' }))).to.equal(ABOVE);
  });

  it('by signing out somebody higher, or everybody', async shop => {
    const { api } = await somebodyWith(shop, 'users:write');
    const higher = await somebodyWith(shop, 'orders:write');
    expect(outcome(await api.post(`/admin/users/${higher.id}/revoke-sessions`))).to.equal('403 FORBIDDEN');
    expect(outcome(await higher.api.get('/users/me'))).to.equal('200');
    const past = { issued_before: '2020-01-01T00:00:00.000Z' };
    expect(outcome(await api.post('/admin/sessions/revoke', past))).to.equal('403 FORBIDDEN');
  });

  it('by an API key that may do more', async shop => {
    const { api } = await somebodyWith(shop, 'api-keys:write', 'orders:read');
    const key = await api.post('/admin/api-keys', { name: 'more', permissions: ['orders:read', 'orders:write'] });
    expect(outcome(key)).to.equal(ABOVE);
    const narrow = dataOf(
      await (
        await shop.admin()
      ).post<{ secret: string }>('/admin/api-keys', {
        name: 'a key that makes keys',
        permissions: ['api-keys:write'],
      }),
    );
    const machine = shop.holding(narrow.secret);
    const wider = await machine.post('/admin/api-keys', { name: 'wider', permissions: ['users:write'] });
    expect(outcome(wider)).to.equal(ABOVE);
  });

  it('by naming a role at registration or in their profile', async shop => {
    const person = { email: `${fresh('king')}@example.com`, password: 'a-long-enough-one' };
    for (const extra of [{ role: 'admin' }, { permissions: ['users:write'] }, { disabled: false }])
      expect(outcome(await shop.anonymous.post('/auth/register', { ...person, ...extra }))).to.equal(
        '400 VALIDATION_ERROR',
      );
    const customer = await shop.customer();
    expect(outcome(await customer.patch('/users/me', { name: 'Ada', role: 'admin' }))).to.equal('400 VALIDATION_ERROR');
    expect(dataOf(await customer.get<{ role: string }>('/users/me')).role).to.equal('customer');
  });

  it('by a right that was taken away a moment ago', async shop => {
    const admin = await shop.admin();
    const me = await somebodyWith(shop, 'users:write', 'users:read', 'roles:write');
    dataOf(await admin.patch(`/admin/roles/${me.role}`, { permissions: ['roles:write'] }));
    const role = { name: fresh('role'), permissions: ['users:write'] };
    expect(outcome(await me.api.post('/admin/roles', role))).to.equal(ABOVE);
  });
});
