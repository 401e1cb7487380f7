import { expect } from 'chai';
import { requirePassword } from '../../../domain/identity/password.ts';
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
