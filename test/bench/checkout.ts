import { parseArgs } from 'node:util';
import { installedPostgres, startLocalPostgres } from '../support/local-postgres.ts';
import { BenchShop } from './checkout/bench-shop.ts';
import { Customers, quantile } from './checkout/customers.ts';
import { fillPast } from './checkout/past.ts';
import { findPgbench, pgbench } from './checkout/pgbench.ts';
import { roundTripsOf, scriptOf } from './checkout/pgbench-script.ts';
import { counted, installCounting, settingsToCount } from './checkout/plannings.ts';
import { plotLatency } from './checkout/plot.ts';
import { profiled } from './checkout/profile.ts';
import type { Said } from './checkout/recorder.ts';
import type { Kind } from './checkout/shelves.ts';
import { median, print, printRatios, repeated } from './support.ts';

const USAGE = `Checkouts a second over HTTP, beside pgbench that sends the same statements.

  npm run bench:checkout [-- --customers 1,8,32,64] [--past 200000] [--plot] [--profile]

  --customers  how many are at the till at once; 32 must be among them
  --past       how many orders there are when it is measured again
  --plot       draws docs/explanation/checkout-latency.svg
  --profile    says where the time of the shop's process goes, and measures nothing else
`;

/** Enough for a few seconds each. */
const CARTS: Readonly<Record<number, number>> = { 1: 600, 8: 2400, 32: 3200, 64: 3200 };
const FEW = 10_000;

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1,8,32,64' },
    past: { type: 'string', default: '200000' },
    plot: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** One number of customers at the till. */
export interface Point {
  readonly kind: Kind;
  readonly customers: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Of pgbench; undefined where it is not installed. */
  readonly yardstick: number | undefined;
}

if (values.help) process.stdout.write(USAGE);
else await run();

async function run(): Promise<void> {
  const programs = installedPostgres();
  if (!programs) throw new Error('This needs a Postgres that is installed.');
  const counting = settingsToCount(programs);
  const durable = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on'];
  const server = await startLocalPostgres(programs, [...durable, ...counting]);
  const shop = await BenchShop.open(server.url);
  const customers = new Customers();
  try {
    if (counting.length > 0) await installCounting(shop.client);
    await fillPast(shop.client, 0, FEW);
    if (values.profile) await profile(shop, customers);
    else await measure(shop, customers, findPgbench(programs), counting.length > 0);
  } finally {
    customers.leave();
    await shop.close();
    await server.stop();
  }
}

async function measure(shop: BenchShop, customers: Customers, program: string | undefined, counts: boolean) {
  const points: Point[] = [];
  const costs: (readonly [string, ...(string | number)[]])[] = [];
  for (const kind of ['many', 'hot'] as const) {
    const recorded = await shop.record(kind);
    const script = await scriptOf(shop.client, recorded);
    const { url, process: api } = await opened(shop, customers, kind);
    for (const count of values.customers.split(',').map(Number)) {
      const { rate, p50, p99 } = await atTheTill(shop, customers, url, kind, count);
      const firstCart = await shop.carts(kind, CARTS[count]!);
      const run = { url: shop.url, script, clients: count, firstCart, carts: CARTS[count]! };
      const yardstick = program === undefined ? undefined : await pgbench(program, run);
      points.push({ kind, customers: count, rate, p50, p99, yardstick });
      process.stdout.write(`${kind} ${count}: ${Math.round(rate)}/s, pgbench ${Math.round(yardstick ?? 0)}/s\n`);
    }
    costs.push(await costOf(shop, customers, { url, kind, recorded: recorded.said, counts }));
    await api.stop();
  }
  const flat = await flatness(shop, customers);
  show(points, costs, flat);
  if (values.plot) process.stdout.write(`\nDrawn: ${plotLatency(points)}\n`);
}

async function opened(shop: BenchShop, customers: Customers, kind: Kind, nodeOptions: readonly string[] = []) {
  const api = await shop.start(nodeOptions);
  const firstCart = await shop.carts(kind, 800);
  await customers.checkOut({ url: api.url, customers: 32, firstCart, carts: 800 });
  return { url: api.url, process: api };
}

async function atTheTill(shop: BenchShop, customers: Customers, url: string, kind: Kind, count: number) {
  const carts = CARTS[count]!;
  const firstCart = await shop.carts(kind, carts);
  const { seconds, laps } = await customers.checkOut({ url, customers: count, firstCart, carts });
  return { rate: carts / seconds, p50: quantile(laps, 0.5), p99: quantile(laps, 0.99) };
}

interface Cost {
  readonly url: string;
  readonly kind: Kind;
  readonly recorded: readonly Said[];
  readonly counts: boolean;
}

async function costOf(shop: BenchShop, customers: Customers, { url, kind, recorded, counts }: Cost) {
  const carts = 400;
  const firstCart = await shop.carts(kind, carts);
  const work = () => customers.checkOut({ url, customers: 8, firstCart, carts });
  const { plannings, statements } = counts ? await counted(shop.client, work) : { plannings: 0, statements: 0 };
  const prepared = recorded.filter(said => said.prepared).length;
  const perCart = (sum: number): number | string => (counts ? sum / carts : 'not counted');
  return [
    kind,
    roundTripsOf(recorded).length,
    recorded.length,
    prepared,
    perCart(statements),
    perCart(plannings),
  ] as const;
}

async function flatness(
  shop: BenchShop,
  customers: Customers,
): Promise<{ few: number; lots: number; lotsCount: number }> {
  const rateOf = async (): Promise<number> => {
    const { url, process: api } = await opened(shop, customers, 'many');
    const rates = await repeated(3, async () => (await atTheTill(shop, customers, url, 'many', 32)).rate);
    await api.stop();
    return median(rates);
  };
  const few = await rateOf();
  await fillPast(shop.client, FEW, Number(values.past) - FEW);
  return { few, lots: await rateOf(), lotsCount: Number(values.past) };
}

function show(
  points: readonly Point[],
  costs: readonly (readonly [string, ...(string | number)[]])[],
  { few, lots, lotsCount }: { few: number; lots: number; lotsCount: number },
): void {
  printRatios(
    'Checkouts over HTTP, one process, beside pgbench with the same statements, prepared',
    ['', 'customers', 'a second', 'pgbench', 'of pgbench', 'p50 ms', 'p99 ms'],
    points.map(({ kind, customers, rate, p50, p99, yardstick }) => [
      kind === 'many' ? '1,000 SKUs, 3 lines' : 'one hot SKU, 1 line',
      customers,
      rate,
      yardstick ?? 'not installed',
      yardstick === undefined ? '' : rate / yardstick,
      p50,
      p99,
    ]),
  );
  printRatios(
    'What one checkout says to the database',
    ['', 'round trips', 'messages', 'of them prepared', 'statements carried out', 'plannings'],
    costs,
  );
  const at = (kind: Kind): Point => points.find(point => point.kind === kind && point.customers === 32)!;
  const share = (kind: Kind): number => at(kind).rate / (at(kind).yardstick ?? NaN);
  print('Aims, at 32 customers', [
    { what: '1,000 SKUs, of pgbench', measured: share('many'), limit: 0.4, unit: '', should: 'at least' },
    { what: 'one hot SKU, of pgbench', measured: share('hot'), limit: 0.6, unit: '', should: 'at least' },
    { what: '1,000 SKUs, p99', measured: at('many').p99, limit: 150, unit: 'ms' },
    { what: 'one hot SKU, p99', measured: at('hot').p99, limit: 150, unit: 'ms' },
    {
      what: `slower after ${lotsCount.toLocaleString('en')} orders than after ${FEW.toLocaleString('en')}`,
      measured: few / lots,
      limit: 1.2,
      unit: 'times',
      note: `${Math.round(few)}/s, ${Math.round(lots)}/s`,
    },
  ]);
}

async function profile(shop: BenchShop, customers: Customers): Promise<void> {
  for (const kind of ['many', 'hot'] as const) {
    const table = await profiled(async nodeOptions => {
      const { url, process: api } = await opened(shop, customers, kind, nodeOptions);
      await atTheTill(shop, customers, url, kind, 32);
      await api.stop();
    });
    printRatios(`Where the time of the process goes (${kind})`, ['', '%'], table);
  }
}
