import { expect } from 'chai';
import { RandomTokens } from '../../../adapters/security/random-tokens.ts';
import { times } from '../../support/waiting.ts';

describe('random tokens', () => {
  const tokens = new RandomTokens();

  it('are 43 characters that fit into a URL', () => {
    for (const token of times(100, () => tokens.next())) expect(token).to.match(/^[A-Za-z0-9_-]{43}$/);
  });

  it('never come twice', () => {
    expect(new Set(times(10_000, () => tokens.next())).size).to.equal(10_000);
  });

  it('are stored as their SHA-256', () => {
    expect(tokens.hash('abc')).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('have another hash when a single letter differs', () => {
    expect(tokens.hash('abd')).not.to.equal(tokens.hash('abc'));
  });

  it('can be made again from another one and a key, by who has the secret', () => {
    const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const before = new RandomTokens({ secrets: [old] });
    const [token] = before.derive('presented', 'key');
    expect(token).to.match(/^[A-Za-z0-9_-]{43}$/);
    expect(before.derive('presented', 'key')).to.deep.equal([token]);
    for (const other of [
      before.derive('presented', 'other'),
      before.derive('another', 'key'),
      tokens.derive('presented', 'key'),
    ])
      expect(other).not.to.include(token);
    const [newest, older] = new RandomTokens({ secrets: [fresh, old] }).derive('presented', 'key');
    expect(newest).not.to.equal(token);
    expect(older).to.equal(token);
  });

  it('match their own hash and no other', () => {
    const token = tokens.next();
    expect(tokens.matches(token, tokens.hash(token))).to.equal(true);
    for (const hash of [tokens.hash('abc'), '', token]) expect(tokens.matches(token, hash)).to.equal(false);
  });
});
