import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart, Order, SavedAddress, SignedIn, User } from './shapes.ts';
import { ADDRESS, fresh } from './shop.ts';

interface AccountExport {
  readonly profile: User;
  readonly addresses: readonly SavedAddress[];
  readonly sessions: readonly { readonly id: string; readonly ended_at: string | null }[];
  readonly cart: Cart | null;
  readonly orders: readonly Order[];
  readonly second_factor: boolean;
  readonly activity: readonly { readonly action: string }[];
}

export const erasingSuite = shopSuite('Personal data', it => {
  it('are told to whom they are about, all in one document', async shop => {
    const { id, email, api } = await shop.account();
    const address = dataOf(await api.post<SavedAddress>('/users/me/addresses', ADDRESS));
    const variantId = await shop.variant();
    const receipt = await bought(api, variantId, { address_id: address.id, shipping_address: undefined });
    await api.post('/carts/me/items', { variant_id: variantId, quantity: 2 });
    const reply = await api.get<AccountExport>('/users/me/export');
    const told = dataOf(reply);
    expect(told.profile).to.include({ id, email, name: 'Ada Customer' });
    expect(told.addresses).to.deep.equal([address]);
    expect(told.orders.map(order => [order.id, order.shipping_address?.['line1']])).to.deep.equal([
      [receipt.order_id, ADDRESS.line1],
    ]);
    expect(told.cart?.items.map(item => item.quantity)).to.deep.equal([2]);
    expect(told.sessions).to.have.length(1);
    expect(told.second_factor).to.equal(false);
    expect(told.activity.map(({ action }) => action)).to.include('sign-in.done');
    expect(reply.text).not.to.include('hash').and.not.include('token');
    expect(reply.headers['cache-control']).to.include('no-store');
  });

  it('are all of more orders than one page holds', async shop => {
    const { api } = await shop.account();
    const variantId = await shop.variant({ stock: 200 });
    for (let n = 0; n < 101; n += 1) await bought(api, variantId);
    expect(dataOf(await api.get<AccountExport>('/users/me/export')).orders).to.have.length(101);
  });

  it('go when their owner says so: nobody can sign in as them any more, on any device', async shop => {
    const account = await shop.account();
    const elsewhere = await shop.signIn(account);
    const refresh = elsewhere.tokens.refresh_token;
    expect(outcome(await account.api.delete('/users/me'))).to.equal('204');
    for (const { api } of [account, elsewhere])
      expect(outcome(await api.get('/users/me'))).to.equal('401 TOKEN_REVOKED');
    const { anonymous } = shop;
    expect(outcome(await anonymous.post('/auth/refresh', { refresh_token: refresh }))).to.equal('401 UNAUTHENTICATED');
    const { email, password } = account;
    const gone = await anonymous.post('/auth/login', { email, password });
    expect(outcome(gone)).to.equal('401 INVALID_CREDENTIALS');
    const admin = await shop.admin();
    const listed = dataOf(await admin.get<User[]>('/admin/users?limit=100'));
    expect(listed.some(user => user.id === account.id || user.email === email)).to.equal(false);
    expect(outcome(await admin.patch(`/admin/users/${account.id}`, { disabled: false }))).to.equal('404 NOT_FOUND');
  });

  it('leave the e-mail address to whoever registers next, who is told nothing of the former', async shop => {
    const { email, password, api } = await shop.account();
    await bought(api, await shop.variant());
    await api.post('/users/me/addresses', ADDRESS);
    await api.delete('/users/me');
    dataOf(await shop.anonymous.post('/auth/register', { email, password, name: 'Eve' }));
    const heir = await shop.signIn({ email, password });
    const told = dataOf(await heir.api.get<AccountExport>('/users/me/export'));
    expect(told).to.deep.include({ addresses: [], orders: [], cart: null });
    const admin = await shop.admin();
    expect(dataOf(await admin.get<Order[]>(`/admin/orders?email=${encodeURIComponent(email)}`))).to.deep.equal([]);
  });

  it('leave the orders as they were, with nobody in them', async shop => {
    const { id, api } = await shop.account();
    const { order_id, total } = await bought(api, await shop.variant());
    await api.delete('/users/me');
    const admin = await shop.admin();
    const order = dataOf(await admin.get<Order>(`/admin/orders/${order_id}`));
    expect(order).to.deep.include({ status: 'PAID', total, user_id: id, email: null, shipping_address: null });
    const cancelled = await admin.post<Order>(
      `/admin/orders/${order_id}/cancel`,
      {},
      { 'Idempotency-Key': fresh('cancel') },
    );
    expect(dataOf(cancelled)).to.deep.include({ status: 'CANCELLED', shipping_address: null });
  });

  it('of an order without an account are shown to staff, who find it by them', async shop => {
    const guest = await shop.guest();
    const email = `${fresh('guest')}@example.com`;
    const { order_id } = await bought(guest, await shop.variant(), { email });
    const admin = await shop.admin();
    const found = dataOf(await admin.get<Order[]>(`/admin/orders?email=${email.toUpperCase()}`));
    expect(found.map(order => [order.id, order.email])).to.deep.equal([[order_id, email]]);
    expect(found[0]!.shipping_address).to.deep.include(ADDRESS);
  });

  it('of the last administrator stay: somebody has to keep the shop', async (_shop, street) => {
    const shop = await street.another({});
    const admin = await shop.admin();
    expect(outcome(await admin.delete('/users/me'))).to.equal('409 LAST_ADMINISTRATOR');
    const second = await shop.account();
    dataOf(await admin.patch(`/admin/users/${second.id}`, { role: 'admin' }));
    expect(outcome(await admin.delete('/users/me'))).to.equal('204');
    const { api } = await shop.signIn(second);
    expect(outcome(await api.delete('/users/me'))).to.equal('409 LAST_ADMINISTRATOR');
  });

  it('of a request that came twice are not told again once they are erased', async shop => {
    const { api, email, password } = await shop.account();
    const key = { 'Idempotency-Key': fresh('address') };
    dataOf(await api.post('/users/me/addresses', ADDRESS, key));
    expect((await api.post('/users/me/addresses', ADDRESS, key)).headers['idempotency-replayed']).to.equal('true');
    await api.delete('/users/me');
    const again = await shop.anonymous.post<SignedIn>('/auth/login', { email, password });
    expect(outcome(again)).to.equal('401 INVALID_CREDENTIALS');
  });
});
