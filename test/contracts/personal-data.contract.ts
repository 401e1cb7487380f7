import { expect } from 'chai';
import { type PersonalDataCipher, type Place, UnreadablePersonalData } from '../../application/ports/personal-data.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import { mochaApi, type SuiteApi } from './suite-api.ts';

export interface CipherHarness {
  readonly name: string;
  /** One that has these secrets, the first one first. */
  cipher(secrets: readonly [string, ...string[]]): PersonalDataCipher;
}

const ADA = '019cae1f-f000-7000-8000-0000000000aa';
const BOB = '019cae1f-f000-7000-8000-0000000000bb';
const OLD = 'o'.repeat(43);
const NEW = 'n'.repeat(43);

const PLACE: Place = { table: 'users', column: 'email', row: ADA };
const ELSEWHERE: readonly Place[] = [
  { ...PLACE, row: BOB },
  { ...PLACE, column: 'name' },
  { ...PLACE, table: 'orders' },
];
const TEXTS = [
  'ada@example.com',
  '',
  'Zoë "Z" O’Neill',
  '{"line1":"1 Harbour Street"}',
  'v1:a:b:c:d',
  'ü'.repeat(5000),
];
const EMAIL = EmailAddress('ada@example.com');

/** The same text with one bit of one character another, for each character. */
const flipped = (text: string): string[] =>
  Array.from(text, (char, at) => {
    const other = String.fromCharCode(char.charCodeAt(0) ^ 1);
    return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
  });

/** Everything that the shop expects of who seals its customers' data. */
export function personalDataContract(harness: CipherHarness, api: SuiteApi = mochaApi): void {
  const cipher = harness.cipher([OLD]);
  const ada = cipher.newKey(ADA);

  const refuses = (open: () => string, what: string) => {
    try {
      open();
    } catch (error) {
      expect(error, what).to.be.instanceOf(UnreadablePersonalData);
      for (const text of TEXTS.filter(text => text !== '')) expect(String(error), what).not.to.include(text);
      return;
    }
    expect.fail(`This was opened: ${what}`);
  };

  api.describe(`Sealing personal data (${harness.name})`, () => {
    api.it('gives back every text as it was, also to another process with the same secrets', async () => {
      const there = harness.cipher([OLD]);
      for (const text of TEXTS) {
        const sealed = cipher.seal(ada, PLACE, text);
        expect(sealed).to.match(/^v1:[\w-]+:[\w-]+:[\w-]*:[\w-]+$/);
        expect([cipher, there].map(one => one.open(ada, PLACE, sealed))).to.deep.equal([text, text]);
      }
    });

    api.it('shows nothing of the text, and never the same twice', async () => {
      const sealed = Array.from({ length: 50 }, () => cipher.seal(ada, PLACE, EMAIL));
      expect(new Set(sealed).size).to.equal(50);
      expect(new Set(sealed.map(text => text.split(':')[2])).size).to.equal(50);
      for (const text of sealed) {
        const bytes = text.split(':').map(part => Buffer.from(part, 'base64url').toString('latin1'));
        for (const shown of [text, ...bytes]) expect(shown).not.to.include('ada').and.not.include('example');
      }
    });

    api.it('opens a text at its own place only', async () => {
      const sealed = cipher.seal(ada, PLACE, EMAIL);
      for (const place of ELSEWHERE) refuses(() => cipher.open(ada, place, sealed), JSON.stringify(place));
    });

    api.it('opens a text under its own key only, and says which key that would be', async () => {
      const sealed = cipher.seal(ada, PLACE, EMAIL);
      const strangers = [cipher.newKey(ADA), cipher.newKey(BOB), { personId: BOB, wrapped: ada.wrapped }];
      for (const key of strangers) refuses(() => cipher.open(key, PLACE, sealed), JSON.stringify(key));
      const kid = sealed.split(':')[1]!;
      expect(() => cipher.open(strangers[0]!, PLACE, sealed))
        .to.throw(`users.email of ${ADA}`)
        .with.property('message')
        .that.includes(kid);
    });

    api.it('is loud when a single bit is wrong, in the text or in the key', async () => {
      const sealed = cipher.seal(ada, PLACE, EMAIL);
      for (const wrong of flipped(sealed)) refuses(() => cipher.open(ada, PLACE, wrong), wrong);
      for (const wrapped of flipped(ada.wrapped))
        refuses(() => cipher.open({ ...ada, wrapped }, PLACE, sealed), wrapped);
      for (const wrong of ['', EMAIL, sealed.slice(0, -4), `${sealed}A`, sealed.replace('v1', 'v2')])
        refuses(() => cipher.open(ada, PLACE, wrong), wrong);
    });

    api.it('is lost without the secret that wrapped the key', async () => {
      const sealed = cipher.seal(ada, PLACE, EMAIL);
      refuses(() => harness.cipher([NEW]).open(ada, PLACE, sealed), 'with another secret');
    });

    api.it('goes on reading under an older secret, until the keys are wrapped anew', async () => {
      const sealed = cipher.seal(ada, PLACE, EMAIL);
      const both = harness.cipher([NEW, OLD]);
      expect(both.kids).to.deep.equal([...harness.cipher([NEW]).kids, ...cipher.kids]);
      expect(both.open(ada, PLACE, sealed)).to.equal(EMAIL);
      const anew = both.rewrap(ada);
      expect([ada, anew].map(key => key.wrapped.split(':')[1])).to.deep.equal([both.kids[1], both.kids[0]]);
      expect(harness.cipher([NEW]).open(anew, PLACE, sealed)).to.equal(EMAIL);
      refuses(() => harness.cipher([OLD]).open(anew, PLACE, sealed), 'with the older secret');
    });

    api.it('marks a text for comparing under each secret, and not as an address is', async () => {
      const both = harness.cipher([NEW, OLD]);
      const marks = both.fingerprints(EMAIL);
      expect(marks).to.deep.equal([...harness.cipher([NEW]).fingerprints(EMAIL), ...cipher.fingerprints(EMAIL)]);
      expect(marks.map(mark => mark.split(':')[0])).to.deep.equal(both.kids);
      expect(new Set([...marks, ...both.fingerprints('another'), ...both.emailIndexes(EMAIL)]).size).to.equal(6);
    });

    api.it('indexes an address under each secret, so that equal ones are found and no other', async () => {
      const both = harness.cipher([NEW, OLD]);
      const indexes = both.emailIndexes(EMAIL);
      expect(indexes.map(index => index.split(':')[0])).to.deep.equal(both.kids);
      expect(indexes).to.deep.equal([...harness.cipher([NEW]).emailIndexes(EMAIL), ...cipher.emailIndexes(EMAIL)]);
      expect(new Set([...indexes, ...both.emailIndexes(EmailAddress('bob@example.com'))]).size).to.equal(4);
    });
  });
}
