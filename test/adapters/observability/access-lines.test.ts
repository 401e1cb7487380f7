import { Writable } from 'node:stream';
import { expect } from 'chai';
import { createLogger, type LoggerSettings } from '../../../adapters/observability/winston-logger.ts';
import { withOrigin } from '../../../application/audit/origin.ts';
import { times } from '../../support/waiting.ts';

type Line = Readonly<Record<string, unknown>>;

const served = { method: 'GET', path: '/api/v1/products', status: 200, seconds: 0.01234 };

/** What was written, and in how many pieces. */
async function written(
  tell: (logger: ReturnType<typeof createLogger>) => void,
  settings: Partial<LoggerSettings> = {},
): Promise<{ lines: Line[]; pieces: number }> {
  const chunks: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ level: 'info', errorStack: false, output, ...settings });
  tell(logger);
  await logger.close();
  const lines = chunks.join('').split('\n').slice(0, -1);
  return { lines: lines.map(line => JSON.parse(line) as Line), pieces: chunks.length };
}

describe('the access lines', () => {
  it('say who was served what, like all other lines', async () => {
    const origin = { requestId: 'by-the-client', traceId: '0af7651916cd43dd8448eb211c80319c' };
    const { lines } = await written(({ requests }) => withOrigin(origin, () => requests.answered(served)));
    const { time, ...line } = lines[0]!;
    expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line).to.deep.equal({
      level: 'info',
      message: 'request',
      request_id: 'by-the-client',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      method: 'GET',
      path: '/api/v1/products',
      status: 200,
      ms: 12.3,
    });
  });

  it('keep secrets in paths and foreign ids, and stay one line whatever is in them', async () => {
    const secret = 'kTq3J0b7Zc_9xYw-2LmN5pRs8uVaEdFgHiKoQyWzX1C';
    const { lines } = await written(({ requests }) =>
      withOrigin({ requestId: secret }, () => {
        for (const path of [`/carts/${secret}`, '/users/ada@example.com', '/a"b\\c\u2028'])
          for (let twice = 0; twice < 2; twice += 1) requests.answered({ ...served, path });
      }),
    );
    const paths = ['/carts/[redacted]', '[redacted]', '/a"b\\c\u2028'];
    expect(lines.map(({ path }) => path)).to.deep.equal(paths.flatMap(path => [path, path]));
    expect(JSON.stringify(lines)).not.to.include(secret).and.not.include('ada@');
  });

  it('are written together, and before whatever is told after them', async () => {
    const { lines, pieces } = await written(logger => {
      for (let count = 0; count < 100; count += 1) logger.requests.answered(served);
      logger.warn('later');
      logger.requests.answered(served);
    });
    expect(lines.map(({ message }) => message)).to.deep.equal([...times(100, () => 'request'), 'later', 'request']);
    expect(pieces).to.equal(3);
  });

  it('are as many of those that were served well as is asked for, and all others', async () => {
    const { lines } = await written(
      ({ requests }) => {
        for (let count = 0; count < 1000; count += 1)
          requests.answered({ ...served, status: count % 10 === 0 ? 500 : 200 });
      },
      { accessShare: 0.1 },
    );
    expect(lines.filter(({ status }) => status === 200).length).to.be.within(89, 90);
    expect(lines.filter(({ status }) => status === 500)).to.have.length(100);
  });

  it('are none at all where only warnings are wanted', async () => {
    expect((await written(({ requests }) => requests.answered(served), { level: 'warn' })).lines).to.have.length(0);
  });

  it('name the request beside every other line that is told in its course', async () => {
    const { lines } = await written(logger => {
      withOrigin({ requestId: 'the-request' }, () => logger.info('within'));
      withOrigin({ requestId: 'the-request' }, () => logger.info('told otherwise', { request_id: 'another' }));
      logger.info('without');
    });
    expect(lines.map(line => line['request_id'])).to.deep.equal(['the-request', 'another', undefined]);
  });
});
