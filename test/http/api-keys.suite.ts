import { expect } from 'chai';
import { type Api, dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import { ADDRESS, fresh, type Shop } from './shop.ts';

interface ApiKey {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

type NewApiKey = ApiKey & { readonly secret: string };

const makeKey = async (owner: Api, permissions: readonly string[], more: object = {}): Promise<NewApiKey> =>
  dataOf(await owner.post<NewApiKey>('/admin/api-keys', { name: fresh('key'), permissions, ...more }));

const keysSeenBy = async (api: Api) => dataOf(await api.get<ApiKey[]>('/admin/api-keys?limit=100'));

async function newAdmin(shop: Shop) {
  const person = await shop.account();
  dataOf(await (await shop.admin()).patch(`/admin/users/${person.id}`, { role: 'admin' }));
  return shop.signIn(person);
}

const DEAD = '401 UNAUTHENTICATED';

export const apiKeysSuite = shopSuite('An API key', it => {
  it('is made with a secret that is shown once, and listed without it', async shop => {
    const admin = await shop.admin();
    const key = await makeKey(admin, ['orders:read'], { expires_at: '2099-01-01T00:00:00.000Z' });
    expect(key.secret).to.match(/^pnr_[0-9a-f]{32}_[\w-]{43}$/);
    const listed = (await keysSeenBy(admin)).find(({ id }) => id === key.id)!;
    const { secret, ...shown } = key;
    expect(listed).to.deep.equal(shown);
    expect(JSON.stringify(await keysSeenBy(admin))).not.to.include(secret.slice(-43));
  });

  it('is not remembered under an Idempotency-Key, because its answer holds a secret', async shop => {
    const admin = (await shop.admin()).with({ 'Idempotency-Key': fresh('key') });
    const [one, other] = [await makeKey(admin, ['orders:read']), await makeKey(admin, ['orders:read'])];
    expect(one.secret).not.to.equal(other.secret);
  });

  it('opens what it was made for, and what is public, and nothing else', async shop => {
    const { secret } = await makeKey(await shop.admin(), ['orders:read']);
    const machine = shop.holding(secret);
    expect(outcome(await machine.get('/admin/orders'))).to.equal('200');
    expect(outcome(await machine.get('/products'))).to.equal('200');
    for (const path of ['/admin/inventory', '/admin/users', '/admin/api-keys', '/users/me', '/orders', '/carts/me'])
      expect(outcome(await machine.get(path)), path).to.equal('403 FORBIDDEN');
    expect(outcome(await machine.post('/users/me/addresses', ADDRESS))).to.equal('403 FORBIDDEN');
    expect(outcome(await machine.post('/auth/logout'))).to.equal('403 FORBIDDEN');
  });

  it('acts in the name of its owner, with idempotency keys of its own', async shop => {
    const owner = await newAdmin(shop);
    const { secret } = await makeKey(owner.api, ['products:write', 'users:read']);
    const machine = shop.holding(secret);
    const key = { 'Idempotency-Key': fresh('category') };
    const body = { name: fresh('Shelf') };
    const made = await machine.post<{ id: string }>('/categories', body, key);
    const again = await machine.post<{ id: string }>('/categories', body, key);
    expect(again.headers['idempotency-replayed']).to.equal('true');
    expect(again.text).to.equal(made.text);
    expect(outcome(await owner.api.post('/categories', { name: fresh('Shelf') }, key))).to.equal('201');
    expect((await keysSeenBy(owner.api)).find(({ id }) => secret.includes(id.replaceAll('-', '')))!.user_id).to.equal(
      owner.id,
    );
  });

  it('tells when it was used last, to the minute', async shop => {
    const admin = await shop.admin();
    const { id, secret } = await makeKey(admin, ['orders:read']);
    const lastUse = async () => (await keysSeenBy(admin)).find(key => key.id === id)!.last_used_at;
    expect(await lastUse()).to.equal(null);
    await shop.holding(secret).get('/admin/orders');
    const first = await lastUse();
    expect(Date.now() - Date.parse(first!)).to.be.within(-1000, 60_000);
    await shop.holding(secret).get('/admin/orders');
    expect(await lastUse()).to.equal(first);
  });

  it('is dead when it was revoked, from its next request on', async shop => {
    const admin = await shop.admin();
    const { id, secret } = await makeKey(admin, ['orders:read']);
    expect(outcome(await admin.delete(`/admin/api-keys/${id}`))).to.equal('204');
    for (const path of ['/admin/orders', '/products'])
      expect(outcome(await shop.holding(secret).get(path))).to.equal(DEAD);
    expect(outcome(await admin.delete(`/admin/api-keys/${id}`))).to.equal('404 NOT_FOUND');
    expect((await keysSeenBy(admin)).find(key => key.id === id)!.revoked_at).to.be.a('string');
  });

  it('may do no more than its owner, and nothing when the owner is locked out', async shop => {
    const admin = await shop.admin();
    const owner = await newAdmin(shop);
    const machine = shop.holding((await makeKey(owner.api, ['orders:read', 'users:read'])).secret);
    expect(outcome(await machine.get('/admin/users'))).to.equal('200');
    dataOf(await admin.patch(`/admin/users/${owner.id}`, { role: 'staff' }));
    expect(outcome(await machine.get('/admin/users'))).to.equal('403 FORBIDDEN');
    expect(outcome(await machine.get('/admin/orders'))).to.equal('200');
    dataOf(await admin.patch(`/admin/users/${owner.id}`, { role: 'customer' }));
    expect(outcome(await machine.get('/admin/orders'))).to.equal('403 FORBIDDEN');
    dataOf(await admin.patch(`/admin/users/${owner.id}`, { role: 'admin', disabled: true }));
    expect(outcome(await machine.get('/admin/orders'))).to.equal(DEAD);
    dataOf(await admin.patch(`/admin/users/${owner.id}`, { disabled: false }));
    expect(outcome(await machine.get('/admin/users'))).to.equal('200');
  });

  it('is over at its end', async (_, street) => {
    let ahead = 0;
    const clock = { now: () => new Date(Date.now() + ahead) };
    const shop = await street.another({ overrides: { clock } });
    const expires = new Date(Date.now() + 3600_000).toISOString();
    const { secret } = await makeKey(await shop.admin(), ['orders:read'], { expires_at: expires });
    expect(outcome(await shop.holding(secret).get('/admin/orders'))).to.equal('200');
    ahead = 3600_000;
    expect(outcome(await shop.holding(secret).get('/admin/orders'))).to.equal(DEAD);
  });

  it('is refused when it is not one of ours, or nearly', async shop => {
    const { secret } = await makeKey(await shop.admin(), ['orders:read']);
    const [prefix, id, rest] = [secret.slice(0, 4), secret.slice(4, 36), secret.slice(37)];
    const other = rest.startsWith('A') ? `B${rest.slice(1)}` : `A${rest.slice(1)}`;
    for (const wrong of [
      `${prefix}${id}_${other}`,
      `${prefix}${id}_${rest}x`,
      `${prefix}${id}_${rest.slice(0, -1)}`,
      `${prefix}${'0'.repeat(32)}_${rest}`,
      `${prefix}${id}`,
      `${prefix}_`,
      `xxx_${id}_${rest}`,
      rest,
    ])
      for (const path of ['/admin/orders', '/products'])
        expect(outcome(await shop.holding(wrong).get(path)), `${path} ${wrong}`).to.equal(DEAD);
  });

  it('needs a name, and permissions that exist', async shop => {
    const admin = await shop.admin();
    for (const wrong of [
      { permissions: ['orders:read'] },
      { name: '', permissions: ['orders:read'] },
      { name: 'till' },
      { name: 'till', permissions: [] },
      { name: 'till', permissions: ['moon:walk'] },
      { name: 'till', permissions: ['orders:read'], expires_at: 'tomorrow' },
      { name: 'till', permissions: ['orders:read'], expires_at: '2020-01-01T00:00:00.000Z' },
    ])
      expect(outcome(await admin.post('/admin/api-keys', wrong)), JSON.stringify(wrong)).to.equal(
        '400 VALIDATION_ERROR',
      );
  });

  it('of somebody higher is not revoked by somebody lower', async shop => {
    const admin = await shop.admin();
    const { id } = await makeKey(admin, ['users:write']);
    const lower = await shop.account();
    const role = fresh('keeper');
    dataOf(await admin.post('/admin/roles', { name: role, permissions: ['api-keys:write'] }));
    dataOf(await admin.patch(`/admin/users/${lower.id}`, { role }));
    const { api } = await shop.signIn(lower);
    expect(outcome(await api.delete(`/admin/api-keys/${id}`))).to.equal('403 FORBIDDEN');
    const own = await makeKey(api, ['api-keys:write']);
    expect(outcome(await api.delete(`/admin/api-keys/${own.id}`))).to.equal('204');
  });
});
