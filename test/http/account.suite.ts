import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { SavedAddress, User } from './shapes.ts';
import { ADDRESS } from './shop.ts';

export const accountSuite = shopSuite('An account', it => {
  it('shows its owner who they are', async shop => {
    const { id, email, api } = await shop.account();
    const { body } = await api.get<User>('/users/me');
    expect(body.data).to.include({ id, email, name: 'Ada Customer', role: 'customer', version: 1 });
    expect(body.data).not.to.have.any.keys('password', 'password_hash');
  });

  it('can be renamed, by who has looked at it', async shop => {
    const { api } = await shop.account();
    const renamed = await api.patch<User>('/users/me', { name: 'Ada Lovelace' }, { 'If-Match': '"1"' });
    expect(renamed.body.data.name).to.equal('Ada Lovelace');
    expect(renamed.headers.etag).to.equal('"2"');
    expect(outcome(await api.patch('/users/me', { name: 'Late' }, { 'If-Match': '"1"' }))).to.equal(
      '412 PRECONDITION_FAILED',
    );
    expect((await api.patch<User>('/users/me', { name: null })).body.data.name).to.equal(null);
  });

  it('has an address book', async shop => {
    const { api } = await shop.account();
    const work = { ...ADDRESS, line1: '2 Mill Road', line2: 'Third floor' };
    const first = dataOf(await api.post<SavedAddress>('/users/me/addresses', ADDRESS));
    const second = dataOf(await api.post<SavedAddress>('/users/me/addresses', work));
    expect(first).to.deep.include({ ...ADDRESS, line2: null, region: null, version: 1 });
    const changed = await api.patch<SavedAddress>(`/users/me/addresses/${second.id}`, { city: 'Porto', line2: '' });
    expect(changed.body.data).to.include({ city: 'Porto', line2: null, name: ADDRESS.name, version: 2 });
    const all = dataOf(await api.get<SavedAddress[]>('/users/me/addresses'));
    expect(all.map(({ id, city }) => [id, city])).to.deep.equal([
      [first.id, 'Lisbon'],
      [second.id, 'Porto'],
    ]);
    expect(outcome(await api.delete(`/users/me/addresses/${first.id}`))).to.equal('204');
    expect(outcome(await api.delete(`/users/me/addresses/${first.id}`))).to.equal('404 NOT_FOUND');
    expect(dataOf(await api.get<SavedAddress[]>('/users/me/addresses'))).to.have.length(1);
  });

  it('does not lend its address book: a foreign entry is a missing one', async shop => {
    const owner = await shop.customer();
    const { id } = dataOf(await owner.post<SavedAddress>('/users/me/addresses', ADDRESS));
    const other = await shop.customer();
    const missing = '00000000-0000-7000-8000-000000000000';
    for (const ask of [
      (entry: string) => other.patch(`/users/me/addresses/${entry}`, { city: 'Porto' }),
      (entry: string) => other.delete(`/users/me/addresses/${entry}`),
    ]) {
      const [foreign, none] = [await ask(id), await ask(missing)];
      expect(outcome(foreign)).to.equal('404 NOT_FOUND');
      expect(foreign.body.error.message).to.equal(none.body.error.message);
      expect(foreign.body.error.details).to.deep.equal(none.body.error.details);
    }
    expect(dataOf(await owner.get<SavedAddress[]>('/users/me/addresses'))[0]).to.include({ city: 'Lisbon' });
  });

  it('refuses an address that no parcel would reach', async shop => {
    const api = await shop.customer();
    const { body } = await api.post('/users/me/addresses', { ...ADDRESS, city: ' ', country: 'Portugal', zip: '1' });
    expect(body.error.details).to.have.all.keys('city', 'country', 'zip');
    const { line1: _line1, ...half } = ADDRESS;
    const missing = await api.post('/users/me/addresses', half);
    expect(missing.body.error.details).to.deep.equal({ line1: ['is required'] });
  });

  it('keeps fifty addresses and no more', async shop => {
    const api = await shop.customer();
    for (let n = 0; n < 50; n += 1) dataOf(await api.post('/users/me/addresses', ADDRESS));
    expect(outcome(await api.post('/users/me/addresses', ADDRESS))).to.equal('422 RULE_VIOLATION');
  });

  it('is listed for the administrator, with whether it is disabled', async shop => {
    const { id } = await shop.account();
    const admin = await shop.admin();
    const { body } = await admin.get<User[]>('/admin/users?limit=1');
    expect(body.data[0]).to.include({ id, disabled: false, role: 'customer' });
  });
});
