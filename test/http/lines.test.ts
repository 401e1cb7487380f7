import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { times } from '../support/waiting.ts';
import { outcome } from './api.ts';
import { Shop } from './shop.ts';

const HEAD = 'Host: shop\r\n';
const LOGIN = `POST /api/v1/auth/login HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n`;
const GOOD_BODY = '{"email":"a@b.example","password":"not-the-right-one"}';
const MUST_NOT_COUNT = 'GET /api/v1/products HTTP/1.1\r\nHost: smuggled\r\n\r\n';

const wordsOf = (answer: string): string[] =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status!);

/** Bytes that are no request, or could be read as two, and what is to come of them. */
const GARBAGE: readonly (readonly [what: string, bytes: string, status: string])[] = [
  ['no HTTP at all', 'hello\r\n\r\n', '400'],
  ['the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['a version that there is not', `GET / HTTP/9.9\r\n${HEAD}\r\n`, '400'],
  ['a method that there is not', `FROB / HTTP/1.1\r\n${HEAD}\r\n`, '400'],
  ['no host', 'GET /api/v1/products HTTP/1.1\r\n\r\n', '400'],
  ['two hosts', `GET /api/v1/products HTTP/1.1\r\n${HEAD}Host: evil\r\n\r\n`, '400'],
  ['the address of another shop', `GET http://evil.example/api/v1/products HTTP/1.1\r\n${HEAD}\r\n`, '400'],
  ['a NUL in a header', `GET / HTTP/1.1\r\n${HEAD}X-A: a\0b\r\n\r\n`, '400'],
  ['a blank before the colon', `GET / HTTP/1.1\r\n${HEAD}Content-Length : 5\r\n\r\n`, '400'],
  ['a folded header', `GET / HTTP/1.1\r\n${HEAD}X-A: a\r\n b\r\nX-B: c\r\n\r\n`, '400'],
  ['a bare carriage return', `GET / HTTP/1.1\r\n${HEAD}X-A: a\rX-B: c\r\n\r\n`, '400'],
  ['two lengths', `${LOGIN}Content-Length: 0\r\nContent-Length: 44\r\n\r\n${MUST_NOT_COUNT}`, '400'],
  ['two lengths in one', `${LOGIN}Content-Length: 0, 44\r\n\r\n${MUST_NOT_COUNT}`, '400'],
  ['a length with a sign', `${LOGIN}Content-Length: +5\r\n\r\nabcde`, '400'],
  ['a length that is negative', `${LOGIN}Content-Length: -1\r\n\r\n`, '400'],
  [
    'a length and chunks',
    `${LOGIN}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${MUST_NOT_COUNT}`,
    '400',
  ],
  ['chunks that are not the last coding', `${LOGIN}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, '400'],
  ['chunks by another name', `${LOGIN}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${MUST_NOT_COUNT}`, '400'],
  ['chunks after a vertical tab', `${LOGIN}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n${MUST_NOT_COUNT}`, '400'],
  ['a chunk whose size is no number', `${LOGIN}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`, '400'],
  ['a chunk that is longer than it says', `${LOGIN}Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n`, '400'],
  ['headers of 17 kB', `GET / HTTP/1.1\r\n${HEAD}X-A: ${'a'.repeat(17_000)}\r\n\r\n`, '431'],
  ['a path of 17 kB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${HEAD}\r\n`, '431'],
  ['a gigabyte that is announced', `${LOGIN}Content-Length: 1073741824\r\n\r\n{`, '413'],
];

describe('On the bare line', () => {
  let shop: Shop;
  let hasty: Shop;

  before(async () => {
    shop = await Shop.open('memory:');
    const lineLimits = { headersTimeout: 400, requestTimeout: 800, connectionsCheckingInterval: 50 };
    hasty = await Shop.open('memory:', { overrides: { lineLimits } });
  });

  after(async () => {
    await shop.close();
    await hasty.close();
  });

  const lineTo = async ({ url }: Shop): Promise<Socket> => {
    const { hostname, port } = new URL(url);
    const line = connect(Number(port), hostname);
    await once(line, 'connect');
    return line;
  };

  /** All that comes back until the other side hangs up. */
  async function answerTo(where: Shop, bytes: string): Promise<string> {
    const line = await lineTo(where);
    let answer = '';
    line.setEncoding('latin1').on('data', (text: string) => (answer += text));
    line.on('error', () => {});
    line.write(bytes, 'latin1');
    const patience = setTimeout(() => line.destroy(new Error('nobody hung up')), 5000);
    await once(line, 'close');
    clearTimeout(patience);
    return answer;
  }

  for (const [what, bytes, status] of GARBAGE)
    it(`${what} gets one answer, ${status}, in the form of all errors, and nothing after it counts`, async () => {
      const answer = await answerTo(shop, bytes.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      expect(wordsOf(answer), answer).to.deep.equal([status]);
      const [head, body] = answer.split('\r\n\r\n', 2) as [string, string];
      const { error } = JSON.parse(body) as { error: { code: string; request_id: string } };
      expect(error.code).to.match(/^(?:VALIDATION_ERROR|PAYLOAD_TOO_LARGE|MALFORMED_JSON)$/);
      expect(head.toLowerCase()).to.include(`x-request-id: ${error.request_id}`);
      expect(head)
        .to.match(/^x-content-type-options: nosniff$/im)
        .and.not.match(/^(?:server|x-powered-by):/im);
      expect(head).to.match(/^connection: close$/im);
    });

  it('200 clients who drip their headers are cut off, and others are served meanwhile', async () => {
    const lines = await Promise.all(times(200, () => lineTo(hasty)));
    const ends = lines.map(line =>
      once(
        line.resume().on('error', () => {}),
        'close',
      ),
    );
    const drip = setInterval(() => {
      for (const line of lines) if (line.writable) line.write('a');
    }, 100);
    for (const line of lines) line.write(`GET /api/v1/products HTTP/1.1\r\n${HEAD}X-A: `);
    expect(outcome(await hasty.anonymous.get('/products'))).to.equal('200');
    await Promise.all(ends);
    clearInterval(drip);
    expect(outcome(await hasty.anonymous.get('/products'))).to.equal('200');
  });

  it('a body that drips is cut off with 408', async () => {
    const line = await lineTo(hasty);
    let answer = '';
    line.setEncoding('utf8').on('data', (text: string) => (answer += text));
    line.on('error', () => {});
    line.write(`${LOGIN}Content-Length: ${GOOD_BODY.length}\r\n\r\n`);
    const drip = setInterval(() => line.writable && line.write('{'), 100);
    await once(line, 'close');
    clearInterval(drip);
    expect(wordsOf(answer)).to.deep.equal(['408']);
  });

  it('a request that is cut off in the middle disturbs nobody', async () => {
    const lines = await Promise.all(times(50, () => lineTo(shop)));
    for (const line of lines) {
      line.on('error', () => {});
      line.write(`${LOGIN}Content-Length: 5000\r\n\r\n{"email":`);
    }
    await shop.root.get('/health/live');
    for (const line of lines) line.resetAndDestroy();
    expect(outcome(await shop.anonymous.get('/products'))).to.equal('200');
  });
});
