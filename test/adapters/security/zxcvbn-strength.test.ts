import { dictionary } from '@zxcvbn-ts/language-common';
import { expect } from 'chai';
import { ZxcvbnStrength } from '../../../adapters/security/zxcvbn-strength.ts';
import { times } from '../../support/waiting.ts';

describe('The strength of passwords', () => {
  const strength = new ZxcvbnStrength();

  it('is too little for every one of the three thousand most common', async function () {
    this.timeout(60_000);
    const common = dictionary['passwords-common'].filter(password => password.length >= 8).slice(0, 3000);
    expect(common).to.have.length(3000);
    const verdicts = await Promise.all(common.map(password => strength.weaknessOf(password, [])));
    expect(common.filter((_, index) => verdicts[index] === undefined)).to.deep.equal([]);
  });

  for (const guessable of ['P@ssw0rd!', 'qwertyuiop', 'abcdefgh', '2001-02-03', 'x'.repeat(128), 'password1password1'])
    it(`is too little for ${guessable.slice(0, 20)}`, async () => {
      expect(await strength.weaknessOf(guessable, [])).to.match(/^is too easy to guess\. \S/);
    });

  for (const good of ['correct horse battery', 'Tr0ub4dour&3', 'любопытный ёжик', '🐈🦔🌂🎻🧭🛶🌵🥁'])
    it(`is enough for ${good}`, async () => {
      expect(await strength.weaknessOf(good, [])).to.equal(undefined);
    });

  it('is less for who is known to have thought of it', async () => {
    expect(await strength.weaknessOf('zanzibarkittens', [])).to.equal(undefined);
    expect(await strength.weaknessOf('zanzibarkittens', ['zanzibarkittens'])).to.be.a('string');
  });

  it('is found without keeping the process from its other work for long, whatever it is given', async () => {
    await strength.weaknessOf('warm up', []);
    const noise = times(128, index => String.fromCharCode(33 + ((index * 7919) % 94))).join('');
    const given = [noise, '4@8({[3e!1l0o$5+7%'.repeat(7), '1l!|i7'.repeat(20), 'p@$$w0rd'.repeat(16), '12'.repeat(64)];
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await Promise.all(times(4, () => given.map(password => strength.weaknessOf(password, []))).flat());
    clearInterval(watch);
    expect(longest).to.be.within(1, 400);
  });
});
