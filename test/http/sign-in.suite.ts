import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { SignedIn } from './shapes.ts';
import { fresh, type Shop } from './shop.ts';

const refresh = (shop: Shop, token: string) => shop.anonymous.post<SignedIn>('/auth/refresh', { refresh_token: token });

const REVOKED = '401 TOKEN_REVOKED';

export const signInSuite = shopSuite('Signing in', it => {
  it('gives a short access token that holds nothing personal, and a refresh token', async shop => {
    const { tokens, id, email } = await shop.account();
    expect(tokens).to.include({ token_type: 'Bearer', expires_in: 900, refresh_expires_in: 7 * 24 * 3600 });
    const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).to.include.all.keys('sub', 'role', 'scope', 'jti', 'iss', 'aud', 'iat', 'exp');
    expect(claims).not.to.have.any.keys('email', 'name');
    expect(claims).to.include({ sub: id, role: 'customer' });
    expect(JSON.stringify(claims)).not.to.include(email);
  });

  it('does not care how the address is written', async shop => {
    const { email, password } = await shop.account();
    const spelt = { email: ` ${email.toUpperCase()} `, password };
    expect(outcome(await shop.anonymous.post('/auth/login', spelt))).to.equal('200');
  });

  it('says the same to a wrong password and to an unknown address', async shop => {
    const { email } = await shop.account();
    const wrong = await shop.anonymous.post('/auth/login', { email, password: 'not-the-password' });
    const unknown = { email: `${fresh('nobody')}@example.com`, password: 'not-the-password' };
    const nobody = await shop.anonymous.post('/auth/login', unknown);
    expect(outcome(wrong)).to.equal('401 INVALID_CREDENTIALS');
    expect(outcome(nobody)).to.equal('401 INVALID_CREDENTIALS');
    expect(nobody.body.error.message).to.equal(wrong.body.error.message);
    expect(nobody.body.error.details).to.deep.equal(wrong.body.error.details);
  });

  it('is for one account per address', async shop => {
    const { email } = await shop.account();
    const again = { email: email.toUpperCase(), password: 'another-long-one' };
    expect(outcome(await shop.anonymous.post('/auth/register', again))).to.equal('409 EMAIL_TAKEN');
    const racing = { email: `${fresh('racer')}@example.com`, password: 'a-long-enough-one' };
    const replies = await Promise.all(Array.from({ length: 8 }, () => shop.anonymous.post('/auth/register', racing)));
    expect(replies.map(outcome).toSorted()).to.deep.equal(['201', ...Array<string>(7).fill('409 EMAIL_TAKEN')]);
  });

  it('takes passwords from 8 to 128 characters, and every one of them counts', async shop => {
    const tried = async (password: string) =>
      outcome(await shop.anonymous.post('/auth/register', { email: `${fresh('p')}@example.com`, password }));
    expect(await tried('1234567')).to.equal('400 VALIDATION_ERROR');
    expect(await tried('x'.repeat(129))).to.equal('400 VALIDATION_ERROR');
    expect(await tried('🐈🦔🌂🎻🧭🛶🌵🥁')).to.equal('201');
    const email = `${fresh('long')}@example.com`;
    const longest = `many quiet otters ${'x'.repeat(110)}`;
    expect(outcome(await shop.anonymous.post('/auth/register', { email, password: longest }))).to.equal('201');
    const almost = `${longest.slice(0, 127)}y`;
    expect(outcome(await shop.anonymous.post('/auth/login', { email, password: almost }))).to.equal(
      '401 INVALID_CREDENTIALS',
    );
  });

  it('ends with logging out: both tokens are dead at once', async shop => {
    const { api, tokens } = await shop.account();
    expect(outcome(await api.post('/auth/logout'))).to.equal('204');
    expect(outcome(await api.get('/users/me'))).to.equal(REVOKED);
    expect(outcome(await api.get('/products'))).to.equal(REVOKED);
    expect(outcome(await refresh(shop, tokens.refresh_token))).to.equal('401 UNAUTHENTICATED');
  });

  it('goes on by trading the refresh token in', async shop => {
    const { tokens, id } = await shop.account();
    const next = dataOf(await refresh(shop, tokens.refresh_token));
    expect(next.refresh_token).not.to.equal(tokens.refresh_token);
    expect(next.access_token).not.to.equal(tokens.access_token);
    expect(next.user.id).to.equal(id);
    expect(outcome(await shop.holding(next.access_token).get('/users/me'))).to.equal('200');
    expect(outcome(await refresh(shop, next.refresh_token))).to.equal('200');
  });

  it('is over for the whole family when a refresh token comes twice', async shop => {
    const { tokens, api } = await shop.account();
    const next = dataOf(await refresh(shop, tokens.refresh_token));
    expect(outcome(await refresh(shop, tokens.refresh_token))).to.equal('401 REFRESH_TOKEN_REUSED');
    expect(outcome(await refresh(shop, next.refresh_token))).to.equal('401 UNAUTHENTICATED');
    expect(outcome(await api.get('/users/me'))).to.equal(REVOKED);
    expect(outcome(await shop.holding(next.access_token).get('/users/me'))).to.equal(REVOKED);
  });

  it('hands out one new pair when a refresh token is traded in by many at once', async shop => {
    const { tokens } = await shop.account();
    const replies = await Promise.all(Array.from({ length: 6 }, () => refresh(shop, tokens.refresh_token)));
    expect(replies.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('knows no refresh token that it did not give', async shop => {
    for (const token of ['x', 'a'.repeat(43), ''])
      expect((await refresh(shop, token)).status, token).to.be.oneOf([400, 401]);
  });

  it('elsewhere ends when the password is changed, but not here', async shop => {
    const { email, password, api } = await shop.account();
    const elsewhere = await shop.signIn({ email, password });
    const change = { current_password: password, new_password: 'quite-another-one' };
    expect(outcome(await api.post('/auth/password', change))).to.equal('204');
    expect(outcome(await api.get('/users/me'))).to.equal('200');
    expect(outcome(await elsewhere.api.get('/users/me'))).to.equal(REVOKED);
    expect(outcome(await refresh(shop, elsewhere.tokens.refresh_token))).to.equal('401 UNAUTHENTICATED');
    expect(outcome(await shop.anonymous.post('/auth/login', { email, password }))).to.equal('401 INVALID_CREDENTIALS');
    await shop.signIn({ email, password: 'quite-another-one' });
  });

  it('asks for the current password before it is changed', async shop => {
    const { password, api } = await shop.account();
    const wrong = { current_password: 'a-wrong-password', new_password: 'quite-another-one' };
    expect(outcome(await api.post('/auth/password', wrong))).to.equal('401 INVALID_CREDENTIALS');
    const short = await api.post('/auth/password', { current_password: password, new_password: 'short' });
    expect(short.body.error.details).to.have.all.keys('new_password');
  });

  it('is closed to a disabled account from its next request on', async shop => {
    const { id, email, password, api, tokens } = await shop.account();
    const admin = await shop.admin();
    const disabled = await admin.patch<{ disabled: boolean }>(`/admin/users/${id}`, { disabled: true });
    expect(disabled.body.data.disabled).to.equal(true);
    expect(outcome(await api.get('/users/me'))).to.equal(REVOKED);
    expect(outcome(await refresh(shop, tokens.refresh_token))).to.equal('401 UNAUTHENTICATED');
    expect(outcome(await shop.anonymous.post('/auth/login', { email, password }))).to.equal('401 INVALID_CREDENTIALS');
    await admin.patch(`/admin/users/${id}`, { disabled: false });
    await shop.signIn({ email, password });
  });

  it('is asked for anew when a role was changed, and then the new one counts', async shop => {
    const person = await shop.account();
    const admin = await shop.admin();
    await admin.patch(`/admin/users/${person.id}`, { role: 'staff' });
    expect(outcome(await person.api.get('/admin/orders'))).to.equal(REVOKED);
    const promoted = await shop.signIn(person);
    expect(promoted.tokens.user.role).to.equal('staff');
    expect(outcome(await promoted.api.get('/admin/orders'))).to.equal('200');
    await admin.patch(`/admin/users/${person.id}`, { role: 'customer' });
    expect(outcome(await (await shop.signIn(person)).api.get('/admin/orders'))).to.equal('403 FORBIDDEN');
  });

  it('leaves nobody the means to lock themselves out or up', async shop => {
    const admin = await shop.admin();
    const me = dataOf(await admin.get<{ id: string }>('/users/me'));
    for (const change of [{ role: 'customer' }, { disabled: true }])
      expect(outcome(await admin.patch(`/admin/users/${me.id}`, change))).to.equal('403 FORBIDDEN');
    const nobody = '/admin/users/00000000-0000-7000-8000-000000000000';
    expect(outcome(await admin.patch(nobody, { role: 'staff' }))).to.equal('404 NOT_FOUND');
  });
});
