import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import { AesPersonalData } from '../../adapters/security/aes-personal-data.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import { personalDataContract } from './personal-data.contract.ts';
import { verdictOf } from './verdict.ts';

const sound = (secrets: readonly [string, ...string[]]): PersonalDataCipher => new AesPersonalData({ secrets });

/** A sound one with some of its ways changed. */
const changing =
  (change: (cipher: PersonalDataCipher) => Partial<PersonalDataCipher>) =>
  (secrets: readonly [string, ...string[]]): PersonalDataCipher => {
    const cipher = sound(secrets);
    return {
      kids: cipher.kids,
      newKey: personId => cipher.newKey(personId),
      rewrap: key => cipher.rewrap(key),
      seal: (key, place, text) => cipher.seal(key, place, text),
      open: (key, place, sealed) => cipher.open(key, place, sealed),
      emailIndexes: email => cipher.emailIndexes(email),
      fingerprints: text => cipher.fingerprints(text),
      ...change(cipher),
    };
  };

const remembered = new Map<string, string>();
const NOWHERE = 'nowhere';

const BROKEN: readonly (readonly [what: string, cipher: typeof sound, breaks: string])[] = [
  [
    'is not bound to the row',
    changing(cipher => ({
      seal: (key, place, text) => cipher.seal(key, { ...place, row: NOWHERE }, text),
      open: (key, place, sealed) => cipher.open(key, { ...place, row: NOWHERE }, sealed),
    })),
    'opens a text at its own place only',
  ],
  [
    'is not bound to the column',
    changing(cipher => ({
      seal: (key, place, text) => cipher.seal(key, { ...place, column: NOWHERE }, text),
      open: (key, place, sealed) => cipher.open(key, { ...place, column: NOWHERE }, sealed),
    })),
    'opens a text at its own place only',
  ],
  [
    'gives the same text for the same text',
    changing(cipher => ({
      seal: (key, place, text) => {
        const name = JSON.stringify([key, place, text]);
        if (!remembered.has(name)) remembered.set(name, cipher.seal(key, place, text));
        return remembered.get(name)!;
      },
    })),
    'shows nothing of the text, and never the same twice',
  ],
  [
    'only encodes',
    changing(cipher => ({
      seal: (_key, _place, text) =>
        `v1:k:${Math.random()}:${Buffer.from(text).toString('base64url')}:t`.replace('0.', ''),
      open: (_key, _place, sealed) => Buffer.from(sealed.split(':')[3]!, 'base64url').toString(),
      emailIndexes: email => cipher.emailIndexes(email),
    })),
    'shows nothing of the text, and never the same twice',
  ],
  [
    'gives garbage instead of an error',
    changing(cipher => ({
      open: (key, place, sealed) => {
        try {
          return cipher.open(key, place, sealed);
        } catch {
          return '\ufffd\ufffd';
        }
      },
    })),
    'is loud when a single bit is wrong, in the text or in the key',
  ],
  [
    'lets any key open any text',
    changing(cipher => {
      const one = cipher.newKey('one for all');
      return {
        seal: (_key, place, text) => cipher.seal(one, place, text),
        open: (_key, place, sealed) => cipher.open(one, place, sealed),
      };
    }),
    'opens a text under its own key only, and says which key that would be',
  ],
  [
    'makes a new key where the old one should be wrapped anew',
    changing(cipher => ({ rewrap: ({ personId }) => cipher.newKey(personId) })),
    'goes on reading under an older secret, until the keys are wrapped anew',
  ],
  [
    'indexes without a key',
    changing(cipher => ({
      emailIndexes: email => {
        const [first, ...others] = cipher.kids.map(
          kid => `${kid}:${createHash('sha256').update(email).digest('base64url')}`,
        );
        return [first!, ...others.map(other => other.toLowerCase())];
      },
    })),
    'indexes an address under each secret, so that equal ones are found and no other',
  ],
  [
    'indexes under the first key only',
    changing(cipher => ({ emailIndexes: email => [cipher.emailIndexes(email)[0]] })),
    'indexes an address under each secret, so that equal ones are found and no other',
  ],
  [
    'marks a text as if it were an address',
    changing(cipher => ({ fingerprints: text => cipher.emailIndexes(text as EmailAddress) })),
    'marks a text for comparing under each secret, and not as an address is',
  ],
];

describe('the contract of sealing personal data', () => {
  it('accepts a sound adapter', async () => {
    const { passed, failed } = await verdictOf(api => personalDataContract({ name: 'sound', cipher: sound }, api));
    expect(failed).to.deep.equal([]);
    for (const [, , sentence] of BROKEN)
      expect(
        passed.filter(title => title.endsWith(sentence)),
        sentence,
      ).to.have.length(1);
  });

  for (const [what, cipher, breaks] of BROKEN)
    it(`refuses an adapter that ${what}`, async () => {
      const { passed, failed } = await verdictOf(api => personalDataContract({ name: what, cipher }, api), [breaks]);
      expect(passed).to.deep.equal([]);
      expect(failed).to.have.length(1);
    });
});
