import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { generateSigningKeys, parseSigningKeys, type SigningKey } from '../../adapters/security/signing-keys.ts';
import type { Reply } from './client.ts';
import { outcome } from './api.ts';
import type { SignedIn } from './shapes.ts';
import { type Account, Shop } from './shop.ts';

type Claims = Readonly<Record<string, unknown>>;

const OURS = generateSigningKeys();
const [KEY] = parseSigningKeys(OURS);
const [STRANGER] = parseSigningKeys(generateSigningKeys());

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const PEM = KEY.publicKey.export({ type: 'spki', format: 'pem' });
const JWK = JSON.stringify(KEY.publicKey.export({ format: 'jwk' }));

/** The order of P-256: (r, n − s) verifies wherever (r, s) does. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decoded = (part: string): Claims => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;

const partsOf = (token: string) => token.split('.') as [string, string, string];

const es256 = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

function mirrored(token: string): string {
  const [head, body, signature] = partsOf(token);
  const bytes = Buffer.from(signature, 'base64url');
  const s = N - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
  return `${head}.${body}.${other.toString('base64url')}`;
}

/** The same bytes, spelt with other bits where nobody looks: 86 characters hold four bits more than 64 bytes. */
function respelt(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1)!);
  return `${token.slice(0, -1)}${alphabet[last ^ 1]!}`;
}

const PLACES = ['/users/me', '/products', '/carts/me', '/admin/users'];

describe('A forged token', () => {
  let shop: Shop;
  let account: Account;
  let header: Claims;
  let claims: Claims;
  let hits = 0;
  const listener = createServer(line => {
    hits += 1;
    line.destroy();
  });

  before(async () => {
    await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
    shop = await Shop.open('memory:', { environment: { JWT_KEYS: OURS } });
    account = await shop.account();
    const [head, body] = partsOf(account.tokens.access_token);
    header = decoded(head);
    claims = decoded(body);
  });

  after(async () => {
    await shop.close();
    listener.close();
  });

  /** Signed by the shop's own key unless told otherwise, and with an id that nothing is known of. */
  function aToken(payload: Claims = {}, head: Claims = {}, key: KeyObject = KEY.privateKey): string {
    const text = `${encoded({ ...header, ...head })}.${encoded({ ...claims, jti: randomUUID(), ...payload })}`;
    return `${text}.${es256(text, key)}`;
  }

  function hmac(secret: string | Buffer, head: Claims = {}): string {
    const text = `${encoded({ ...header, alg: 'HS256', ...head })}.${encoded({ ...claims, role: 'admin' })}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  function rsa(alg: string, padding?: number): string {
    const text = `${encoded({ ...header, alg })}.${encoded({ ...claims, role: 'admin' })}`;
    const key = { key: RSA, ...(padding !== undefined && { padding }) };
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  const unsigned = (alg: string): string => `${encoded({ ...header, alg })}.${encoded({ ...claims, role: 'admin' })}.`;

  const elsewhere = (path: string) => `http://127.0.0.1:${(listener.address() as AddressInfo).port}/${path}`;
  const now = () => Math.floor(Date.now() / 1000);
  const own = () => partsOf(account.tokens.access_token);

  const FORGED: Readonly<Record<string, () => string>> = {
    ...Object.fromEntries(
      ['iss', 'aud', 'sub', 'jti', 'iat', 'nbf', 'exp', 'role', 'scope'].flatMap(claim => [
        [`no ${claim}`, () => aToken({ [claim]: undefined })],
        [`a ${claim} that is null`, () => aToken({ [claim]: null })],
        [`a ${claim} that is a list`, () => aToken({ [claim]: [claims[claim]] })],
      ]),
    ),
    'another issuer': () => aToken({ iss: 'evil' }),
    'another audience': () => aToken({ aud: 'others' }),
    'a subject that is SQL': () => aToken({ sub: "' OR 1=1--" }),
    'a role that none can be': () => aToken({ role: 'The Root' }),
    'a role that every object has': () => aToken({ role: '__proto__' }),
    'an exp in milliseconds': () => aToken({ exp: Date.now() + 60_000 }),
    'an exp that is text': () => aToken({ exp: String(now() + 60) }),
    'a negative exp': () => aToken({ exp: -1 }),
    'an exp in ten years': () => aToken({ exp: now() + 315_360_000 }),
    'an exp beyond all numbers': () => aToken({ exp: 1e308 }),
    'an iat in the future': () => aToken({ iat: now() + 600, exp: now() + 900 }),
    'an nbf in the future': () => aToken({ nbf: now() + 600 }),
    'an id of 10 kB': () => aToken({ jti: 'j'.repeat(10_000) }),
    'alg none': () => unsigned('none'),
    'alg None': () => unsigned('None'),
    'alg nOnE': () => unsigned('nOnE'),
    'no alg': () => aToken({}, { alg: undefined }),
    'an empty alg': () => aToken({}, { alg: '' }),
    'HS256 with our public key as PEM': () => hmac(PEM),
    'HS256 with our public key as JWK': () => hmac(JWK),
    'HS256 with nothing': () => hmac(''),
    RS256: () => rsa('RS256'),
    PS256: () => rsa('PS256', 6),
    'ES384 in name': () => aToken({}, { alg: 'ES384' }),
    'its signature stripped': () => `${own()[0]}.${own()[1]}.`,
    'the signature and its dot stripped': () => `${own()[0]}.${own()[1]}`,
    'a signature of zeros': () => `${own()[0]}.${own()[1]}.${'A'.repeat(86)}`,
    'the signature of another token': () => `${own()[0]}.${encoded({ ...claims, role: 'admin' })}.${own()[2]}`,
    'the key of a stranger': () => aToken({ role: 'admin' }, {}, STRANGER.privateKey),
    'padding after it': () => `${aToken()}==`,
    'no kid': () => aToken({}, { kid: undefined }),
    'an unknown kid': () => aToken({}, { kid: STRANGER.kid }, STRANGER.privateKey),
    'a kid that is a path': () => hmac('', { alg: 'ES256', kid: '../../dev/null' }),
    'a kid that is SQL': () => aToken({}, { kid: "' OR 1=1--" }),
    'a kid that is a list': () => aToken({}, { kid: [header['kid']] }),
    'a kid of 10 kB': () => aToken({}, { kid: 'k'.repeat(10_000) }),
    'a kid that every object has': () => aToken({}, { kid: '__proto__' }),
    'a kid that every object constructs': () => aToken({}, { kid: 'constructor' }),
    'a key of its own': () => aToken({}, { jwk: STRANGER.publicKey.export({ format: 'jwk' }) }, STRANGER.privateKey),
    'the address of its key': () => aToken({}, { jku: elsewhere('keys') }, STRANGER.privateKey),
    'the address of its certificate': () => aToken({}, { x5u: elsewhere('cert') }, STRANGER.privateKey),
    'a certificate': () => aToken({}, { x5c: ['MIIB'] }, STRANGER.privateKey),
    'a crit that we do not know': () => aToken({}, { crit: ['exp'] }),
    'a crit of b64': () => aToken({}, { crit: ['b64'], b64: false }),
    'another type': () => aToken({}, { typ: 'rt+jwt' }),
    'the plain type': () => aToken({}, { typ: 'JWT' }),
    'compression announced': () => aToken({}, { zip: 'DEF' }),
    'the refresh token in its place': () => account.tokens.refresh_token,
  };

  const asked = (authorization: string, path: string): Promise<Reply> =>
    shop.anonymous.get(path, { Authorization: authorization });

  it('would be taken if nothing were wrong with it', async () => {
    expect(outcome(await asked(`Bearer ${aToken()}`, '/users/me'))).to.equal('200');
  });

  for (const [what, forge] of Object.entries(FORGED))
    it(`is refused everywhere, also where none is needed: ${what}`, async () => {
      const token = forge();
      for (const path of PLACES) {
        const reply = await asked(`Bearer ${token}`, path);
        expect(outcome(reply), path).to.equal('401 UNAUTHENTICATED');
        expect(reply.headers['www-authenticate'], path).to.match(/^Bearer/);
      }
    });

  it('makes the shop ask nobody else about it', () => {
    expect(hits).to.equal(0);
  });

  it('was one of more than seventy', () => {
    expect(Object.keys(FORGED)).to.have.length.above(70);
  });

  it('is not looked for in the address or the body, nor believed beside another', async () => {
    const good = account.tokens.access_token;
    for (const query of [`access_token=${good}`, `token=${good}`, `authorization=Bearer%20${good}`])
      expect((await shop.anonymous.get(`/users/me?${query}`)).status, query).to.equal(401);
    for (const pair of [
      [`Bearer ${good}`, 'Bearer a.b.c'],
      ['Bearer a.b.c', `Bearer ${good}`],
      [`Bearer ${good}`, `Bearer ${good}`],
    ]) {
      const reply = await shop.anonymous.get('/users/me', { Authorization: pair });
      expect(outcome(reply)).to.equal('401 UNAUTHENTICATED');
    }
    expect((await asked(`Bearer ${good}, Bearer ${good}`, '/users/me')).status).to.equal(401);
  });

  it('and an access token refreshes nothing', async () => {
    for (const token of [account.tokens.access_token, aToken()]) {
      const reply = await shop.anonymous.post('/auth/refresh', { refresh_token: token });
      expect(reply.status).to.be.oneOf([400, 401]);
    }
  });

  it('stays revoked in every other spelling of it', async () => {
    const { api, tokens } = await shop.account();
    const spellings = [tokens.access_token, mirrored(tokens.access_token), respelt(tokens.access_token)];
    for (const token of spellings) {
      const before = outcome(await asked(`Bearer ${token}`, '/users/me'));
      expect(before, token).to.be.oneOf(['200', '401 UNAUTHENTICATED']);
    }
    expect(outcome(await asked(`Bearer ${spellings[1]}`, '/users/me'))).to.equal('200');
    expect(outcome(await api.post('/auth/logout'))).to.equal('204');
    for (const token of spellings) expect((await asked(`Bearer ${token}`, '/users/me')).status, token).to.equal(401);
  });
});

describe('A key that signs tokens', () => {
  const shops: Shop[] = [];
  const sets = [generateSigningKeys(), generateSigningKeys()].map(
    text => (JSON.parse(text) as { keys: { kid: string }[] }).keys[0]!,
  );
  const shopWith = async (...keys: readonly object[]): Promise<Shop> => {
    const shop = await Shop.open('memory:', { environment: { JWT_KEYS: JSON.stringify({ keys }) } });
    shops.push(shop);
    return shop;
  };

  after(async () => {
    for (const shop of shops) await shop.close();
  });

  const kidOf = ({ access_token: token }: SignedIn): unknown => decoded(partsOf(token)[0])['kid'];
  /** Nobody knows the customer of one shop in another; that is a later question. */
  const believes = async (shop: Shop, token: string) =>
    outcome(await shop.holding(token).get('/products')) !== '401 UNAUTHENTICATED';

  it('is believed by its successor while it is in the list, and no more once it has left it', async () => {
    const [old, young] = sets as [{ kid: string }, { kid: string }];
    const [before, during, after] = [await shopWith(old), await shopWith(young, old), await shopWith(young)];
    const { tokens } = await before.account();
    expect(kidOf(tokens)).to.equal(old.kid);
    expect(await believes(during, tokens.access_token)).to.equal(true);
    expect(await believes(after, tokens.access_token)).to.equal(false);
    const next = (await during.account()).tokens;
    expect(kidOf(next)).to.equal(young.kid);
    expect(await believes(after, next.access_token)).to.equal(true);
    expect(await believes(before, next.access_token)).to.equal(false);
  });

  it('is shown to everybody without its private part, before it signs for the first time', async () => {
    const shop = await shopWith(...sets);
    const { keys } = (await shop.root.get('/.well-known/jwks.json')).body as unknown as { keys: object[] };
    expect(keys.map(key => (key as SigningKey).kid)).to.deep.equal(sets.map(({ kid }) => kid));
    for (const key of keys) {
      expect(key).not.to.have.any.keys('d', 'k', 'p', 'q');
      expect(() => createPrivateKey({ key: key as never, format: 'jwk' })).to.throw();
    }
  });
});
