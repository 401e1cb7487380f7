import { expect } from 'chai';
import { STORE } from '../../config/tokens.ts';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import { mailsTo, RESET, tokenFor, VERIFY } from './mailbox.ts';
import type { SignedIn, User } from './shapes.ts';
import { fresh, type Shop } from './shop.ts';

const NEW = 'quite-another-one';

const forget = (shop: Shop, email: string) => shop.anonymous.post('/auth/password/forgot', { email });
const reset = (shop: Shop, token: string, password = NEW) =>
  shop.anonymous.post('/auth/password/reset', { token, new_password: password });
const verify = (shop: Shop, token: string) => shop.anonymous.post('/auth/email/verify', { token });

const INVALID = '400 TOKEN_INVALID';

export const recoverySuite = shopSuite('Whoever reads the mail of an account', it => {
  it('can choose a new password, once, and all sessions end', async shop => {
    const { email, password, api, tokens } = await shop.account();
    expect(outcome(await forget(shop, email.toUpperCase()))).to.equal('202');
    const token = await tokenFor(shop, email, RESET);
    expect(outcome(await reset(shop, token))).to.equal('204');
    expect(outcome(await api.get('/users/me'))).to.equal('401 TOKEN_REVOKED');
    const refreshed = await shop.anonymous.post<SignedIn>('/auth/refresh', { refresh_token: tokens.refresh_token });
    expect(outcome(refreshed)).to.equal('401 UNAUTHENTICATED');
    expect(outcome(await shop.anonymous.post('/auth/login', { email, password }))).to.equal('401 INVALID_CREDENTIALS');
    const again = await shop.signIn({ email, password: NEW });
    expect(again.tokens.user.email_verified).to.equal(true);
    expect(outcome(await reset(shop, token, 'and-yet-another-one'))).to.equal(INVALID);
    expect((await mailsTo(shop, email))[0]!.subject).to.equal('Your password was changed');
  });

  it('has one good token left once one was used, and none after that', async shop => {
    const { email } = await shop.account();
    await forget(shop, email);
    const first = await tokenFor(shop, email, RESET);
    await forget(shop, email);
    const second = await tokenFor(shop, email, RESET);
    expect(second).not.to.equal(first);
    expect(outcome(await reset(shop, second))).to.equal('204');
    expect(outcome(await reset(shop, first))).to.equal(INVALID);
  });

  it('resets it once, however many use the token at once', async shop => {
    const { email } = await shop.account();
    await forget(shop, email);
    const token = await tokenFor(shop, email, RESET);
    const outcomes = (await Promise.all(Array.from({ length: 5 }, () => reset(shop, token)))).map(outcome);
    expect(outcomes.toSorted()).to.deep.equal(['204', INVALID, INVALID, INVALID, INVALID]);
  });

  it('keeps the token when the new password is refused', async shop => {
    const { email } = await shop.account();
    await forget(shop, email);
    const token = await tokenFor(shop, email, RESET);
    expect(outcome(await reset(shop, token, 'password1'))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await reset(shop, token))).to.equal('204');
  });

  it('is told the same as somebody who asks for an address that nobody has', async shop => {
    const { email } = await shop.account();
    const stranger = `${fresh('nobody')}@example.com`;
    const [known, unknown] = [await forget(shop, email), await forget(shop, stranger)];
    expect(outcome(unknown)).to.equal('202');
    expect(unknown.text).to.equal(known.text);
    expect(Object.keys(unknown.headers)).to.deep.equal(Object.keys(known.headers));
    expect(await mailsTo(shop, stranger)).to.deep.equal([]);
  });

  it('gets a few mails an hour, and then no more of them', async shop => {
    const { email } = await shop.account();
    for (let times = 0; times < 8; times += 1) expect(outcome(await forget(shop, email))).to.equal('202');
    const resets = (await mailsTo(shop, email)).filter(({ subject }) => subject === RESET);
    expect(resets).to.have.length(4);
  });

  it('confirms the address of a new account', async shop => {
    const { email, api, tokens } = await shop.account();
    expect(tokens.user.email_verified).to.equal(false);
    const token = await tokenFor(shop, email, VERIFY);
    expect(outcome(await verify(shop, token))).to.equal('204');
    expect((await api.get<User>('/users/me')).body.data.email_verified).to.equal(true);
    expect(outcome(await verify(shop, token))).to.equal(INVALID);
  });

  it('can have another mail to confirm it, until it is confirmed', async shop => {
    const { email, api } = await shop.account();
    const first = await tokenFor(shop, email, VERIFY);
    expect(outcome(await api.post('/auth/email/verification'))).to.equal('202');
    const second = await tokenFor(shop, email, VERIFY);
    expect(second).not.to.equal(first);
    expect(outcome(await verify(shop, second))).to.equal('204');
    const before = (await mailsTo(shop, email)).length;
    expect(outcome(await api.post('/auth/email/verification'))).to.equal('202');
    expect(await mailsTo(shop, email)).to.have.length(before);
  });

  it('can use a token for nothing but what it is for', async shop => {
    const { email, tokens } = await shop.account();
    const verification = await tokenFor(shop, email, VERIFY);
    await forget(shop, email);
    const resetting = await tokenFor(shop, email, RESET);
    expect(outcome(await reset(shop, verification))).to.equal(INVALID);
    expect(outcome(await verify(shop, resetting))).to.equal(INVALID);
    for (const token of [tokens.refresh_token, tokens.access_token.slice(0, 200), 'x', 'a'.repeat(43)]) {
      expect(outcome(await reset(shop, token)), token).to.equal(INVALID);
      expect(outcome(await verify(shop, token)), token).to.equal(INVALID);
    }
    for (const token of [verification, resetting]) {
      expect(outcome(await shop.anonymous.post('/auth/refresh', { refresh_token: token }))).to.equal(
        '401 UNAUTHENTICATED',
      );
      expect(outcome(await shop.holding(token).get('/users/me'))).to.equal('401 UNAUTHENTICATED');
    }
    expect(outcome(await reset(shop, resetting))).to.equal('204');
  });

  it('cannot use a token any more when the password was changed meanwhile', async shop => {
    const { email, password, api } = await shop.account();
    await forget(shop, email);
    const token = await tokenFor(shop, email, RESET);
    const change = { current_password: password, new_password: 'quite-another-one' };
    expect(outcome(await api.post('/auth/password', change))).to.equal('204');
    expect(outcome(await reset(shop, token))).to.equal(INVALID);
  });

  it('finds a token that is over of no use', async (_shop, street) => {
    let ahead = 0;
    const clock = { now: () => new Date(Date.now() + ahead) };
    const shop = await street.another({ overrides: { clock } });
    const { email } = await shop.account();
    const verification = await tokenFor(shop, email, VERIFY);
    await forget(shop, email);
    const late = await tokenFor(shop, email, RESET);
    ahead = 3600_000 + 1000;
    expect(outcome(await reset(shop, late))).to.equal(INVALID);
    ahead = 24 * 3600_000 + 1000;
    expect(outcome(await verify(shop, verification))).to.equal(INVALID);
  });

  it('is not written to when the account is disabled', async shop => {
    const { id, email } = await shop.account();
    await mailsTo(shop, email);
    await (await shop.admin()).patch(`/admin/users/${id}`, { disabled: true });
    const before = await mailsTo(shop, email);
    expect(outcome(await forget(shop, email))).to.equal('202');
    expect(await mailsTo(shop, email)).to.deep.equal(before);
  });

  it('finds links to the pages of the shop, whose token stays out of logs', async (_shop, street) => {
    const shop = await street.another({ environment: { SHOP_URL: 'https://pets.example/shop/' } });
    const { email } = await shop.account();
    await forget(shop, email);
    const [mail] = await mailsTo(shop, email);
    const link = /https:\/\/pets\.example\/shop\/reset-password#token=([\w-]{43})/;
    expect(mail!.text).to.match(link);
    expect(mail!.html).to.match(link);
    expect(outcome(await reset(shop, link.exec(mail!.text)![1]!))).to.equal('204');
  });

  it('is the only one who learns the token: it is in no event', async shop => {
    const { email } = await shop.account();
    await forget(shop, email);
    const { unitOfWork } = shop.app.container.get(STORE);
    const events = await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.claim(100, 0));
    const mine = events.filter(({ type }) => type.startsWith('user.'));
    expect(mine).to.have.length.above(1);
    for (const { payload } of mine) expect(Object.keys(payload)).to.deep.equal(['user_id']);
    expect(JSON.stringify(events)).not.to.include(email);
  });

  it('can look at what was not sent, as long as this is not a real shop', async shop => {
    const { email } = await shop.account();
    await mailsTo(shop, email);
    const page = await shop.root.get('/dev/mail', { Accept: 'text/html' });
    expect(page.status).to.equal(200);
    expect(page.text).to.include(`To ${email}`).and.include('<h1>Mails</h1>');
    expect(page.headers['content-security-policy']).to.include("default-src 'none'");
  });
});
