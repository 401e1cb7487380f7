import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf, outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import type { SignedIn } from './shapes.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { generateSigningKeys } from '../../adapters/security/signing-keys.ts';
import { type Account, fresh, type Shop } from './shop.ts';

const refresh = (shop: Shop, token: string, key?: string) =>
  shop.anonymous.post<SignedIn>(
    '/auth/refresh',
    { refresh_token: token },
    key === undefined ? {} : { 'Idempotency-Key': key },
  );

const works = async (shop: Shop, { access_token: token }: SignedIn) =>
  outcome(await shop.holding(token).get('/users/me'));

/** The times in tokens are whole seconds. */
const nextSecond = () => sleep(1005 - (Date.now() % 1000));

const REUSED = '401 REFRESH_TOKEN_REUSED';
const REVOKED = '401 TOKEN_REVOKED';
const OVER = '401 UNAUTHENTICATED';

export const sessionsSuite = shopSuite('A session', it => {
  it('goes on when the answer of a renewal is lost: the same token and key give the same successor', async shop => {
    const { tokens } = await shop.account();
    const key = fresh('refresh');
    const [first, again] = [
      dataOf(await refresh(shop, tokens.refresh_token, key)),
      dataOf(await refresh(shop, tokens.refresh_token, key)),
    ];
    expect(again.refresh_token).to.equal(first.refresh_token);
    expect(again.access_token).not.to.equal(first.access_token);
    expect([await works(shop, first), await works(shop, again)]).to.deep.equal(['200', '200']);
    expect(outcome(await refresh(shop, first.refresh_token))).to.equal('200');
  });

  it('takes a repetition without a key, or with another one, for theft', async shop => {
    for (const key of [undefined, fresh('other')]) {
      const { tokens } = await shop.account();
      const next = dataOf(await refresh(shop, tokens.refresh_token, fresh('refresh')));
      expect(outcome(await refresh(shop, tokens.refresh_token, key))).to.equal(REUSED);
      expect(await works(shop, next)).to.equal(REVOKED);
      expect(outcome(await refresh(shop, next.refresh_token))).to.equal(OVER);
    }
  });

  it('takes the first token for stolen once the second was used, whatever the key', async shop => {
    const { tokens } = await shop.account();
    const key = fresh('refresh');
    const second = dataOf(await refresh(shop, tokens.refresh_token, key));
    const third = dataOf(await refresh(shop, second.refresh_token, key));
    expect(outcome(await refresh(shop, tokens.refresh_token, key))).to.equal(REUSED);
    expect(outcome(await refresh(shop, third.refresh_token, key))).to.equal(OVER);
    expect(await works(shop, third)).to.equal(REVOKED);
  });

  it('stays one chain when ten renew it at once under one key', async shop => {
    const { tokens } = await shop.account();
    const key = fresh('refresh');
    const replies = await Promise.all(Array.from({ length: 10 }, () => refresh(shop, tokens.refresh_token, key)));
    expect(new Set(replies.map(reply => dataOf(reply).refresh_token)).size).to.equal(1);
    expect(outcome(await refresh(shop, dataOf(replies[0]!).refresh_token))).to.equal('200');
  });

  it('of another device goes on when one is ended by a thief', async shop => {
    const phone = await shop.account();
    const laptop = await shop.signIn(phone);
    await refresh(shop, phone.tokens.refresh_token);
    expect(outcome(await refresh(shop, phone.tokens.refresh_token))).to.equal(REUSED);
    expect(await works(shop, phone.tokens)).to.equal(REVOKED);
    expect(await works(shop, laptop.tokens)).to.equal('200');
    expect(outcome(await refresh(shop, laptop.tokens.refresh_token))).to.equal('200');
  });

  it('says what is wrong with a key that cannot be one', async shop => {
    const { tokens } = await shop.account();
    expect(outcome(await refresh(shop, tokens.refresh_token, 'with blanks'))).to.equal('400 IDEMPOTENCY_KEY_INVALID');
    expect(await works(shop, tokens)).to.equal('200');
  });

  it('is revoked by the token’s id: another spelling of its signature does not help', async shop => {
    const { api, tokens } = await shop.account();
    await api.post('/auth/logout');
    for (const twin of twinsOf(tokens.access_token)) {
      const reply = await shop.holding(twin).get('/users/me');
      expect(reply.status, twin).to.equal(401);
    }
  });

  it('can be ended everywhere by somebody else, for one person', async shop => {
    const person = await shop.account();
    const elsewhere = await shop.signIn(person);
    const other = await shop.account();
    const admin = await shop.admin();
    expect(outcome(await admin.post(`/admin/users/${person.id}/revoke-sessions`))).to.equal('204');
    for (const { tokens } of [person, elsewhere]) {
      expect(await works(shop, tokens)).to.equal(REVOKED);
      expect(outcome(await refresh(shop, tokens.refresh_token))).to.equal(OVER);
    }
    expect(await works(shop, other.tokens)).to.equal('200');
    await shop.signIn(person);
    expect(outcome(await other.api.post(`/admin/users/${person.id}/revoke-sessions`))).to.equal('403 FORBIDDEN');
    const nobody = '/admin/users/00000000-0000-7000-8000-000000000000/revoke-sessions';
    expect(outcome(await admin.post(nobody))).to.equal('404 NOT_FOUND');
  });

  it('can be ended for everybody who signed in before a moment, and who did so since stays', async (_, street) => {
    const shop = await street.another({});
    const [early, renewed] = [await shop.account(), await shop.account()];
    await nextSecond();
    const moment = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    const late = await shop.account();
    const fresher = dataOf(await refresh(shop, renewed.tokens.refresh_token));
    const admin = (await shop.signIn(DEMO_ACCOUNTS.admin)).api;
    expect(outcome(await admin.post('/admin/sessions/revoke', { issued_before: moment }))).to.equal('204');
    expect(await works(shop, early.tokens)).to.equal(REVOKED);
    expect(outcome(await refresh(shop, early.tokens.refresh_token))).to.equal(OVER);
    expect(await works(shop, renewed.tokens)).to.equal(REVOKED);
    expect(await works(shop, fresher)).to.equal('200');
    expect(outcome(await refresh(shop, fresher.refresh_token))).to.equal('200');
    expect(await works(shop, late.tokens)).to.equal('200');

    const ahead = { issued_before: new Date(Date.now() + 60_000).toISOString() };
    expect(outcome(await admin.post('/admin/sessions/revoke', ahead))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await late.api.post('/admin/sessions/revoke', {}))).to.equal('403 FORBIDDEN');
    expect(outcome(await admin.post('/admin/sessions/revoke', {}))).to.equal('204');
    expect(outcome(await admin.get('/users/me'))).to.equal(REVOKED);
    for (const { tokens } of [late, { tokens: fresher }] as Pick<Account, 'tokens'>[]) {
      expect(await works(shop, tokens)).to.equal(REVOKED);
      expect(outcome(await refresh(shop, tokens.refresh_token))).to.equal(OVER);
    }
    await nextSecond();
    expect(await works(shop, (await shop.signIn(late)).tokens)).to.equal('200');
  });

  it('is not ended by a moment before it began', async shop => {
    const { tokens } = await shop.account();
    const admin = await shop.admin();
    const longAgo = { issued_before: '2020-01-01T00:00:00.000Z' };
    expect(outcome(await admin.post('/admin/sessions/revoke', longAgo))).to.equal('204');
    expect([await works(shop, tokens), outcome(await admin.get('/users/me'))]).to.deep.equal(['200', '200']);
  });

  it('outlives a change of the signing key, until the old one is retired', async (_, street) => {
    const [spring, summer] = [generateSigningKeys(), generateSigningKeys()].map(text => JSON.parse(text).keys[0]);
    const withKeys = (...keys: unknown[]) => street.another({ environment: { JWT_KEYS: JSON.stringify({ keys }) } });
    const [before, during, after] = [await withKeys(spring), await withKeys(summer, spring), await withKeys(summer)];
    const { access_token: old } = (await before.account()).tokens;
    // Their stores are apart, so whoever is known by the token has no profile there.
    expect(outcome(await before.holding(old).get('/orders'))).to.equal('200');
    expect(outcome(await during.holding(old).get('/orders'))).to.equal('200');
    expect(outcome(await after.holding(old).get('/orders'))).to.equal('401 UNAUTHENTICATED');
    const { access_token: fresher } = (await during.account()).tokens;
    expect(outcome(await after.holding(fresher).get('/orders'))).to.equal('200');
    expect(outcome(await before.holding(fresher).get('/orders'))).to.equal('401 UNAUTHENTICATED');
  });
});

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Other texts that say the same: ECDSA takes s and n − s, and base64 has bits and padding to spare. */
function twinsOf(token: string): string[] {
  const [head = '', body = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirrored = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  const twin = Buffer.concat([bytes.subarray(0, 32), mirrored]).toString('base64url');
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spare = ALPHABET[ALPHABET.indexOf(signature.at(-1)!) ^ 1]!;
  return [token, `${head}.${body}.${twin}`, `${head}.${body}.${signature.slice(0, -1)}${spare}`, `${token}==`];
}
