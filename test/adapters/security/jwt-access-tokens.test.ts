import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect } from 'chai';
import { JwtAccessTokens, type JwtSettings } from '../../../adapters/security/jwt-access-tokens.ts';
import { generateSigningKeys, parseSigningKeys, type SigningKeys } from '../../../adapters/security/signing-keys.ts';
import type { AccessClaims, NewAccessToken } from '../../../application/ports/access-tokens.ts';
import { CUSTOMER, type Permission, PERMISSIONS, Role, STAFF } from '../../../domain/identity/permissions.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { NOON } from '../../support/builders.ts';

const SPRING = parseSigningKeys(generateSigningKeys())[0];
const SUMMER = parseSigningKeys(generateSigningKeys())[0];
const STRANGER = parseSigningKeys(generateSigningKeys())[0];

const NOW = NOON.getTime() / 1000;

let now = NOON;

const tokensWith = (settings: Partial<JwtSettings> = {}): JwtAccessTokens =>
  new JwtAccessTokens({
    keys: [SPRING, SUMMER],
    issuer: 'https://shop.example',
    audience: 'pannier',
    clock: { now: () => now },
    ...settings,
  });

const tokens = tokensWith();

const CLAIMS: AccessClaims = {
  issuer: 'https://shop.example',
  id: '019cae1f-f000-7000-8000-0000000000aa',
  userId: UserId('019cae1f-f000-7000-8000-000000000001'),
  role: STAFF,
  issuedAt: NOON,
  expiresAt: new Date((NOW + 900) * 1000),
};

const PERMITTED: readonly Permission[] = ['products:write', 'orders:read'];
const NEW: NewAccessToken = { ...CLAIMS, permissions: PERMITTED };

const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: SPRING.kid };

const PAYLOAD = {
  iss: 'https://shop.example',
  aud: 'pannier',
  sub: CLAIMS.userId,
  jti: CLAIMS.id,
  role: 'staff',
  scope: 'products:write',
  iat: NOW,
  nbf: NOW,
  exp: NOW + 900,
};

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const es256 = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

/** A token that is well signed by the first key, unless told otherwise. */
function aToken(payload: object = {}, header: object = {}, key = SPRING.privateKey): string {
  const signed = `${encoded({ ...HEADER, ...header })}.${encoded({ ...PAYLOAD, ...payload })}`;
  return `${signed}.${es256(signed, key)}`;
}

function hs256(secret: string | Buffer, header: object = {}): string {
  const signed = `${encoded({ ...HEADER, alg: 'HS256', ...header })}.${encoded(PAYLOAD)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function partsOf(token: string): readonly [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, signature];
}

const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

const unsigned = (alg: string): string => `${encoded({ ...HEADER, alg })}.${encoded(PAYLOAD)}.`;

const [GOOD_HEADER, GOOD_PAYLOAD, GOOD_SIGNATURE] = partsOf(aToken());
const PEM = SPRING.publicKey.export({ type: 'spki', format: 'pem' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const PUBLIC_JWK = STRANGER.publicKey.export({ format: 'jwk' });

describe('access tokens', () => {
  beforeEach(() => {
    now = NOON;
  });

  it('tell who is calling', () => {
    expect(tokens.verify(tokens.issue(NEW))).to.deep.equal(CLAIMS);
  });

  it('say what they are and hold nothing personal', () => {
    const [header, payload] = partsOf(tokens.issue(NEW));
    expect(decoded(header)).to.deep.equal(HEADER);
    const scope = PERMITTED.join(' ');
    expect(decoded(payload)).to.deep.equal({ ...PAYLOAD, scope });
  });

  it('list what the role permits, for their readers', () => {
    const payloadOf = (claims: Partial<NewAccessToken>): unknown =>
      decoded(partsOf(tokens.issue({ ...NEW, ...claims }))[1]);
    expect(payloadOf({ role: CUSTOMER, permissions: [] })).to.include({ role: 'customer', scope: '' });
    const ours = Role('warehouse-2');
    expect(payloadOf({ role: ours, permissions: PERMISSIONS })).to.include({ scope: PERMISSIONS.join(' ') });
    expect(tokens.verify(tokens.issue({ ...NEW, role: ours }))).to.have.property('role', ours);
  });

  it('are good until the second they end, and expired from then on', () => {
    const token = tokens.issue(NEW);
    now = new Date(CLAIMS.expiresAt.getTime() - 1);
    expect(tokens.verify(token)).to.deep.equal(CLAIMS);
    now = CLAIMS.expiresAt;
    expect(tokens.verify(token)).to.equal('expired');
  });

  it('are good on a machine whose clock is five seconds behind, and no more', () => {
    const token = tokens.issue(NEW);
    now = new Date(NOON.getTime() - 5000);
    expect(tokens.verify(token)).to.deep.equal(CLAIMS);
    now = new Date(NOON.getTime() - 6000);
    expect(tokens.verify(token)).to.equal('invalid');
  });

  for (const seconds of [901, 86_400, 0, -1])
    it(`are not issued for ${seconds} seconds`, () => {
      const expiresAt = new Date((NOW + seconds) * 1000);
      expect(() => tokens.issue({ ...NEW, expiresAt })).to.throw(RangeError);
    });

  it('made by hand the same way are good, so that the forgeries below fail for their own faults', () => {
    expect(tokens.verify(aToken())).to.deep.equal(CLAIMS);
  });

  it('by a key that was retired are good while it is in the list, and then no more', () => {
    const [before, rotated, after]: SigningKeys[] = [[SPRING], [SUMMER, SPRING], [SUMMER]];
    const old = tokensWith({ keys: before! }).issue(NEW);
    expect(tokensWith({ keys: rotated! }).verify(old)).to.deep.equal(CLAIMS);
    expect(tokensWith({ keys: after! }).verify(old)).to.equal('invalid');
    expect(decoded(partsOf(tokensWith({ keys: rotated! }).issue(NEW))[0])).to.have.property('kid', SUMMER.kid);
  });

  it('of another shop or for another audience are not ours', () => {
    expect(tokensWith({ issuer: 'https://other.example' }).verify(tokens.issue(NEW))).to.equal('invalid');
    expect(tokensWith({ audience: 'other' }).verify(tokens.issue(NEW))).to.equal('invalid');
  });

  it('can be checked by others with keys that have no private part', () => {
    const { keys } = tokens.publicKeys();
    expect(keys.map(key => Object.keys(key).toSorted().join())).to.deep.equal(Array(2).fill('alg,crv,kid,kty,use,x,y'));
    expect(keys[0]).to.deep.include({ kid: SPRING.kid, use: 'sig', alg: 'ES256', kty: 'EC', crv: 'P-256' });
    expect(keys[1]).to.deep.include(SUMMER.publicKey.export({ format: 'jwk' }));
  });

  const FORGED: Readonly<Record<string, string>> = {
    'an empty text': '',
    'one word': 'token',
    'two parts': `${GOOD_HEADER}.${GOOD_PAYLOAD}`,
    'four parts': `${GOOD_HEADER}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}.x`,
    'parts that are no JSON': 'abc.def.ghi',
    'a header that is a list': `${encoded([HEADER])}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
    'a header that is null': `${encoded(null)}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
    'blanks around it': ` ${aToken()}`,
    'a line break after it': `${aToken()}\n`,
    'padding after it': `${aToken()}==`,
    'more text than we ever write': aToken({ more: 'x'.repeat(3000) }),
    'no signature': `${GOOD_HEADER}.${GOOD_PAYLOAD}.`,
    'half a signature': `${GOOD_HEADER}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE.slice(0, 43)}`,
    'a signature of zeros': `${GOOD_HEADER}.${GOOD_PAYLOAD}.${'A'.repeat(86)}`,
    'the signature of another token': `${GOOD_HEADER}.${encoded({ ...PAYLOAD, role: 'admin' })}.${GOOD_SIGNATURE}`,
    'the key of a stranger': aToken({}, {}, STRANGER.privateKey),
    'the kid of one key and the signature of the other': aToken({}, { kid: SUMMER.kid }),
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg nOnE': unsigned('nOnE'),
    'alg none over a real signature': `${encoded({ ...HEADER, alg: 'none' })}.${GOOD_PAYLOAD}.${GOOD_SIGNATURE}`,
    'an empty alg': aToken({}, { alg: '' }),
    'no alg': aToken({}, { alg: undefined }),
    'alg in lower case': aToken({}, { alg: 'es256' }),
    'alg as a list': aToken({}, { alg: ['ES256'] }),
    'HS256 with our public key as PEM': hs256(PEM),
    'HS256 with our public key as JWK': hs256(JSON.stringify(SPRING.publicKey.export({ format: 'jwk' }))),
    'HS256 with an empty secret': hs256(''),
    RS256: aToken({}, { alg: 'RS256' }, RSA),
    'ES384 by a key of its own': aToken({}, { alg: 'ES384' }, P384),
    'ES384 in the header only': aToken({}, { alg: 'ES384' }),
    'no kid': aToken({}, { kid: undefined }),
    'an empty kid': aToken({}, { kid: '' }),
    'an unknown kid': aToken({}, { kid: STRANGER.kid }, STRANGER.privateKey),
    'a kid that is a path': hs256('', { alg: 'ES256', kid: '../../dev/null' }),
    'a kid that is SQL': aToken({}, { kid: "' OR 1=1--" }),
    'a kid that every object has': aToken({}, { kid: '__proto__' }),
    'a kid that is a list': aToken({}, { kid: [SPRING.kid] }),
    'a kid of 10 kB': aToken({}, { kid: 'k'.repeat(10_000) }),
    'a key of its own': aToken({}, { jwk: PUBLIC_JWK }, STRANGER.privateKey),
    'the address of its key': aToken({}, { jku: 'http://127.0.0.1:9/keys' }),
    'the address of its certificate': aToken({}, { x5u: 'http://127.0.0.1:9/cert' }),
    'a certificate': aToken({}, { x5c: ['MIIB'] }),
    'a crit that we do not know': aToken({}, { crit: ['exp'], b64: false }),
    'typ JWT': aToken({}, { typ: 'JWT' }),
    'typ of another kind of token': aToken({}, { typ: 'rt+jwt' }),
    'no typ': aToken({}, { typ: undefined }),
    'another issuer': aToken({ iss: 'https://evil.example' }),
    'a list of issuers': aToken({ iss: ['https://shop.example'] }),
    'another audience': aToken({ aud: 'others' }),
    'ours among several audiences': aToken({ aud: ['pannier', 'others'] }),
    'a subject that is no user id': aToken({ sub: 'admin' }),
    'a subject that is a number': aToken({ sub: 1 }),
    'a role that no role can be called': aToken({ role: 'Root!' }),
    'a role that is a list': aToken({ role: ['admin'] }),
    'a scope that is a list': aToken({ scope: ['orders:read'] }),
    'an id that is a number': aToken({ jti: 7 }),
    'an id that is too long': aToken({ jti: 'j'.repeat(65) }),
    'an end in milliseconds': aToken({ exp: (NOW + 900) * 1000 }),
    'an end as text': aToken({ exp: String(NOW + 900) }),
    'an end that is negative': aToken({ exp: -1 }),
    'an end in ten years': aToken({ exp: NOW + 315_360_000 }),
    'an end with a fraction': aToken({ exp: NOW + 0.5 }),
    'a life of a second more than a late clock explains': aToken({ exp: NOW + 906 }),
    'an end before its start': aToken({ iat: NOW, exp: NOW - 1 }),
    'a start that is yet to come': aToken({ nbf: NOW + 6 }),
    'an issue date that is yet to come': aToken({ iat: NOW + 6 }),
    'a payload that is a list': signedPayload([PAYLOAD]),
    'a payload that is text': signedPayload('hello'),
    'a payload that is null': signedPayload(null),
    'another signature over an expired one': aToken({ iat: NOW - 900, exp: NOW - 1 }, {}, STRANGER.privateKey),
    'another audience and expired': aToken({ aud: 'others', iat: NOW - 900, exp: NOW - 1 }),
    'no role and expired': aToken({ role: undefined, iat: NOW - 900, exp: NOW - 1 }),
    'too long a life and expired': aToken({ iat: NOW - 2000, exp: NOW - 1 }),
  };
  for (const [fault, token] of Object.entries(FORGED))
    it(`are refused with ${fault}`, () => {
      expect(tokens.verify(token)).to.equal('invalid');
    });

  for (const claim of Object.keys(PAYLOAD))
    it(`are refused without ${claim}`, () => {
      expect(tokens.verify(aToken({ [claim]: undefined }))).to.equal('invalid');
    });

  it('are refused when they are no text at all', () => {
    const texts: string[] = JSON.parse(`[null, 7, {}, ["${aToken()}"]]`);
    for (const token of texts) expect(tokens.verify(token)).to.equal('invalid');
  });

  it('that were good once are expired, however long ago', () => {
    expect(tokens.verify(aToken({ iat: NOW - 900, nbf: NOW - 900, exp: NOW }))).to.equal('expired');
    expect(tokens.verify(aToken({ iat: 0, nbf: 0, exp: 900 }))).to.equal('expired');
  });

  it('have the same id under a second valid signature, because revoking goes by the id', () => {
    const twin = aToken();
    expect(partsOf(twin)[2]).not.to.equal(GOOD_SIGNATURE);
    expect(tokens.verify(twin)).to.have.property('id', CLAIMS.id);
  });

  it('are checked fast enough for every request', () => {
    const token = tokens.issue(NEW);
    const start = performance.now();
    for (let i = 0; i < 200; i += 1) tokens.verify(token);
    expect((performance.now() - start) / 200).to.be.lessThan(2);
  });
});

function signedPayload(payload: unknown): string {
  const signed = `${GOOD_HEADER}.${encoded(payload)}`;
  return `${signed}.${es256(signed, SPRING.privateKey)}`;
}
