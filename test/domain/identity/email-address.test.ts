import { expect } from 'chai';
import * as fc from 'fast-check';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { codeOf, refusal } from '../../support/refusing.ts';
import { quickest } from '../../support/timing.ts';

describe('An e-mail address', () => {
  it('has one spelling for one mailbox', () => {
    for (const typed of ['ada@example.com', '  Ada@Example.COM ', 'ADA@EXAMPLE.COM\n'])
      expect(EmailAddress(typed)).to.equal('ada@example.com');
  });

  it('has one spelling for accents too, however they were typed', () => {
    expect(EmailAddress('Jose\u0301@example.com')).to.equal('jos\u00e9@example.com');
    // There is no capital ǰ to compose to, so it can only be composed once it is small.
    expect(EmailAddress('J\u030c@example.com')).to.equal(EmailAddress('\u01f0@example.com'));
  });

  for (const good of [
    'a@b.co',
    'first.last+tag@sub.example.co.uk',
    "o'hara@example.com",
    '用户@例子.公司',
    `${'a'.repeat(64)}@example.com`,
    `a@${'b'.repeat(240)}.example.com`,
  ])
    it(`may be ${good.slice(0, 40)}`, () => {
      expect(EmailAddress(good)).to.equal(good);
    });

  for (const bad of [
    '',
    '   ',
    'ada',
    '@example.com',
    'ada@',
    'ada@example',
    'ada@.com',
    'ada@example.',
    'ada@example..com',
    'ada@@example.com',
    'ada@x@example.com',
    'ada lovelace@example.com',
    'Ada <ada@example.com>',
    'ada@example.com>',
    'ada@example.com,bob@example.com',
    'ada@example.com;x.com',
    'ada@exam\u0000ple.com',
    'ada\u0000@example.com',
    'ada@example.com\r\nBcc: all@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(250)}.com`,
  ])
    it(`is not ${JSON.stringify(bad.slice(0, 40))}`, () => {
      expect(codeOf(() => EmailAddress(bad))).to.equal('VALIDATION_ERROR');
    });

  it('is never repeated in the refusal', () => {
    const error = refusal(() => EmailAddress('ada lovelace@example.com', 'contact.email'));
    expect(error.details).to.have.all.keys('contact.email');
    expect(error.message + JSON.stringify(error.details)).to.not.include('lovelace');
  });

  it('is the same when it is read again', () => {
    const parts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, parts, (local, domain) => {
        let email;
        try {
          email = EmailAddress(`${local}@${domain}.com`);
        } catch {
          return;
        }
        expect(EmailAddress(email)).to.equal(email);
      }),
    );
  });

  for (const [what, text] of [
    ['letters', 'a'.repeat(50_000)],
    ['dots', `a@${'a.'.repeat(25_000)}`],
    ['dots and an @ after all', `a@b${'.c'.repeat(25_000)}@`],
    ['@', '@'.repeat(50_000)],
    ['spaces', `${' '.repeat(50_000)}x`],
    ['accents in disorder', `e${'\u0301\u0316'.repeat(25_000)}@example.com`],
  ] as const)
    it(`is told from 50 kB of ${what} at once`, () => {
      const time = quickest(() => codeOf(() => EmailAddress(text)));
      expect(time).to.be.below(50);
    });
});
