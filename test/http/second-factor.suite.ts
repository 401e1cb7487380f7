import { expect } from 'chai';
import { TOTP } from 'otpauth';
import { type Api, dataOf, outcome } from './api.ts';
import { shopSuite, type Street } from './harness.ts';
import { mailsTo } from './mailbox.ts';
import type { SignedIn } from './shapes.ts';
import type { Account, Shop } from './shop.ts';

interface Enrolment {
  readonly secret: string;
  readonly otpauth_url: string;
}

/** A shop whose time goes on when a test says so, and somebody with an authenticator. */
async function withAuthenticator(street: Street, environment: Record<string, string> = {}) {
  let now = Date.parse('2026-03-02T12:00:00.000Z');
  const clock = { now: () => new Date(now) };
  const shop = await street.another({ environment, overrides: { clock } });
  const person = await shop.account();
  const { secret } = dataOf(await person.api.post<Enrolment>('/auth/mfa/totp'));
  const code = (halfMinutes = 0) => new TOTP({ secret }).generate({ timestamp: now + halfMinutes * 30_000 });
  const pass = (seconds: number) => void (now += seconds * 1000);
  return { shop, person, code, pass };
}

const confirm = (api: Api, otp: string) => api.post<{ recovery_codes: string[] }>('/auth/mfa/totp/confirm', { otp });

const remove = (api: Api, otp: string) =>
  api.send({
    method: 'DELETE',
    path: '/auth/mfa/totp',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ otp }),
  });

const login = (shop: Shop, { email, password }: Account, otp?: string) =>
  shop.anonymous.post<SignedIn>('/auth/login', { email, password, ...(otp !== undefined && { otp }) });

const WRONG = '401 INVALID_CREDENTIALS';

export const secondFactorSuite = shopSuite('A second factor', it => {
  it('is asked for once it is confirmed, and only after the right password', async (_shop, street) => {
    const { shop, person, code, pass } = await withAuthenticator(street);
    expect(outcome(await login(shop, person))).to.equal('200');
    expect(outcome(await confirm(person.api, '000000'))).to.equal(WRONG);
    const { recovery_codes } = dataOf(await confirm(person.api, code()));
    expect(recovery_codes).to.have.length(10);
    expect(new Set(recovery_codes).size).to.equal(10);
    for (const one of recovery_codes) expect(one).to.match(/^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/);
    expect(outcome(await login(shop, person))).to.equal('401 MFA_REQUIRED');
    expect(outcome(await login(shop, { ...person, password: 'not-the-right-one' }))).to.equal(WRONG);
    expect(outcome(await login(shop, person, '12345'))).to.equal(WRONG);
    pass(30);
    expect(outcome(await login(shop, person, code()))).to.equal('200');
  });

  it('takes no code twice, not even of many at once, nor one that is too old or too early', async (_shop, street) => {
    const { shop, person, code, pass } = await withAuthenticator(street);
    dataOf(await confirm(person.api, code()));
    expect(outcome(await login(shop, person, code())), 'the one that it was confirmed with').to.equal(WRONG);
    pass(300);
    for (const halfMinutes of [-2, 2]) expect(outcome(await login(shop, person, code(halfMinutes)))).to.equal(WRONG);
    const replies = await Promise.all(Array.from({ length: 4 }, () => login(shop, person, code())));
    expect(replies.map(outcome).toSorted()).to.deep.equal(['200', WRONG, WRONG, WRONG]);
    expect(outcome(await login(shop, person, code(-1))), 'one before it').to.equal(WRONG);
    expect(outcome(await login(shop, person, code(1))), 'one after it').to.equal('200');
  });

  it('can be replaced by a recovery code, each of them once', async (_shop, street) => {
    const { shop, person, code } = await withAuthenticator(street);
    const { recovery_codes: codes } = dataOf(await confirm(person.api, code()));
    const [first, second] = codes as [string, string];
    expect(outcome(await login(shop, person, first))).to.equal('200');
    expect(outcome(await login(shop, person, first))).to.equal(WRONG);
    expect(outcome(await login(shop, person, second.toUpperCase().replaceAll('-', '')))).to.equal('200');
    expect(outcome(await login(shop, person, 'aaaa-aaaa-aaaa-aaaa'))).to.equal(WRONG);
  });

  it('goes with a code and nothing less, and its owner is told', async (_shop, street) => {
    const { shop, person, code, pass } = await withAuthenticator(street);
    expect(outcome(await remove(person.api, code())), 'before it is on').to.equal('404 NOT_FOUND');
    const { recovery_codes: codes } = dataOf(await confirm(person.api, code()));
    expect(outcome(await person.api.post('/auth/mfa/totp'))).to.equal('409 INVALID_TRANSITION');
    expect(outcome(await confirm(person.api, code(1)))).to.equal('409 INVALID_TRANSITION');
    expect(outcome(await remove(person.api, '000000'))).to.equal(WRONG);
    pass(30);
    expect(outcome(await remove(person.api, code()))).to.equal('204');
    expect(outcome(await login(shop, person))).to.equal('200');
    expect((await mailsTo(shop, person.email)).map(({ subject }) => subject)).to.include(
      'Your second factor was removed',
    );
    expect(outcome(await login(shop, person, codes[0])), 'a code that nobody asks for').to.equal('200');
  });

  it('signs its owner out elsewhere, and they are told by mail', async (_shop, street) => {
    const { shop, person, code } = await withAuthenticator(street);
    const elsewhere = await shop.signIn(person);
    dataOf(await confirm(person.api, code()));
    expect(outcome(await elsewhere.api.get('/users/me'))).to.equal('401 TOKEN_REVOKED');
    expect(outcome(await person.api.get('/users/me'))).to.equal('200');
    expect((await mailsTo(shop, person.email)).map(({ subject }) => subject)).to.include('Your second factor is on');
  });

  it('that was lost is taken away by staff who may do at least as much', async shop => {
    const person = await shop.account();
    const { secret } = dataOf(await person.api.post<Enrolment>('/auth/mfa/totp'));
    dataOf(await confirm(person.api, new TOTP({ secret }).generate()));
    const path = `/admin/users/${person.id}/mfa`;
    expect(outcome(await (await shop.staff()).delete(path))).to.equal('403 FORBIDDEN');
    const admin = await shop.admin();
    expect(outcome(await admin.delete(path))).to.equal('204');
    expect(outcome(await person.api.get('/users/me'))).to.equal('401 TOKEN_REVOKED');
    expect(outcome(await login(shop, person))).to.equal('200');
    expect(outcome(await admin.delete(path)), 'again').to.equal('204');
  });

  it('stays on when the password is reset', async (_shop, street) => {
    const { shop, person, code } = await withAuthenticator(street);
    dataOf(await confirm(person.api, code()));
    await shop.anonymous.post('/auth/password/forgot', { email: person.email });
    const mails = await mailsTo(shop, person.email);
    const mail = mails.find(({ subject }) => subject === 'Choose a new password');
    const token = /^[\w-]{43}$/m.exec(mail!.text)![0];
    const fresh = { token, new_password: 'quite-another-one' };
    expect(outcome(await shop.anonymous.post('/auth/password/reset', fresh))).to.equal('204');
    expect(outcome(await login(shop, { ...person, password: 'quite-another-one' }))).to.equal('401 MFA_REQUIRED');
  });

  it('stops guesses after ten, like a password', async (_shop, street) => {
    const { shop, person, code, pass } = await withAuthenticator(street);
    dataOf(await confirm(person.api, code()));
    pass(30);
    for (let n = 0; n < 10; n += 1) expect(outcome(await login(shop, person, '12345'))).to.equal(WRONG);
    expect(outcome(await login(shop, person, code()))).to.equal('429 RATE_LIMITED');
    expect(outcome(await remove(person.api, code()))).to.equal('429 RATE_LIMITED');
  });

  it('tells an authenticator what it is for', async shop => {
    const { api, email } = await shop.account();
    const { secret, otpauth_url: url } = dataOf(await api.post<Enrolment>('/auth/mfa/totp'));
    const again = dataOf(await api.post<Enrolment>('/auth/mfa/totp'));
    expect(again.secret).not.to.equal(secret);
    expect(secret).to.match(/^[A-Z2-7]{32}$/);
    expect(decodeURIComponent(url))
      .to.match(/^otpauth:\/\/totp\/Pannier:/)
      .and.include(email);
    expect(new URL(url).searchParams.get('secret')).to.equal(secret);
    dataOf(await confirm(api, new TOTP({ secret: again.secret }).generate()));
    expect(
      outcome(await remove(api, new TOTP({ secret: again.secret }).generate({ timestamp: Date.now() + 30_000 }))),
    ).to.equal('204');
  });

  it('may be demanded of the staff, for all that needs a permission', async (_shop, street) => {
    const { shop, person, code, pass } = await withAuthenticator(street, { MFA_REQUIRED_FOR_STAFF: 'true' });
    const admin = await shop.admin();
    expect(outcome(await admin.get('/admin/orders'))).to.equal('403 MFA_ENROLMENT_REQUIRED');
    expect(outcome(await admin.get('/users/me'))).to.equal('200');
    expect(outcome(await person.api.get('/admin/orders'))).to.equal('403 FORBIDDEN');
    const { secret } = dataOf(await admin.post<Enrolment>('/auth/mfa/totp'));
    expect(outcome(await admin.get('/admin/orders')), 'until it is confirmed').to.equal('403 MFA_ENROLMENT_REQUIRED');
    pass(0);
    const now = Date.parse('2026-03-02T12:00:00.000Z');
    dataOf(await confirm(admin, new TOTP({ secret }).generate({ timestamp: now })));
    expect(outcome(await admin.get('/admin/orders'))).to.equal('200');
    expect(code()).to.match(/^\d{6}$/);
  });
});
