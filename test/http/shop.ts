import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp, type Overrides } from '../../config/app.ts';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import { AnswerCheck, type Description } from './answer-check.ts';
import { Api, dataOf } from './api.ts';
import { HttpClient } from './client.ts';
import type { Cart, Category, Product, SignedIn, User } from './shapes.ts';

export type Environment = Readonly<Record<string, string>>;

export interface ShopOptions {
  readonly environment?: Environment;
  readonly overrides?: Overrides;
}

/** Somebody with an account, who is signed in. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly tokens: SignedIn;
  readonly api: Api;
}

export const ADDRESS = {
  name: 'Ada Customer',
  line1: '1 Harbour Street',
  city: 'Lisbon',
  postal_code: '1100-001',
  country: 'PT',
};

export const usd = (amount: number) => ({ amount, currency: 'USD' });

let numbered = 0;

/** Never the same twice: tests share a shop, but not their customers, products or keys. */
export const fresh = (what: string): string => `${what}-${(numbered += 1)}`;

/** The bank is in this process: whatever takes it longer than this is a bank that is slow on purpose. */
const GATEWAY_TIMEOUT_MS = '150';
/** What the bank signs its notices with. */
export const BANK_SECRET = 'a-secret-of-the-sandbox-bank';

const QUIET = {
  SANDBOX_WEBHOOK_SECRET: BANK_SECRET,
  PORT: '0',
  BCRYPT_COST: '4',
  LOG_LEVEL: 'silent',
  RATE_LIMIT: 'off',
  SEED_DEMO: 'false',
  GATEWAY_TIMEOUT_MS,
};

/** A whole shop that listens, and the people in it. */
export class Shop {
  readonly app: App;
  readonly url: string;
  readonly check: AnswerCheck;
  /** Who says nothing of themselves. */
  readonly anonymous: Api;
  /** The same, for what does not lie below /api/v1. */
  readonly root: Api;
  readonly #client: HttpClient;
  readonly #folder: string;
  #admin: Promise<Account> | undefined;
  #shelf: Promise<Category> | undefined;

  private constructor(app: App, url: string, check: AnswerCheck, folder: string) {
    this.app = app;
    this.url = url;
    this.check = check;
    this.#folder = folder;
    this.#client = new HttpClient(url, (ask, reply) => check.examine(ask, reply));
    this.anonymous = new Api(this.#client, '/api/v1');
    this.root = new Api(this.#client, '');
  }

  static async open(databaseUrl: string, { environment = {}, overrides = {} }: ShopOptions = {}): Promise<Shop> {
    const folder = mkdtempSync(join(tmpdir(), 'pannier-test-shop-'));
    const parsed = parseSettings({ ...QUIET, DATABASE_URL: databaseUrl, ...environment });
    const settings = { ...parsed, secretsFolder: parsed.secretsFolder && folder };
    const app = await createApp(settings, overrides);
    await prepareShop(app.container, settings, () => {});
    const { url } = await app.listen();
    return new Shop(app, url, await checkOf(url), folder);
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.app.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async admin(): Promise<Api> {
    this.#admin ??= this.signIn(DEMO_ACCOUNTS.admin);
    return (await this.#admin).api;
  }

  async customer(): Promise<Api> {
    return (await this.account()).api;
  }

  /** A customer who has just registered and signed in. */
  async account(): Promise<Account> {
    const person = { email: `${fresh('customer')}@example.com`, password: 'a-long-enough-one' };
    dataOf(await this.anonymous.post<User>('/auth/register', { ...person, name: 'Ada Customer' }));
    return this.signIn(person);
  }

  async staff(): Promise<Api> {
    const person = await this.account();
    const admin = await this.admin();
    dataOf(await admin.patch(`/admin/users/${person.id}`, { role: 'staff' }));
    return (await this.signIn(person)).api;
  }

  async signIn({ email, password }: { email: string; password: string }, from = this.anonymous): Promise<Account> {
    const tokens = dataOf(await from.post<SignedIn>('/auth/login', { email, password }));
    return { id: tokens.user.id, email, password, tokens, api: this.holding(tokens.access_token) };
  }

  holding(accessToken: string): Api {
    return this.anonymous.with({ Authorization: `Bearer ${accessToken}` });
  }

  /** Somebody without an account, who holds an empty cart. */
  async guest(): Promise<Api> {
    const { cart_token: token } = dataOf(await this.anonymous.post<Cart>('/carts'));
    return this.anonymous.with({ 'X-Cart-Token': token! });
  }

  async category(facts: { name?: string; parent_id?: string } = {}): Promise<Category> {
    const admin = await this.admin();
    return dataOf(await admin.post<Category>('/categories', { name: fresh('Shelf'), ...facts }));
  }

  /** A product of one variant, with 100 in stock at 29.99 unless told otherwise, on a shelf that many share. */
  async product(facts: Readonly<Record<string, unknown>> = {}): Promise<Product> {
    const admin = await this.admin();
    const { id } = await (this.#shelf ??= this.category());
    const simple = 'variants' in facts ? {} : { price: usd(2999), stock: 100 };
    return dataOf(
      await admin.post<Product>('/products', { name: fresh('Rope Leash'), category_id: id, ...simple, ...facts }),
    );
  }

  /** The id of the only variant of a new product. */
  async variant(facts: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return (await this.product(facts)).variants[0]!.id;
  }
}

async function checkOf(url: string): Promise<AnswerCheck> {
  let description: Description | undefined;
  const client = new HttpClient(url, (_ask, reply) => (description = reply.body as unknown as Description));
  await client.send({ method: 'GET', path: '/openapi.json' });
  client.close();
  return new AnswerCheck(description!);
}
