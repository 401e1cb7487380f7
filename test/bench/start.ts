import { Client } from 'pg';
import { installedPostgres, startLocalPostgres } from '../support/local-postgres.ts';
import { ask, buy, type Product } from '../support/shop-client.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';
import { descendantsOf, megabytesOf } from './memory-of-processes.ts';
import { median, print, repeated, type Row, timed } from './support.ts';

/**
 * How long it takes from the command to the first answer, and how much memory the shop then lives in: as `npm start`
 * runs it, after some trade. The first start of a place makes its database and fills it with the sample catalogue.
 */
const RUNS = 5;

interface Start {
  readonly seconds: number;
  readonly shopMegabytes: number;
  readonly postgresMegabytes: number;
}

async function start(databaseUrl: string, folder: string): Promise<Start> {
  const { seconds, result: shop } = await timed(async () => {
    const opened = await ShopProcess.open({
      environment: { DATABASE_URL: databaseUrl, BCRYPT_COST: '12', LOG_LEVEL: 'info' },
      folder,
      nodeOptions: ['--enable-source-maps'],
    });
    await ask(opened.url, '/products?limit=1');
    return opened;
  });
  await trade(shop);
  const shopMegabytes = megabytesOf([shop.pid]);
  const postgresMegabytes = megabytesOf(descendantsOf(shop.pid));
  const { code } = await shop.stop();
  if (code !== 0) throw new Error(`The shop ended with ${code}.`);
  return { seconds, shopMegabytes, postgresMegabytes };
}

/** A small morning: four hundred looks at the shelves and forty sales. */
async function trade({ url }: ShopProcess): Promise<void> {
  const shelves = await ask<readonly Product[]>(url, '/products?in_stock=true&limit=40');
  const variants = shelves.data.flatMap(product => product.variants).filter(({ available }) => available > 5);
  for (let round = 0; round < 40; round += 1) {
    for (const path of ['?limit=20', '?q=dog', '?sort=price&page=2', '?in_stock=true'])
      await ask(url, `/products${path}`);
    const { data } = await ask<{ cart_token: string }>(url, '/carts', { method: 'POST' });
    const headers = { 'X-Cart-Token': data.cart_token };
    const sale = {
      variantId: variants[round % variants.length]!.id,
      headers,
      email: 'ada@example.com',
      key: `bench-${round}`,
    };
    const { status } = await buy(url, sale);
    if (status !== 201) throw new Error(`A sale ended with ${status}.`);
  }
}

const secondsOf = (starts: readonly Start[]): number => median(starts.map(({ seconds }) => seconds));
const shopOf = (starts: readonly Start[]): number => median(starts.map(({ shopMegabytes }) => shopMegabytes));
const postgresOf = (starts: readonly Start[]): number =>
  median(starts.map(({ postgresMegabytes }) => postgresMegabytes));

async function memory(): Promise<Row[]> {
  const { path, remove } = aFolder();
  const starts = await repeated(RUNS, () => start('memory:', path));
  remove();
  return [
    { what: 'memory: first answer', measured: secondsOf(starts), limit: 1, unit: 's' },
    { what: 'memory: shop', measured: shopOf(starts), limit: 120, unit: 'MB' },
  ];
}

async function embedded(): Promise<Row[]> {
  const rounds = await repeated(RUNS, async () => {
    const { path, remove } = aFolder();
    const first = await start('embedded:./data', path);
    const second = await start('embedded:./data', path);
    remove();
    return { first, second };
  });
  const again = rounds.map(({ second }) => second);
  return [
    { what: 'embedded, new: first answer', measured: secondsOf(rounds.map(({ first }) => first)), limit: 4, unit: 's' },
    { what: 'embedded, existing: first answer', measured: secondsOf(again), limit: 1.5, unit: 's' },
    { what: 'embedded: shop', measured: shopOf(again), limit: 150, unit: 'MB' },
    { what: 'embedded: its Postgres', measured: postgresOf(again), limit: 130, unit: 'MB' },
  ];
}

async function served(): Promise<Row[]> {
  const programs = installedPostgres();
  if (!programs) {
    process.stdout.write('No Postgres is installed: a served one is not measured.\n');
    return [];
  }
  const { url, stop } = await startLocalPostgres(programs);
  const { path, remove } = aFolder();
  const client = new Client({ connectionString: url });
  await client.connect();
  const rounds = await repeated(RUNS, async run => {
    await client.query(`CREATE DATABASE shop_${run}`);
    const database = url.replace(/\/[^/]*$/, `/shop_${run}`);
    return { first: await start(database, path), second: await start(database, path) };
  });
  await client.end();
  await stop();
  remove();
  const again = rounds.map(({ second }) => second);
  return [
    { what: 'Postgres, new: first answer', measured: secondsOf(rounds.map(({ first }) => first)), limit: 4, unit: 's' },
    { what: 'Postgres, existing: first answer', measured: secondsOf(again), limit: 1.5, unit: 's' },
    { what: 'Postgres: shop', measured: shopOf(again), limit: 150, unit: 'MB' },
  ];
}

print(`Start and memory (median of ${RUNS})`, [...(await memory()), ...(await embedded()), ...(await served())]);
