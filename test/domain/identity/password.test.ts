import { expect } from 'chai';
import { isMadeOf, knownOf, requirePassword } from '../../../domain/identity/password.ts';
import { refusal } from '../../support/refusing.ts';

describe('A password', () => {
  it('has 8 to 128 characters', () => {
    for (const length of [8, 9, 72, 73, 128]) expect(requirePassword('x'.repeat(length))).to.have.lengthOf(length);
    for (const length of [0, 7, 129, 50_000])
      expect(refusal(() => requirePassword('x'.repeat(length))).code, String(length)).to.equal('VALIDATION_ERROR');
  });

  it('counts characters, not the units they are stored in', () => {
    expect(requirePassword('🐈'.repeat(128))).to.have.lengthOf(256);
    expect(() => requirePassword('🐈'.repeat(7))).to.throw('at least 8 characters');
    expect(() => requirePassword('🐈'.repeat(129))).to.throw('at most 128 characters');
  });

  it('is taken as it is: nothing is trimmed, cut or composed', () => {
    const password = ' cafe\u0301 \u0000 ';
    expect(requirePassword(password)).to.equal(password);
    expect(requirePassword(' '.repeat(8))).to.equal(' '.repeat(8));
  });

  it('is never repeated in the refusal', () => {
    const error = refusal(() => requirePassword('hunter2', 'new_password'));
    expect(error.details).to.deep.equal({ new_password: ['must have at least 8 characters'] });
    expect(error.message).to.not.include('hunter2');
  });
});

describe('What everybody knows of a person', () => {
  const ada = knownOf({ email: 'ada.k@engine-works.example', name: 'Ada Lovelace-King' });

  it('is their address and name, whole and in parts', () => {
    expect(ada).to.include.members(['ada.k@engine-works.example', 'engine', 'works', 'ada lovelace-king', 'lovelace']);
    expect(ada).not.to.include('k');
    expect(knownOf({ email: 'x@y.example', name: null })).to.include('x@y.example');
  });

  for (const password of [
    'adalovelace1815',
    'LOVELACE-2024',
    'Engine!Works!',
    'Lövelace99',
    'ada.k@engine-works.example',
  ])
    it(`is next to all that is in ${password}`, () => {
      expect(isMadeOf(password, ada)).to.equal(true);
    });

  for (const password of ['lovelace wrote note G', 'quite-another-one', 'canada-goose-77', '12345678'])
    it(`is not all that is in ${password}`, () => {
      expect(isMadeOf(password, ada)).to.equal(false);
    });
});
