import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import {
  type AdjustableLogger,
  createLogger,
  type LoggerSettings,
} from '../../../adapters/observability/winston-logger.ts';
import { times } from '../../support/waiting.ts';

/** Everything that is written to it, in one piece. */
class Paper extends Writable {
  content = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.content += chunk.toString();
    done();
  }
}

type Tell = (logger: AdjustableLogger) => void;

/** What a logger writes while it is told these things. */
async function linesOf(tell: Tell, settings: Partial<LoggerSettings> = {}): Promise<string[]> {
  const output = new Paper();
  const logger = createLogger({ level: 'info', errorStack: false, output, ...settings });
  tell(logger);
  await logger.close();
  return output.content.split('\n').slice(0, -1);
}

type Line = Readonly<Record<string, unknown>>;

async function entriesOf(...given: Parameters<typeof linesOf>): Promise<Line[]> {
  return (await linesOf(...given)).map((line): Line => JSON.parse(line));
}

/** The fields of the single line that these fields make. */
async function fieldsOf(fields: Line, settings?: Partial<LoggerSettings>): Promise<Line> {
  const [entry] = await entriesOf(logger => logger.info('told', fields), settings);
  const { time: _time, level: _level, message: _message, ...rest } = entry!;
  return rest;
}

describe('the log', () => {
  it('is one JSON object a line, with the fields beside the message', async () => {
    const [line] = await entriesOf(logger =>
      logger.warn('stock is low', { sku: 'MUG', left: 2, sold: false, by: null }),
    );
    const { time, ...rest } = line!;
    expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(rest).to.deep.equal({ level: 'warn', message: 'stock is low', sku: 'MUG', left: 2, sold: false, by: null });
  });

  it('stays one line whatever is in the text', async () => {
    const nasty = 'one\r\ntwo\u2028three\u0000\u001b[31m{"level":"error"}\\';
    const lines = await linesOf(logger => logger.info(nasty, { [nasty]: nasty }));
    expect(lines).to.have.length(1);
    expect(JSON.parse(lines[0]!)).to.include({ message: nasty, [nasty]: nasty });
  });

  it('does not let a field pose as the time, the level or the message', async () => {
    const [line] = await entriesOf(logger => logger.info('true', { time: 1, level: 'error', message: 'false' }));
    expect(line).to.include({ level: 'info', message: 'true', _time: 1, _level: 'error', _message: 'false' });
  });

  it('has nothing to say below its level, until the level is changed', async () => {
    const entries = await entriesOf(logger => {
      logger.debug('1');
      logger.info('2');
      logger.setLevel('debug');
      logger.debug('3');
      logger.setLevel('error');
      logger.warn('4');
      logger.error('5');
      logger.setLevel('silent');
      logger.error('6');
    });
    expect(entries.map(({ message, level }) => [message, level])).to.deep.equal([
      ['2', 'info'],
      ['3', 'debug'],
      ['5', 'error'],
    ]);
  });

  it('does not even look at the fields of a line that it does not write', async () => {
    let looked = 0;
    const fields = {
      get costly() {
        return (looked += 1);
      },
    };
    await linesOf(logger => logger.debug('hidden', fields));
    expect(looked).to.equal(0);
  });

  it('costs next to nothing while it is off', () => {
    const logger = createLogger({ level: 'warn', errorStack: false, output: new Paper() });
    const start = performance.now();
    for (let i = 0; i < 100_000; i += 1) logger.debug('hidden', { i });
    expect(performance.now() - start).to.be.lessThan(200);
  });

  it('goes to the file as well, all of it by the time it is closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pannier-log-'));
    const file = join(folder, 'shop.log');
    try {
      const write = () => linesOf(logger => times(500, index => logger.info(`line ${index}`)), { file });
      const lines = [...(await write()), ...(await write())];
      expect(lines).to.have.length(1000);
      expect(readFileSync(file, 'utf8').split('\n').slice(0, -1)).to.deep.equal(lines);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('goes on without a file that cannot be written, and says so', async () => {
    const output = new Paper();
    const logger = createLogger({ level: 'info', errorStack: false, output, file: '/dev/null/shop.log' });
    logger.info('open');
    await new Promise(resolve => setTimeout(resolve, 20));
    logger.info('still open');
    await logger.close();
    for (const message of ['"open"', '"The log file cannot be written"', '"still open"'])
      expect(output.content).to.include(message);
  });

  it('may be closed twice, and nothing comes after that', async () => {
    const output = new Paper();
    const logger = createLogger({ level: 'info', errorStack: false, output });
    await logger.close();
    await logger.close();
    logger.error('too late');
    expect(output.content).to.equal('');
  });

  it('can be read by people', async () => {
    const lines = await linesOf(
      logger => {
        logger.info('The shop is open');
        logger.warn('stock\n is low', { sku: 'MUG', left: 2, 'a\nb': '\u001b[31m', none: undefined });
      },
      { pretty: true },
    );
    expect(lines.map(line => line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, ''))).to.deep.equal([
      'info  The shop is open',
      String.raw`warn  stock\u000a is low  sku="MUG" left=2 a\u000ab="\u001b[31m"`,
    ]);
  });

  it('shows people the stack of an error below the line, if stacks are wanted', async () => {
    const error = new TypeError('no till');
    const tell: Tell = logger => logger.error('failed', { error });
    const [head, first, second] = await linesOf(tell, { pretty: true, errorStack: true });
    expect(head).to.match(/ error failed {2}error=\{"name":"TypeError","message":"no till"\}$/);
    expect(first).to.equal('    TypeError: no till');
    expect(second).to.match(/^ {8}at /);
    expect(await linesOf(tell, { pretty: true })).to.have.length(1);
  });

  describe('keeps secrets', () => {
    const CANARY = 'canary-7f3a';

    for (const key of `password newPassword NEW_PASSWORD passwordHash password_confirmation pepper secret client_secret
      token accessToken refresh_token accesstoken X-Auth-Token Authorization proxy-authorization cookie Set-Cookie
      apiKey x-api-key privateKey signing_key JWT_KEYS jwt credentials otp pin signature email customer_email emailAddress
      userEmails address shippingAddress ip_address street postalCode postal_code zip phone phoneNumber recipient
      card cardNumber card_number cvv cvc pan iban`.split(/\s+/))
      it(`under the key ${key}, at any depth`, async () => {
        const fields = {
          [key]: CANARY,
          list: [{ deeper: { [key]: { number: CANARY } } }],
          map: new Map([[key, CANARY]]),
        };
        const told = await fieldsOf(fields);
        expect(JSON.stringify(told)).not.to.include(CANARY);
        expect(told).to.have.property(key, '[redacted]');
      });

    for (const key of `sku order_id orderId request_id path method status duration_ms attempts name title discard
      wildcard cardinality pinned panel compass keys key monkey tokenless jobs state`.split(/\s+/))
      it(`but not under the key ${key}, which is no secret`, async () => {
        expect(await fieldsOf({ [key]: CANARY })).to.deep.equal({ [key]: CANARY });
      });

    const SECRET_TEXTS: readonly (readonly [what: string, text: string, safe: string])[] = [
      ['a JWT', 'got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!', 'got [redacted]!'],
      ['a bearer token', 'header Bearer abc.def-ghi', 'header [redacted]'],
      ['basic credentials', 'Authorization: Basic YWRhOnNlY3JldA==', 'Authorization: [redacted]'],
      ['an e-mail address', 'mail to ada.lovelace+shop@example.com failed', 'mail to [redacted] failed'],
      ['a password in a URL', 'postgres://shop:hunter2@db:5432/shop', 'postgres://[redacted]@db:5432/shop'],
      ['a card number', 'paid with 4111 1111 1111 1111.', 'paid with [redacted].'],
      ['an unsigned JWT', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0. then', 'got [redacted] then'],
      ['a refresh token', 'token kTq3J0b7Zc_9xYw-2LmN5pRs8uVaEdFgHiKoQyWzX1C sent', 'token [redacted] sent'],
      ['a client secret', 'pi_3MtwBwLkdIwHu7ix0snN0B15_secret_Yrk5XZ', '[redacted]'],
      ['the secret of a webhook', 'signed with whsec_dGVzdA+/== today', 'signed with [redacted] today'],
      ['a live key', 'as sk_live_51HxyzABC', 'as [redacted]'],
      ['a second factor', 'scan otpauth://totp/Shop:ada?secret=ABC&issuer=Shop now', 'scan [redacted] now'],
      ['a cookie', 'Cookie: session=abc; theme=dark', 'Cookie: [redacted]'],
      ['a cookie that is set', 'set-cookie: a=b; HttpOnly', 'set-cookie: [redacted]'],
      ['an authorization of another kind', 'authorization: Digest abc', 'authorization: [redacted]'],
      ['a token in a query', 'GET /reset?a=1&reset_token=abc-1&b=2', 'GET /reset?a=1&reset_token=[redacted]&b=2'],
      ['a password in JSON', 'sent {"a":1,"password":"hunter2"}', 'sent {"a":1,"password":"[redacted]"}'],
      ['a card number in one piece', 'paid with 4111111111111111', 'paid with [redacted]'],
    ];
    for (const [what, text, safe] of SECRET_TEXTS)
      it(`that look like ${what}, in messages, fields, keys and errors`, async () => {
        const error = new Error(text, { cause: new AggregateError([new Error(text)], text) });
        const tell: Tell = logger => logger.info(text, { text, [text]: 1, list: [text], error });
        const [line] = await linesOf(tell, { errorStack: true });
        expect(line).not.to.include(text);
        expect(JSON.parse(line!)).to.include({ message: safe, text: safe });
      });

    for (const text of [
      '019cae1f-f000-7000-8000-000000000001',
      '01901234-5678-7123-8123-123456789012',
      '4111111111111112',
      '1772452800000',
      'GET /api/v1/products?page=2',
      'https://shop.example/orders',
      'a.b.c',
      'The access token is over: refresh it.',
      'password must be longer',
      'authorization was refused',
      'sandbox_capture_019cae1f-f000-7000-8000-000000000001_1',
      'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
      '12:30 @ noon',
    ])
      it(`and leaves "${text}" alone`, async () => {
        expect(await fieldsOf({ text })).to.deep.equal({ text });
      });

    it('in time, whatever is thrown at it', async () => {
      for (const piece of [
        'aA1',
        'aA1-',
        'cookie:',
        '&token=',
        '"a',
        'otpauth:',
        'whsec_',
        'a',
        '1',
        '1 ',
        '1-',
        'eyJ.',
        'eyJa.',
        'Bearer ',
        '://',
        '@',
        'a@',
        'a@a',
        ' @',
      ]) {
        const start = performance.now();
        await fieldsOf({ text: `${piece.repeat(50_000)}@` });
        expect(performance.now() - start, piece).to.be.lessThan(100);
      }
    });
  });

  describe('tells of errors', () => {
    it('by name, message and code, and by nothing else that they carry', async () => {
      const error = Object.assign(new RangeError('too many'), {
        code: '23505',
        detail: 'Key (name)=(Ada)',
        query: 'x',
      });
      expect(await fieldsOf({ error })).to.deep.equal({
        error: { name: 'RangeError', message: 'too many', code: '23505' },
      });
    });

    it('with where they come from only if that is wanted', async () => {
      const { error } = await fieldsOf({ error: new Error('boom') }, { errorStack: true });
      expect(error)
        .to.have.property('stack')
        .that.matches(/^Error: boom\n {4}at .*winston-logger/);
    });

    it('with their causes and their parts', async () => {
      const error = new AggregateError([new Error('one'), 'two'], 'both', { cause: new TypeError('why') });
      expect(await fieldsOf({ error })).to.deep.equal({
        error: {
          name: 'AggregateError',
          message: 'both',
          cause: { name: 'TypeError', message: 'why' },
          errors: [{ name: 'Error', message: 'one' }, 'two'],
        },
      });
    });

    it('that are their own cause', async () => {
      const error = new Error('chicken');
      error.cause = new Error('egg', { cause: error });
      expect(await fieldsOf({ error })).to.have.nested.property('error.cause.cause', '[circular]');
    });
  });

  describe('never fails', () => {
    it('on a circle', async () => {
      const cart: Record<string, unknown> = { id: 1 };
      cart['lines'] = [{ cart }];
      const twice = { ok: true };
      expect(await fieldsOf({ cart, one: twice, two: twice })).to.deep.equal({
        cart: { id: 1, lines: [{ cart: '[circular]' }] },
        one: twice,
        two: twice,
      });
    });

    it('on what JSON cannot hold', async () => {
      const fields = { big: 10n, not: NaN, endless: -Infinity, gone: undefined, what: Symbol('x'), run: () => 1 };
      const told = { big: '10', not: 'NaN', endless: '-Infinity', what: '[symbol]', run: '[function]' };
      expect(await fieldsOf(fields)).to.deep.equal(told);
    });

    it('on things that are not plain', async () => {
      const fields = {
        at: new Date(0),
        never: new Date(NaN),
        url: new URL('https://ada:pw@shop.example/x'),
        bytes: Buffer.from('secret'),
        map: new Map([['a', 1]]),
        set: new Set([1, 2]),
        bare: Object.create(null),
      };
      expect(await fieldsOf(fields)).to.deep.equal({
        at: '1970-01-01T00:00:00.000Z',
        never: 'Invalid Date',
        url: 'https://[redacted]@shop.example/x',
        bytes: '[6 bytes]',
        map: { a: 1 },
        set: [1, 2],
        bare: {},
      });
    });

    it('on things that defend themselves', async () => {
      const hostile = {
        get trap(): never {
          throw new Error('hands off');
        },
        toJSON(): never {
          throw new Error('hands off');
        },
      };
      const closed = new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('hands off');
          },
        },
      );
      const told = await fieldsOf({ hostile, closed });
      expect(told).to.deep.equal({ hostile: { trap: '[unreadable]', toJSON: '[function]' }, closed: '[unreadable]' });
    });

    it('on a key that would change what an object is', async () => {
      const fields: Line = JSON.parse('{"__proto__":{"polluted":true},"inner":{"__proto__":1}}');
      const [line] = await linesOf(logger => logger.info('told', fields));
      expect(line).to.include('"__proto__":{"polluted":true}').and.include('"inner":{"__proto__":1}');
    });

    it('on too much of anything', async () => {
      const deep: Record<string, unknown> = {};
      let at = deep;
      for (let i = 0; i < 10_000; i += 1) at = at['in'] = {};
      const [line] = await linesOf(logger =>
        logger.info('told', { deep, long: 'x'.repeat(1e6), many: times(1e5, index => index) }),
      );
      expect(line).to.include('[too deep]').and.include('[99900 more]');
      expect(line!.length).to.be.lessThan(10_000);
    });

    it('when the whole list of fields is hostile', async () => {
      const closed: Line = new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('hands off');
          },
        },
      );
      expect(await entriesOf(logger => logger.info('told', closed))).to.have.nested.property('[0].message', 'told');
    });
  });
});
