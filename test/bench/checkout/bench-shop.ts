import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'node:http';
import { Client } from 'pg';
import { createApp } from '../../../config/app.ts';
import { prepareShop } from '../../../config/first-start.ts';
import { parseSettings } from '../../../config/settings.ts';
import { RandomTokens } from '../../../adapters/security/random-tokens.ts';
import { ShopProcess } from '../../support/shop-process.ts';
import { checkOut } from './load.ts';
import type { Recorded } from './pgbench-script.ts';
import { Recorder } from './recorder.ts';
import { cartNumber, fillCarts, fillShelves, type Kind, LINES, tokenOf } from './shelves.ts';

const QUIET = { PORT: '0', RATE_LIMIT: 'off', SEED_DEMO: 'false', BCRYPT_COST: '4', LOG_LEVEL: 'error' };

/** The database of the bench, the carts in it and the one process of the shop that sells them. */
export class BenchShop {
  readonly url: string;
  readonly client: Client;
  readonly #folder = mkdtempSync(join(tmpdir(), 'pannier-bench-'));
  #carts = 0;

  private constructor(url: string, client: Client) {
    this.url = url;
    this.client = client;
  }

  /** Makes the tables and fills the shelves of an empty database. */
  static async open(url: string): Promise<BenchShop> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const shop = new BenchShop(url, client);
    await shop.#inProcess(() => Promise.resolve());
    await fillShelves(client);
    return shop;
  }

  /** An `api` process as it runs in earnest; its bank is in it. */
  async start(nodeOptions: readonly string[] = []): Promise<ShopProcess> {
    const environment = { ...QUIET, DATABASE_URL: this.url, ROLE: 'api' };
    return ShopProcess.open({ environment, folder: this.#folder, nodeOptions });
  }

  /** So many more full carts. Resolves to the index of the first. */
  async carts(kind: Kind, count: number): Promise<number> {
    const first = this.#carts;
    this.#carts += count;
    await fillCarts(this.client, kind, first, count);
    await this.client.query('VACUUM ANALYZE carts, cart_items, orders, payments, reservations, inventory, outbox');
    await this.client.query('CHECKPOINT');
    return first;
  }

  /** All that one checkout says to the database. */
  async record(kind: Kind): Promise<Recorded> {
    const first = await this.carts(kind, 2);
    const agent = new Agent({ keepAlive: true });
    const recorder = await Recorder.open(this.url);
    const said = await this.#inProcess(async url => {
      // The first one opens connections, and prepares.
      await checkOut(url, agent, first);
      return recorder.saidDuring(() => checkOut(url, agent, first + 1));
    }, recorder.url);
    agent.destroy();
    await recorder.close();
    const cart = cartNumber(first + 1);
    const { rows } = await this.client.query<{ number: string; variants: string[] }>(
      `SELECT o.number, array_agg(right(i.variant_id::text, 12) ORDER BY i.position) AS variants
         FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.cart_id = $1::uuid GROUP BY o.number`,
      [`00000000-0000-7000-8003-${cart}`],
    );
    const { number: orderNumber, variants } = rows[0]!;
    if (variants.length !== LINES[kind]) throw new Error('The recorded order has other lines than its cart.');
    const tokenHash = new RandomTokens().hash(tokenOf(first + 1));
    return { said, kind, cart, variants: variants.map(Number), tokenHash, orderNumber };
  }

  async paidOrders(): Promise<number> {
    const { rows } = await this.client.query<{ count: string }>(`SELECT COUNT(*) FROM orders WHERE saga = 'PAID'`);
    return Number(rows[0]!.count);
  }

  async close(): Promise<void> {
    await this.client.end();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #inProcess<Result>(work: (url: string) => Promise<Result>, databaseUrl = this.url): Promise<Result> {
    const parsed = parseSettings({ ...QUIET, DATABASE_URL: databaseUrl });
    const settings = { ...parsed, secretsFolder: this.#folder };
    const app = await createApp(settings);
    try {
      await prepareShop(app.container, settings, () => {});
      const { url } = await app.listen();
      return await work(url);
    } finally {
      await app.close();
    }
  }
}
