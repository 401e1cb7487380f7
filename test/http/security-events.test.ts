import { expect } from 'chai';
import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { type AuditEntry, readEntry } from '../../application/audit/sealed-entry.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import { STORE } from '../../config/tokens.ts';
import { dataOf, outcome } from './api.ts';
import type { SignedIn, User } from './shapes.ts';
import { fresh, Shop } from './shop.ts';

describe('What matters to who may do what', () => {
  const store = createInMemoryStore({ clock: new SystemClock() });
  let shop: Shop;

  before(async () => {
    const bindings = (container: Shop['app']['container']) => void container.rebind(STORE).toConstantValue(store);
    shop = await Shop.open('memory:', { overrides: { bindings } });
    await shop.admin();
  });

  after(() => shop.close());

  /** What was written down meanwhile; the origin is looked at apart. */
  async function writtenDuring(work: () => Promise<unknown>) {
    const before = store.tables.audit.of('all').length;
    await work();
    return store.tables.audit.of('all').slice(before).map(readEntry);
  }

  const withoutOrigin = (entries: readonly AuditEntry[]) =>
    entries.map(({ action, outcome: how, subject, before, after }) => ({
      action,
      outcome: how,
      subject,
      before,
      after,
    }));

  it('is written down when roles are made, changed and deleted', async () => {
    const admin = await shop.admin();
    const name = fresh('role');
    const subject = { type: 'role', id: name };
    const rows = await writtenDuring(async () => {
      dataOf(await admin.post('/admin/roles', { name, permissions: ['orders:read'] }));
      dataOf(await admin.patch(`/admin/roles/${name}`, { permissions: ['users:read'] }));
      await admin.delete(`/admin/roles/${name}`);
      await admin.delete(`/admin/roles/staff`);
    });
    const [first, second] = [{ permissions: ['orders:read'] }, { permissions: ['users:read'] }];
    expect(withoutOrigin(rows)).to.deep.equal([
      { action: 'createRole', outcome: 'done', subject, before: null, after: first },
      { action: 'changeRole', outcome: 'done', subject, before: first, after: second },
      { action: 'deleteRole', outcome: 'done', subject, before: second, after: null },
    ]);
    const { id } = dataOf(await admin.get<User>('/users/me'));
    for (const { actorId, address, requestId } of rows) {
      expect(actorId).to.equal(id);
      expect(address).to.match(/127\.0\.0\.1$/);
      expect(requestId).to.be.a('string');
    }
  });

  it('is written down when somebody is promoted, locked out, or signed out everywhere', async () => {
    const admin = await shop.admin();
    const { id } = await shop.account();
    const subject = { type: 'user', id };
    const rows = await writtenDuring(async () => {
      dataOf(await admin.patch(`/admin/users/${id}`, { role: 'staff' }));
      dataOf(await admin.patch(`/admin/users/${id}`, { disabled: true }));
      await admin.post(`/admin/users/${id}/revoke-sessions`);
      await admin.post('/admin/sessions/revoke', { issued_before: '2020-01-01T00:00:00.000Z' });
    });
    expect(withoutOrigin(rows)).to.deep.equal([
      { action: 'administerUser', outcome: 'done', subject, before: { role: 'customer' }, after: { role: 'staff' } },
      { action: 'administerUser', outcome: 'done', subject, before: { disabled: false }, after: { disabled: true } },
      { action: 'sessions.revoked', outcome: 'done', subject, before: null, after: null },
      {
        action: 'sessions.revoked',
        outcome: 'done',
        subject: null,
        before: null,
        after: { issued_before: '2020-01-01T00:00:00.000Z' },
      },
    ]);
  });

  it('is written down when a refresh token comes twice, once', async () => {
    const { id, tokens } = await shop.account();
    const refresh = () => shop.anonymous.post<SignedIn>('/auth/refresh', { refresh_token: tokens.refresh_token });
    await refresh();
    const rows = await writtenDuring(async () => {
      for (let n = 0; n < 3; n += 1) await refresh();
    });
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({ action: 'session.reused', outcome: 'refused', after: { user_id: id } });
  });

  it('is written down when API keys are made and revoked, without their secrets', async () => {
    const admin = await shop.admin();
    let secret = '';
    const rows = await writtenDuring(async () => {
      const body = { name: 'Ann’s till', permissions: ['orders:read'] };
      const key = dataOf(await admin.post<{ id: string; secret: string }>('/admin/api-keys', body));
      await admin.delete(`/admin/api-keys/${key.id}`);
      secret = key.secret;
    });
    expect(rows.map(({ action, outcome: how }) => `${action} ${how}`)).to.deep.equal([
      'makeApiKey done',
      'revokeApiKey done',
    ]);
    expect(JSON.stringify(rows)).not.to.include(secret.slice(-43)).and.not.include('Ann');
  });

  it('is written down when somebody reaches beyond their own rights', async () => {
    const admin = await shop.admin();
    const person = await shop.account();
    const role = fresh('role');
    dataOf(await admin.post('/admin/roles', { name: role, permissions: ['roles:write'] }));
    dataOf(await admin.patch(`/admin/users/${person.id}`, { role }));
    const { api } = await shop.signIn(person);
    const rows = await writtenDuring(async () => {
      const wish = { name: fresh('role'), permissions: ['users:write', 'roles:write'] };
      for (const headers of [{}, { 'Idempotency-Key': fresh('wish') }])
        expect(outcome(await api.post('/admin/roles', wish, headers))).to.equal('403 FORBIDDEN');
    });
    const event = {
      action: 'access.refused',
      outcome: 'refused',
      subject: { type: 'route', id: 'createRole' },
      before: null,
      after: { lacking: ['users:write'] },
    };
    expect(withoutOrigin(rows)).to.deep.equal([event, event]);
  });

  it('is written down when somebody known tries what they may not, and by which key', async () => {
    const { id, api } = await shop.account();
    const body = { name: 'till', permissions: ['orders:read'] };
    const key = dataOf(await (await shop.admin()).post<{ id: string; secret: string }>('/admin/api-keys', body));
    const rows = await writtenDuring(async () => {
      expect(outcome(await api.get('/admin/users'))).to.equal('403 FORBIDDEN');
      expect(outcome(await shop.holding(key.secret).get('/admin/users'))).to.equal('403 FORBIDDEN');
      expect(outcome(await shop.anonymous.get('/admin/users'))).to.equal('401 UNAUTHENTICATED');
    });
    const event = {
      action: 'access.refused',
      outcome: 'refused',
      subject: { type: 'route', id: 'listUsers' },
      before: null,
      after: { lacking: ['users:read'] },
    };
    expect(withoutOrigin(rows)).to.deep.equal([event, event]);
    expect(rows[0]).to.include({ actorId: id, apiKeyId: null });
    expect(rows[1]).to.include({ apiKeyId: key.id });
  });
});
