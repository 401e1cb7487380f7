import { expect } from 'chai';
import { BcryptPasswords } from '../../adapters/security/bcrypt-passwords.ts';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { PASSWORDS } from '../../config/tokens.ts';
import { dataOf, outcome } from './api.ts';
import type { Reply } from './client.ts';
import { shopSuite } from './harness.ts';
import { RESET, tokenFor } from './mailbox.ts';
import { fresh, type Shop } from './shop.ts';

const wrong = (shop: Shop, email: string, headers = {}) =>
  shop.anonymous.post('/auth/login', { email, password: 'not-the-right-one' }, headers);

const guess = async (shop: Shop, email: string, count: number, headers = (_: number) => ({})): Promise<string[]> => {
  const outcomes: string[] = [];
  for (let n = 0; n < count; n += 1) outcomes.push(outcome(await wrong(shop, email, headers(n))));
  return outcomes;
};

const WRONG = '401 INVALID_CREDENTIALS';
const STOPPED = '429 RATE_LIMITED';

const times = (count: number, what: string) => Array<string>(count).fill(what);

/** An answer without what differs from one request to the next. */
const alike = ({ status, headers, body }: Reply) => {
  const { timestamp: _t, request_id: _r, ...error } = body.error;
  return { status, error, headers: Object.keys(headers).toSorted() };
};

const BEHIND_A_PROXY = { TRUSTED_PROXIES: '1', RATE_LIMIT: 'on' };
const from = (address: string) => ({ 'X-Forwarded-For': address });

export const guessingSuite = shopSuite('Guessing passwords', it => {
  it('ends after ten, also for the right one, for a quarter of an hour', async shop => {
    const { email, password } = await shop.account();
    expect(await guess(shop, email, 10)).to.deep.equal(times(10, WRONG));
    const right = await shop.anonymous.post('/auth/login', { email, password });
    expect(outcome(right)).to.equal(STOPPED);
    expect(Number(right.headers['retry-after'])).to.be.within(890, 900);
  });

  it('looks the same for an account that is not there', async shop => {
    const { email } = await shop.account();
    const stranger = `${fresh('nobody')}@example.com`;
    const answers = async (address: string) => {
      const first = alike(await wrong(shop, address));
      await guess(shop, address, 9);
      return [first, alike(await wrong(shop, address))];
    };
    const [known, unknown] = [await answers(email), await answers(stranger)];
    expect(unknown).to.deep.equal(known);
    expect(known.map(({ status }) => status)).to.deep.equal([401, 429]);
    expect(outcome(await wrong(shop, ` ${email.toUpperCase()}`)), 'spelt otherwise').to.equal(STOPPED);
  });

  it('gets at most ten looks when fifty guess at once', async (_shop, street) => {
    let looks = 0;
    class Looking extends BcryptPasswords {
      override verify(password: string, hash: string): Promise<boolean> {
        looks += 1;
        return super.verify(password, hash);
      }
    }
    const passwords = new Looking({ peppers: ['a pepper of this shop'], cost: 4 });
    const shop = await street.another({
      overrides: { bindings: container => void container.rebind(PASSWORDS).toConstantValue(passwords) },
    });
    const { email } = await shop.account();
    const before = looks;
    const replies = await Promise.all(Array.from({ length: 50 }, () => wrong(shop, email)));
    expect(looks - before).to.equal(10);
    expect(replies.map(outcome).toSorted()).to.deep.equal([...times(10, WRONG), ...times(40, STOPPED)]);
  });

  it('is forgotten when the right one comes', async shop => {
    const person = await shop.account();
    for (let round = 0; round < 3; round += 1) {
      expect(await guess(shop, person.email, 9)).to.deep.equal(times(9, WRONG));
      await shop.signIn(person);
    }
  });

  it('from other addresses does not keep the owner out', async (_shop, street) => {
    const shop = await street.another({ environment: BEHIND_A_PROXY });
    const { email, password } = await shop.account();
    await guess(shop, email, 11, () => from('203.0.113.1'));
    expect(outcome(await wrong(shop, email, from('203.0.113.1')))).to.equal(STOPPED);
    const right = { email, password };
    expect(outcome(await shop.anonymous.post('/auth/login', right, from('203.0.113.2')))).to.equal('200');
  });

  it('is not helped by making addresses up', async shop => {
    const { email } = await shop.account();
    const lies = (n: number) => {
      const address = `198.51.100.${n}`;
      return { 'X-Forwarded-For': address, 'X-Real-IP': address, Forwarded: `for=${address}` };
    };
    expect((await guess(shop, email, 12, lies)).slice(10)).to.deep.equal([STOPPED, STOPPED]);
  });

  it('is not helped by it behind a proxy either, nor by the many addresses of one IPv6 network', async (_shop, street) => {
    const shop = await street.another({ environment: BEHIND_A_PROXY });
    const { email } = await shop.account();
    const lies = (n: number) => from(`198.51.100.${n}, 10.0.0.${n}, 203.0.113.7`);
    expect((await guess(shop, email, 12, lies)).slice(10)).to.deep.equal([STOPPED, STOPPED]);
    const six = (n: number) => from(`2001:db8:7:1::${(n + 1).toString(16)}`);
    expect((await guess(shop, email, 12, six)).slice(10)).to.deep.equal([STOPPED, STOPPED]);
    expect(outcome(await wrong(shop, email, from('2001:db8:7:2::1')))).to.equal(WRONG);
  });

  it('from everywhere ends after a hundred, and a new password by mail opens the door', async (_shop, street) => {
    const shop = await street.another({ environment: BEHIND_A_PROXY });
    const { email } = await shop.account();
    const everywhere = (n: number) => from(`203.0.113.${n % 200}`);
    expect(await guess(shop, email, 100, everywhere)).to.deep.equal(times(100, WRONG));
    expect(outcome(await wrong(shop, email, from('192.0.2.1')))).to.equal(STOPPED);
    await shop.anonymous.post('/auth/password/forgot', { email });
    const token = await tokenFor(shop, email, RESET);
    const password = 'quite-another-one';
    const reset = { token, new_password: password };
    expect(outcome(await shop.anonymous.post('/auth/password/reset', reset))).to.equal('204');
    dataOf(await shop.anonymous.post('/auth/login', { email, password }));
  });

  it('at five hundred accounts from one address is stopped', async (_shop, street) => {
    const shop = await street.another({ environment: { RATE_LIMIT: 'on' } });
    const replies = await Promise.all(Array.from({ length: 500 }, (_, n) => wrong(shop, `victim-${n}@example.com`)));
    const outcomes = replies.map(outcome);
    expect(outcomes.filter(one => one === WRONG)).to.have.length(60);
    expect(outcomes.filter(one => one === STOPPED)).to.have.length(440);
  });

  it('at tokens and keys is counted like any other request of an address', async (_shop, street) => {
    const shop = await street.another({ environment: { RATE_LIMIT: 'on' } });
    for (const token of ['a.b.c', `pnr_${'x'.repeat(43)}`]) {
      const { status, headers } = await shop.anonymous.get('/users/me', { Authorization: `Bearer ${token}` });
      expect(status).to.equal(401);
      expect(headers['ratelimit']).to.match(/^"read";r=\d+/);
    }
  });

  it('does not count what could not be looked at', async (_shop, street) => {
    let away = false;
    class Fitful extends BcryptPasswords {
      override verify(password: string, hash: string): Promise<boolean> {
        return away ? Promise.reject(new Unavailable('Too many wait.')) : super.verify(password, hash);
      }
    }
    const passwords = new Fitful({ peppers: ['a pepper of this shop'], cost: 4 });
    const shop = await street.another({
      overrides: { bindings: container => void container.rebind(PASSWORDS).toConstantValue(passwords) },
    });
    const person = await shop.account();
    away = true;
    expect(await guess(shop, person.email, 15)).to.deep.equal(times(15, '503 UNAVAILABLE'));
    away = false;
    await shop.signIn(person);
  });

  it('at the current password of a stolen session ends, too', async shop => {
    const { api } = await shop.account();
    const change = { current_password: 'not-the-right-one', new_password: 'quite-another-one' };
    for (let n = 0; n < 10; n += 1) expect(outcome(await api.post('/auth/password', change))).to.equal(WRONG);
    expect(outcome(await api.post('/auth/password', change))).to.equal(STOPPED);
  });
});
