import { Agent, request } from 'node:http';
import { Writable } from 'node:stream';
import { ShopMetrics } from '../../adapters/observability/shop-metrics.ts';
import { createLogger } from '../../adapters/observability/winston-logger.ts';
import { withOrigin } from '../../application/audit/origin.ts';
import { productToBuy } from '../support/shop-client.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';
import { median, printRatios, repeated } from './support.ts';

/**
 * What it costs to watch a shop: access lines and figures. Counted is the time on a processor that the shop's process takes
 * for a request, which says the same however busy the machine is otherwise.
 */
const ROUNDS = 5;
const REQUESTS = 4000;
const AT_ONCE = 16;

const COMMON = { DATABASE_URL: 'memory:', ROLE: 'api' };
const KINDS = [
  ['nothing logged', { LOG_LEVEL: 'error' }],
  ['a line for each request', { LOG_LEVEL: 'info' }],
  ['a line for one in a hundred', { LOG_LEVEL: 'info', ACCESS_LOG_SHARE: '0.01' }],
] as const;

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
const { path: folder, remove } = aFolder();

const get = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.once('end', () => resolve(text));
    });
    sent.once('error', reject);
    sent.end();
  });

const secondsOnProcessor = async (shop: ShopProcess): Promise<number> =>
  Number(/^process_cpu_seconds_total (\S+)$/m.exec(await get(`${shop.url}/metrics`))![1]);

async function microsecondsEach(shop: ShopProcess, url: string): Promise<number> {
  const before = await secondsOnProcessor(shop);
  let left = REQUESTS;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await get(url);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return (((await secondsOnProcessor(shop)) - before) / REQUESTS) * 1e6;
}

const shops = await Promise.all(
  KINDS.map(([, environment]) => ShopProcess.open({ environment: { ...COMMON, ...environment }, folder })),
);
const targets = await Promise.all(
  shops.map(async shop => `${shop.url}/api/v1/products/${(await productToBuy(shop.url)).id}`),
);
/** In turn, so that whatever else the machine does meets all of them; the first round only warms up. */
const rounds = await repeated(ROUNDS + 1, () =>
  repeated(KINDS.length, kind => microsecondsEach(shops[kind]!, targets[kind]!)),
);
for (const shop of shops) await shop.stop();
agent.destroy();
remove();

const costs = KINDS.map((_kind, kind) => median(rounds.slice(1).map(round => round[kind]!)));
printRatios(
  'One product over HTTP, time on a processor',
  ['', 'µs a request', 'requests beside no log'],
  KINDS.map(([what], kind) => [what, costs[kind]!, costs[0]! / costs[kind]!]),
);

/** Of one call, in a process that does nothing else. */
function cost(work: () => void, count = 100_000): number {
  const round = () => {
    const before = process.cpuUsage();
    for (let time = 0; time < count; time += 1) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  round();
  return median([round(), round(), round()]);
}

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
const logger = createLogger({ level: 'info', errorStack: false, output: nowhere });
const metrics = new ShopMetrics({ pool: undefined, backlog: () => Promise.resolve(undefined) });
const route = { name: 'showProduct', pattern: '/api/v1/products/{id}', rate: 'read' };
const path = '/api/v1/products/01933e5c-aaaa-7bbb-8ccc-0123456789ab';
const served = { route, method: 'GET', path, status: 200, seconds: 0.002, outcome: undefined };
const costOf = (work: () => void) =>
  withOrigin({ requestId: '01933e5c-bbbb-7bbb-8ccc-0123456789ab' }, () => cost(work));

printRatios(
  'The same, piece by piece',
  ['', 'µs'],
  [
    ['a line through the logger', costOf(() => logger.info('request', { method: 'GET', path, status: 200, ms: 2.1 }))],
    ['an access line', costOf(() => logger.requests.answered(served))],
    [
      'the figures of a request',
      costOf(() => {
        metrics.began();
        metrics.answered(served);
      }),
    ],
  ],
);
metrics.close();
await logger.close();
