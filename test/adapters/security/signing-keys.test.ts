import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { generateSigningKeys, InvalidSigningKeys, parseSigningKeys } from '../../../adapters/security/signing-keys.ts';

const A = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'spring',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
};
const B = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const SUMMER = { ...A, ...B, kid: 'summer' };

const setOf = (...keys: unknown[]): string => JSON.stringify({ keys });

function problemsOf(text: string): readonly string[] {
  try {
    parseSigningKeys(text);
  } catch (error) {
    if (error instanceof InvalidSigningKeys) return error.problems;
    throw error;
  }
  throw new Error('These keys were expected to be refused.');
}

describe('signing keys', () => {
  it('come from a JWK set, and the first one signs', () => {
    const keys = parseSigningKeys(setOf(A, SUMMER));
    expect(keys.map(({ kid }) => kid)).to.deep.equal(['spring', 'summer']);
    expect(keys[0].privateKey.type).to.equal('private');
    expect(keys[0].publicKey.export({ format: 'jwk' })).to.deep.equal({ kty: 'EC', crv: 'P-256', x: A.x, y: A.y });
  });

  const { d: _d, ...withoutPrivatePart } = A;
  const REFUSED: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
    ['no JSON', '{"keys":', 'must be JSON'],
    ['an empty setting', '', 'must be JSON'],
    ['a bare list', JSON.stringify([A]), 'must be a JWK set: {"keys":[…]}'],
    ['a single key', JSON.stringify(A), 'must be a JWK set: {"keys":[…]}'],
    ['null', 'null', 'must be a JWK set: {"keys":[…]}'],
    ['an empty set', setOf(), 'keys must not be empty'],
    ['a key that is a text', setOf('secret'), 'keys[0] must be an object'],
    ['a key without its private part', setOf(withoutPrivatePart), 'keys[0] d must be 32 bytes in base64url'],
    ['a key that is too short', setOf({ ...A, d: A.d.slice(1) }), 'keys[0] d must be 32 bytes in base64url'],
    ['plain base64', setOf({ ...A, y: A.y.replace('_', '/') }), 'keys[0] y must be 32 bytes in base64url'],
    ['another key for encryption', setOf({ ...A, use: 'enc' }), 'keys[0] use must be "sig" if it is there'],
    ['another algorithm', setOf({ ...A, alg: 'ES384' }), 'keys[0] alg must be "ES256" if it is there'],
    ['a point off the curve', setOf({ ...A, x: A.y }), 'keys[0] x, y and d do not make up one key'],
    ['the private part of another key', setOf({ ...A, d: SUMMER.d }), 'keys[0] x, y and d do not make up one key'],
    ['the same kid twice', setOf(A, { ...SUMMER, kid: 'spring' }), 'kid "spring" is there more than once'],
    [
      'a kid that is a path',
      setOf({ ...A, kid: '../x' }),
      'keys[0] kid must be 1 to 64 characters of A-Z a-z 0-9 . _ -',
    ],
    ['no kid', setOf({ ...A, kid: undefined }), 'keys[0] kid must be 1 to 64 characters of A-Z a-z 0-9 . _ -'],
    [
      'several faults',
      setOf({ ...A, kty: 'RSA' }, { ...SUMMER, crv: 'P-384', d: 5 }, null),
      'keys[0] kty must be "EC"',
      'keys[1] crv must be "P-256"',
      'keys[1] d must be 32 bytes in base64url',
      'keys[2] must be an object',
    ],
  ];
  for (const [what, text, ...problems] of REFUSED)
    it(`are not made of ${what}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });

  it('never show up in what is said against them', () => {
    for (const text of [`${setOf(A)}x`, setOf({ ...A, kty: 'x' }), setOf({ ...A, d: `${A.d}x` }), setOf(A, A)]) {
      const told = problemsOf(text).join();
      for (const part of [A.d, A.x, A.y]) expect(told).not.to.include(part.slice(0, 8));
    }
  });

  it('are made new each time, named by their thumbprint, and readable', () => {
    const [one, other] = [parseSigningKeys(generateSigningKeys())[0], parseSigningKeys(generateSigningKeys())[0]];
    expect(one.privateKey.equals(other.privateKey)).to.equal(false);
    expect(one.kid).not.to.equal(other.kid);
    expect(one.kid).to.match(/^[\w-]{43}$/);
  });
});
