import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { outcome } from './api.ts';
import { shopSuite } from './harness.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A login that is wrong only in its size. */
const loginOf = (bytes: number): string => {
  const frame = JSON.stringify({ email: 'a@example.com', password: '' });
  return JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(bytes - frame.length) });
};

const login = { method: 'POST', path: '/auth/login' };

export const mediaSuite = shopSuite('A body', it => {
  it('may have 100 kB and not one byte more, with its length announced or not', async shop => {
    for (const [bytes, expected] of [
      [100_000, '400 VALIDATION_ERROR'],
      [100_001, '413 PAYLOAD_TOO_LARGE'],
    ] as const) {
      const body = loginOf(bytes);
      expect(Buffer.byteLength(body)).to.equal(bytes);
      const announced = await shop.anonymous.send({ ...login, headers: JSON_TYPE, body });
      expect(outcome(announced), 'announced').to.equal(expected);
      const chunked = await shop.anonymous.send({ ...login, headers: JSON_TYPE, body: [Buffer.from(body)] });
      expect(outcome(chunked), 'chunked').to.equal(expected);
    }
  });

  it('is measured as it is unpacked', async shop => {
    const headers = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
    const good = { email: 'nobody@example.com', password: 'long-enough' };
    const small = await shop.anonymous.send({ ...login, headers, body: gzipSync(JSON.stringify(good)) });
    expect(outcome(small)).to.equal('401 INVALID_CREDENTIALS');
    const bomb = await shop.anonymous.send({ ...login, headers, body: gzipSync(loginOf(10_000_000)) });
    expect(outcome(bomb)).to.equal('413 PAYLOAD_TOO_LARGE');
    const broken = await shop.anonymous.send({ ...login, headers, body: '{"not":"gzip"}' });
    expect(broken.status).to.equal(400);
    const unknown = await shop.anonymous.send({
      ...login,
      headers: { ...JSON_TYPE, 'Content-Encoding': 'lzma' },
      body: '{}',
    });
    expect(outcome(unknown)).to.equal('415 UNSUPPORTED_MEDIA_TYPE');
  });

  it('must be application/json in UTF-8', async shop => {
    const body = JSON.stringify({ email: 'nobody@example.com', password: 'long-enough' });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/json',
      'application/json; charset=utf-16',
      'application/json; charset=latin1',
      'nonsense',
    ])
      expect(outcome(await shop.anonymous.send({ ...login, headers: { 'Content-Type': type }, body })), type).to.equal(
        '415 UNSUPPORTED_MEDIA_TYPE',
      );
    expect(outcome(await shop.anonymous.send({ ...login, body })), 'no type').to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    expect(outcome(await shop.anonymous.send(login)), 'no body').to.equal('415 UNSUPPORTED_MEDIA_TYPE');
    for (const type of ['application/json', 'application/json; charset=UTF-8', 'APPLICATION/JSON'])
      expect(outcome(await shop.anonymous.send({ ...login, headers: { 'Content-Type': type }, body })), type).to.equal(
        '401 INVALID_CREDENTIALS',
      );
  });

  it('that was refused does not disturb the next request on the same line', async shop => {
    for (let n = 0; n < 3; n += 1) {
      const refused = await shop.anonymous.send({ ...login, headers: JSON_TYPE, body: loginOf(300_000) });
      expect(outcome(refused)).to.equal('413 PAYLOAD_TOO_LARGE');
      expect(outcome(await shop.anonymous.get('/categories'))).to.equal('200');
    }
  });

  it('may be asked for with parameters, which change nothing', async shop => {
    for (const accept of ['application/json; charset=utf-8', 'application/json;version=1', 'text/html, */*;q=0.1'])
      expect((await shop.anonymous.get('/products', { Accept: accept })).status, accept).to.equal(200);
  });
});
