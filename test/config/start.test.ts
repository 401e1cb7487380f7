import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../adapters/embedded-postgres/start.ts';
import { onEachPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { ask, buy, productToBuy, type Receipt, signIn } from '../support/shop-client.ts';
import { aFolder, runProgram, ShopProcess } from '../support/shop-process.ts';
import { aMoment, rejectionOf, times } from '../support/waiting.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';

const { admin, customer } = DEMO_ACCOUNTS;

/** Its own folder, and the end of all shops that a test opened. */
function place() {
  const shops: ShopProcess[] = [];
  let folder = aFolder();
  beforeEach(() => {
    folder = aFolder();
  });
  afterEach(async () => {
    for (const shop of shops.splice(0)) await shop.stop();
    folder.remove();
  });
  return {
    get folder() {
      return folder.path;
    },
    async open(environment: Readonly<Record<string, string>> = {}): Promise<ShopProcess> {
      const shop = await ShopProcess.open({ environment, folder: folder.path });
      shops.push(shop);
      return shop;
    },
  };
}

/** @throws the answer, when it is not the receipt of a paid order */
async function bought(buying: ReturnType<typeof buy>): Promise<Receipt> {
  const { status, data } = await buying;
  if (status !== 201 || data.status !== 'PAID') throw new Error(`${status} ${JSON.stringify(data)}`);
  return data;
}

describe('a start that cannot succeed', () => {
  const here = place();
  const start = (environment: Readonly<Record<string, string>>) =>
    runProgram('main', { environment: { PORT: '0', ...environment }, folder: here.folder });

  it('lists all wrong settings in one message and exits with 1', async () => {
    const { code, stdout, stderr } = await start({
      PORT: 'abc',
      DATABASE_URL: 'mysql://shop:hunter2@db/shop',
      LOG_LEVEL: 'loud',
      JWT_KEYS: '{"keys":[{"d":"hush"}]}',
    });
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr.split('\n  - ')).to.have.length(5);
    expect(stderr).to.include('PORT must be a number').and.include('JWT_KEYS cannot be used: keys[0]');
    expect(stderr).to.not.match(/hunter2|hush| at /);
  });

  it('says what to do about a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as { port: number }).port);
    const { code, stderr } = await start({ PORT: port, DATABASE_URL: 'memory:' });
    other.close();
    expect(code).to.equal(1);
    expect(stderr).to.include(port).and.include('PORT=3001 npm start').and.not.match(/ at /);
  });

  it('says that no database answers', async () => {
    const { code, stderr } = await start({ DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:1/shop' });
    expect(code).to.equal(1);
    expect(stderr)
      .to.include('ECONNREFUSED')
      .and.not.match(/hunter2| at /);
  });

  it('refuses a data folder that cannot be written, and names the way out', async () => {
    const { code, stderr } = await start({ DATABASE_URL: 'embedded:/dev/null/shop' });
    expect(code).to.equal(1);
    expect(stderr).to.include('/dev/null/shop').and.include('DATABASE_URL=').and.not.match(/ at /);
  });
});

describe('a shop in a folder', () => {
  const here = place();

  it('shows where to go and how to sign in, and what it shows is true', async () => {
    const shop = await here.open();
    const [, email, password] = /^ +Admin +(\S+) · (\S+)$/m.exec(shop.output)!;
    const headers = await signIn(shop.url, email!, password!);
    expect((await ask(shop.url, '/admin/orders', { headers })).status).to.equal(200);
    const docs = /^ +API docs +(\S+)$/m.exec(shop.output)![1]!;
    expect((await fetch(docs)).status).to.equal(200);
    expect(await signIn(shop.url, customer.email, customer.password)).to.have.property('Authorization');
    expect(shop.output).to.include('Creating the database');
  });

  it('shuts its secrets away, and leaves the folder open to the user that its Postgres runs as', async () => {
    await here.open();
    const modeOf = (path: string): string => (statSync(join(here.folder, path)).mode & 0o777).toString(8);
    expect(modeOf('data')).to.equal((0o777 & ~process.umask()).toString(8));
    expect(modeOf('data/secrets')).to.equal('700');
  });

  it('still has what was bought when it was stopped and started again', async () => {
    const first = await here.open();
    const { id } = (await productToBuy(first.url)).variants[0]!;
    const headers = await signIn(first.url, customer.email, customer.password);
    const receipt = await bought(buy(first.url, { variantId: id, headers, key: 'before-the-stop' }));
    expect(await first.stop()).to.include({ code: 0, signal: null, stderr: '' });

    const second = await here.open();
    expect(second.output).to.not.include('Creating the database').and.not.include('filled the shelves');
    const again = await ask<Receipt>(second.url, `/orders/${receipt.order_id}`, { headers });
    expect(again.data.status).to.equal('PAID');
  });

  it('loses nothing that it acknowledged when it is killed in the middle of a rush', async () => {
    const shop = await here.open();
    const { id } = (await productToBuy(shop.url)).variants[0]!;
    const acknowledged: Receipt[] = [];
    const shopper = async (name: number): Promise<void> => {
      for (let visit = 0; ; visit += 1) {
        const cart = await ask<{ cart_token: string }>(shop.url, '/carts', { method: 'POST' });
        const headers = { 'X-Cart-Token': cart.data.cart_token };
        const key = `rush-${name}-${visit}`;
        acknowledged.push(await bought(buy(shop.url, { variantId: id, headers, email: 'ada@example.com', key })));
        if (acknowledged.length === 12) shop.kill();
      }
    };
    const ends = await Promise.all(times(4, name => rejectionOf(shopper(name))));
    expect(acknowledged, String(ends[0])).to.have.length.of.at.least(12);
    expect(await shop.ended()).to.include({ signal: 'SIGKILL' });

    const reopened = await here.open();
    const headers = await signIn(reopened.url, admin.email, admin.password);
    for (const { order_id, status } of acknowledged) {
      const found = await ask<Receipt>(reopened.url, `/admin/orders/${order_id}`, { headers });
      expect(found.data.status, order_id).to.equal(status);
    }
  });

  it('is refused while another process has it open, who goes on undisturbed', async () => {
    const first = await here.open();
    const { code, stderr } = await runProgram('main', { environment: { PORT: '0' }, folder: here.folder });
    expect(code).to.equal(1);
    expect(stderr).to.include('Another process').and.include('another folder').and.not.match(/ at /);
    const { id } = (await productToBuy(first.url)).variants[0]!;
    const headers = await signIn(first.url, customer.email, customer.password);
    const receipt = await bought(buy(first.url, { variantId: id, headers, key: 'at-the-only-till' }));
    expect(receipt.status).to.equal('PAID');
    expect(await first.stop()).to.include({ code: 0 });
  });

  it('is refused when a newer version has written the folder, and nothing is changed', async () => {
    const folder = `${here.folder}/data`;
    await (await here.open()).stop();
    const server = await startEmbeddedPostgres(folder);
    const client = new Client({ ...server.connection });
    await client.connect();
    await client.query(
      `INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20991231000000_the_future', 2, now())`,
    );
    await client.end();
    await server.stop();

    const { code, stderr } = await runProgram('main', { environment: { PORT: '0' }, folder: here.folder });
    expect(code).to.equal(1);
    expect(stderr).to.include('20991231000000_the_future').and.include('newer version').and.not.match(/ at /);
  });
});

describe('SIGUSR2', () => {
  const here = place();

  it('changes how much is logged while the shop runs, and ends nothing', async () => {
    const shop = await here.open({ DATABASE_URL: 'memory:', LOG_LEVEL: 'warn' });
    const linesOf = (path: string) => shop.output.split('\n').filter(line => line.includes(`"path":"${path}"`)).length;
    const shows = async (text: string) => {
      while (!shop.output.includes(text)) await aMoment();
    };
    await fetch(`${shop.url}/health/live`);
    process.kill(shop.pid, 'SIGUSR2');
    await shows('logs at info from now on');
    await fetch(`${shop.url}/health/ready`);
    await shows('"path":"/health/ready"');
    expect(linesOf('/health/live')).to.equal(0);
    process.kill(shop.pid, 'SIGUSR2');
    await shows('logs at debug');
    process.kill(shop.pid, 'SIGUSR2');
    await shows('logs at error');
    await fetch(`${shop.url}/health`);
    expect(await shop.stop()).to.include({ code: 0, signal: null, stderr: '' });
    expect(linesOf('/health')).to.equal(0);
  });
});

describe('Ctrl-C', () => {
  const here = place();

  it('lets a checkout that is under way finish, takes no new one, and ends with 0', async () => {
    const shop = await here.open({ DATABASE_URL: 'memory:' });
    const { id: variantId, slug } = await productOf(shop);
    const headers = await signIn(shop.url, customer.email, customer.password);
    const before = await availableOf(shop, slug);
    const buying = buy(shop.url, { variantId, headers, paymentMethod: 'tok_slow', key: 'at-closing-time' });
    await until(async () => (await availableOf(shop, slug)) < before);

    shop.pressCtrlC();
    await until(() => refuses(shop));
    await bought(buying);
    const answered = Date.now();
    expect(await shop.ended()).to.include({ code: 0, signal: null, stderr: '' });
    expect(Date.now() - answered, 'ms from the last answer to the end').to.be.below(2_000);
  });

  async function productOf(shop: ShopProcess) {
    const { slug, variants } = await productToBuy(shop.url);
    return { slug, id: variants[0]!.id };
  }

  async function availableOf(shop: ShopProcess, slug: string): Promise<number> {
    const { data } = await ask<{ variants: { available: number }[] }>(shop.url, `/products/slug/${slug}`);
    return data.variants[0]!.available;
  }

  const refuses = (shop: ShopProcess): Promise<boolean> =>
    fetch(`${shop.url}/health/live`, { headers: { Connection: 'close' } }).then(
      () => false,
      () => true,
    );

  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (const giveUp = Date.now() + 5_000; Date.now() < giveUp; await aMoment()) if (await holds()) return;
    throw new Error('It has not come to that.');
  }
});

onEachPostgres('several processes that start together', postgres => {
  const here = place();
  let database: TestDatabase;

  beforeEach(async () => {
    database = await postgres.database();
  });

  afterEach(() => database.drop());

  it('migrate their database once', async () => {
    const environment = { DATABASE_URL: urlOf(database) };
    const runs = await Promise.all(times(4, () => runProgram('migrate', { environment, folder: here.folder })));
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).to.deep.equal(times(4, () => ({ code: 0, stderr: '' })));
    const migrated = runs.filter(({ stdout }) => stdout.includes('brought the database up to date'));
    expect(migrated).to.have.length(1);
  });

  it('open one shop, with one administrator and every sample product once', async () => {
    const environment = { DATABASE_URL: urlOf(database) };
    const shops = await Promise.all(times(3, () => here.open(environment)));
    const headers = await signIn(shops[0]!.url, admin.email, admin.password);
    const totals = await Promise.all(
      shops.map(async shop => {
        const response = await fetch(`${shop.url}/api/v1/products?page=1&limit=1`, { headers });
        return ((await response.json()) as { meta: { total: number } }).meta.total;
      }),
    );
    const alone = await here.open({ DATABASE_URL: 'memory:' });
    const response = await fetch(`${alone.url}/api/v1/products?page=1&limit=1`);
    const { total } = ((await response.json()) as { meta: { total: number } }).meta;
    expect(totals).to.deep.equal([total, total, total]);
    for (const shop of shops) await shop.stop();
  });
});
