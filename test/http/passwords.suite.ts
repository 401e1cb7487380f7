import { expect } from 'chai';
import { BcryptPasswords } from '../../adapters/security/bcrypt-passwords.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import { PASSWORDS, STORE } from '../../config/tokens.ts';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';
import { fresh, type Shop } from './shop.ts';

const register = (shop: Shop, password: string, facts: object = {}) =>
  shop.anonymous.post('/auth/register', { email: `${fresh('person')}@example.com`, password, ...facts });

export const passwordsSuite = shopSuite('A password', it => {
  it('that is on everybody’s list, or easy to guess, is refused with advice', async shop => {
    for (const password of ['password1', '12345678', 'qwertyuiop', 'iloveyou', 'P@ssw0rd!', 'xxxxxxxxxxxxxxxx']) {
      const reply = await register(shop, password);
      expect(outcome(reply), password).to.equal('400 VALIDATION_ERROR');
      const advice = reply.body.error.details['password'] as string[];
      expect(advice[0], password).to.match(/^is too easy to guess\. [A-Z].+\./);
      expect(reply.text, password).not.to.include(password);
    }
  });

  it('made of one’s own name or address is refused', async shop => {
    const ada = { email: `ada.lovelace.${fresh('x')}@engine.example`, name: 'Ada Lovelace' };
    for (const password of ['adalovelace1815', 'Lovelace-Engine', `${ada.email}1`])
      expect(outcome(await register(shop, password, ada)), password).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await register(shop, 'lovelace wrote note G', ada))).to.equal('201');
  });

  it('may be long, of any script, and have blanks anywhere, and is taken as it is', async shop => {
    const long = 'four quiet otters paint a lighthouse in the fog before it rains, twice';
    for (const password of [
      long.slice(0, 64),
      long,
      '  a blank at both ends  ',
      'любопытный ёжик поёт',
      '静かなカワウソが灯台を描く',
    ]) {
      const email = `${fresh('script')}@example.com`;
      expect(outcome(await register(shop, password, { email })), password).to.equal('201');
      await shop.signIn({ email, password });
      const trimmed = { email, password: `${password} ` };
      expect(outcome(await shop.anonymous.post('/auth/login', trimmed))).to.equal('401 INVALID_CREDENTIALS');
    }
  });

  it('is judged when it is changed, too, but not when somebody signs in', async shop => {
    const { api, password } = await shop.account();
    const change = await api.post('/auth/password', { current_password: password, new_password: 'password1' });
    expect(outcome(change)).to.equal('400 VALIDATION_ERROR');
    expect(change.body.error.details).to.have.all.keys('new_password');
    const login = { email: `${fresh('nobody')}@example.com`, password: 'password1' };
    expect(outcome(await shop.anonymous.post('/auth/login', login))).to.equal('401 INVALID_CREDENTIALS');
  });

  it('is hashed anew at the next sign-in when the pepper or the cost is another', async (_shop, street) => {
    const older = new BcryptPasswords({ peppers: ['an older pepper of this shop'], cost: 4 });
    const now = new BcryptPasswords({
      peppers: ['a new pepper of this shop', 'an older pepper of this shop'],
      cost: 5,
    });
    const bindings = {
      bindings: (container: Shop['app']['container']) => void container.rebind(PASSWORDS).toConstantValue(now),
    };
    const shop = await street.another({ overrides: bindings });
    const person = await shop.account();
    const { unitOfWork } = shop.app.container.get(STORE);
    const email = EmailAddress(person.email);
    const hashed = async () => (await unitOfWork.run(({ users }) => users.findByEmail(email)))!.snapshot();
    const old = await older.hash(person.password);
    await unitOfWork.run(async ({ users }) => {
      const user = (await users.findByEmail(email))!;
      user.rehash(old);
      await users.save(user);
    });
    const before = await hashed();
    await Promise.all([shop.signIn(person), shop.signIn(person), shop.signIn(person)]);
    const after = await hashed();
    expect([now.isOutdated(before.passwordHash), now.isOutdated(after.passwordHash)]).to.deep.equal([true, false]);
    expect(after.version).to.equal(before.version);
    await shop.signIn(person);
    expect((await hashed()).passwordHash).to.equal(after.passwordHash);
  });

  it('is hashed once at a sign-in, whether there is such an account or not', async (_shop, street) => {
    const counted = new CountingPasswords();
    const bindings = {
      bindings: (container: Shop['app']['container']) => void container.rebind(PASSWORDS).toConstantValue(counted),
    };
    const shop = await street.another({ overrides: bindings });
    const { email } = await shop.account();
    const cost = async (login: object): Promise<number> => {
      const before = counted.hashed;
      expect(outcome(await shop.anonymous.post('/auth/login', login))).to.equal('401 INVALID_CREDENTIALS');
      return counted.hashed - before;
    };
    const password = 'not-the-right-one';
    expect(await cost({ email, password })).to.equal(1);
    expect(await cost({ email: 'nobody@example.com', password })).to.equal(1);
  });
});

/** Counts how often it does slow work. */
class CountingPasswords extends BcryptPasswords {
  hashed = 0;

  constructor() {
    super({ peppers: ['a pepper for counting'], cost: 4 });
  }

  override verify(password: string, hash: string): Promise<boolean> {
    this.hashed += 1;
    return super.verify(password, hash);
  }

  override verifyNothing(password: string): Promise<false> {
    this.hashed += 1;
    return super.verifyNothing(password);
  }
}
