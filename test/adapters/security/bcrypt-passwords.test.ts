import bcrypt from 'bcrypt';
import { expect } from 'chai';
import { restore, stub } from 'sinon';
import { BcryptPasswords, type BcryptSettings } from '../../../adapters/security/bcrypt-passwords.ts';
import { Semaphore } from '../../../adapters/security/semaphore.ts';
import { Unavailable } from '../../../application/ports/unit-of-work.ts';
import { aGate, aMoment, rejectionOf, times } from '../../support/waiting.ts';

const passwordsWith = (settings: Partial<BcryptSettings> = {}): BcryptPasswords =>
  new BcryptPasswords({ peppers: ['a pepper for tests'], cost: 4, ...settings });

describe('bcrypt passwords', () => {
  const passwords = passwordsWith();
  const PASSWORD = 'correct horse battery staple';

  afterEach(() => restore());

  it('let the right password in and a wrong one not', async () => {
    const hash = await passwords.hash(PASSWORD);
    expect(await passwords.verify(PASSWORD, hash)).to.equal(true);
    expect(await passwords.verify(`${PASSWORD}r`, hash)).to.equal(false);
  });

  it('are salted: the same password never hashes alike', async () => {
    expect(await passwords.hash(PASSWORD)).not.to.equal(await passwords.hash(PASSWORD));
  });

  it('say in the hash how it was made', async () => {
    expect(await passwords.hash(PASSWORD)).to.match(/^\$p1\$[\w-]{12}\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(await passwordsWith({ cost: 5 }).hash(PASSWORD)).to.include('$2b$05$');
  });

  const ALIKE: readonly (readonly [difference: string, one: string, other: string])[] = [
    ['the 73rd byte', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    ['the 128th character', `${'x'.repeat(127)}a`, `${'x'.repeat(127)}b`],
    ['what follows a NUL', 'secret\0one', 'secret\0two'],
    ['a trailing space', 'password ', 'password'],
    ['upper and lower case', 'Password', 'password'],
    ['an emoji past byte 72', `${'é'.repeat(40)}🐈`, `${'é'.repeat(40)}🐕`],
  ];
  for (const [difference, one, other] of ALIKE)
    it(`tell two passwords apart by ${difference}`, async () => {
      const hash = await passwords.hash(one);
      expect(await passwords.verify(one, hash)).to.equal(true);
      expect(await passwords.verify(other, hash)).to.equal(false);
    });

  it('cannot be checked without the pepper', async () => {
    const hash = await passwords.hash(PASSWORD);
    expect(await passwordsWith({ peppers: ['another pepper'] }).verify(PASSWORD, hash)).to.equal(false);
    expect(await bcrypt.compare(PASSWORD, hash.slice(hash.indexOf('$2b$')))).to.equal(false);
  });

  it('made with an older pepper or cost are still good', async () => {
    const hash = await passwords.hash(PASSWORD);
    const now = passwordsWith({ peppers: ['a new pepper', 'a pepper for tests'], cost: 5 });
    expect(await now.verify(PASSWORD, hash)).to.equal(true);
    expect((await now.hash(PASSWORD)).slice(0, 16)).not.to.equal(hash.slice(0, 16));
  });

  it('are to be made anew when the cost or the first pepper is another, or they are none of ours', async () => {
    const hash = await passwords.hash(PASSWORD);
    expect(passwords.isOutdated(hash)).to.equal(false);
    expect(passwordsWith({ cost: 5 }).isOutdated(hash)).to.equal(true);
    const peppers = ['a new pepper', 'a pepper for tests'] as const;
    expect(passwordsWith({ peppers }).isOutdated(hash)).to.equal(true);
    expect(passwordsWith({ peppers: ['a pepper for tests', 'an old one'] }).isOutdated(hash)).to.equal(false);
    expect(passwords.isOutdated('nonsense')).to.equal(true);
  });

  it('send away whoever would wait too long, and serve all who wait', async () => {
    const few = passwordsWith({ cost: 6, mostWaiting: 5 });
    const hash = await few.hash(PASSWORD);
    const results = await Promise.allSettled(times(20, () => few.verify(PASSWORD, hash)));
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(7);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).to.be.instanceOf(Unavailable);
    expect(await few.verify(PASSWORD, hash)).to.equal(true);
  });

  it('do not fit a hash that is none', async () => {
    const hash = await passwords.hash(PASSWORD);
    const bare = hash.slice(hash.indexOf('$2b$'));
    const malformed = ['', 'x', '$p1$', bare, hash.slice(0, -1), `${hash}=`, `${hash}\n`, hash.replace('$p1$', '$p2$')];
    for (const wrong of [...malformed, hash.replace('$2b$04', '$2b$31')])
      expect(await passwords.verify(PASSWORD, wrong), JSON.stringify(wrong)).to.equal(false);
  });

  it('of nobody are checked as long as those of somebody, from the first time on', async () => {
    const slow = passwordsWith({ cost: 8 });
    const hash = await slow.hash(PASSWORD);
    const nobody = await quickest(() => slow.verifyNothing(PASSWORD));
    const somebody = await quickest(() => slow.verify(PASSWORD, hash));
    expect(nobody / somebody).to.be.within(0.5, 2);
    expect(await slow.verifyNothing(PASSWORD)).to.equal(false);
  });

  it('never keep more threads busy than they may', async () => {
    let running = 0;
    let most = 0;
    const gate = aGate();
    const busy = async (): Promise<boolean> => {
      most = Math.max(most, (running += 1));
      await gate.opened;
      running -= 1;
      return true;
    };
    stub(bcrypt, 'compare').get(() => busy);
    const hash = await passwords.hash(PASSWORD);
    const checks = times(10, index => (index % 2 ? passwords.verify(PASSWORD, hash) : passwords.verifyNothing('x')));
    await aMoment();
    expect(running).to.equal(2);
    gate.open();
    await Promise.all(checks);
    expect(most).to.equal(2);
  });

  it('leave the event loop free', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 1);
    await passwordsWith({ cost: 10 }).hash(PASSWORD);
    clearInterval(ticking);
    expect(ticks).to.be.greaterThan(5);
  });

  for (const cost of [3, 20, 4.5])
    it(`refuse a cost of ${cost}`, () => {
      expect(() => passwordsWith({ cost })).to.throw(RangeError);
    });
});

describe('a semaphore', () => {
  it('serves those who wait in the order they came', async () => {
    const semaphore = new Semaphore(1);
    const served: number[] = [];
    const gate = aGate();
    const first = semaphore.run(() => gate.opened);
    const others = times(5, index => semaphore.run(async () => void served.push(index)));
    gate.open();
    await Promise.all([first, ...others]);
    expect(served).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('lets nobody in who comes just when a place gets free that another waits for', async () => {
    const semaphore = new Semaphore(1);
    let running = 0;
    let most = 0;
    const job = async (): Promise<void> => {
      most = Math.max(most, (running += 1));
      await aMoment();
      running -= 1;
    };
    const first = semaphore.run(job);
    const waiting = semaphore.run(job);
    await first;
    await Promise.all([waiting, semaphore.run(job), semaphore.run(job)]);
    expect(most).to.equal(1);
  });

  it('goes on after a job that failed, and lets its error through', async () => {
    const semaphore = new Semaphore(1);
    const trouble = new Error('out of threads');
    expect(await rejectionOf(semaphore.run(() => Promise.reject(trouble)))).to.equal(trouble);
    expect(await semaphore.run(async () => 'served')).to.equal('served');
  });

  it('needs a place', () => {
    expect(() => new Semaphore(0)).to.throw(RangeError);
  });
});

/** Milliseconds, the best of seven tries: a busy machine is not a slow function. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let tries = 0; tries < 7; tries += 1) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return Math.min(...taken);
}
