import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { createClient } from 'redis';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { installedPostgres } from '../support/local-postgres.ts';
import { onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { missingRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { ask, productToBuy } from '../support/shop-client.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';

const EMAILS = ['kanarie-ada@birds.example', 'kanarie-guest@birds.example', 'kanarie-wrong@birds.example'];
const [ADA, GUEST, WRONG] = EMAILS as [string, string, string];
const PASSWORD = 'kanarie-password-1';
const ADDRESS = {
  name: 'Kanarie Recipient',
  line1: 'Kanarie Street 1',
  line2: 'Kanarie Floor',
  city: 'Kanarie City',
  region: 'Kanarie Region',
  postal_code: 'KANARIE-1',
  country: 'PT',
};

const PARCEL = { carrier: 'Kanarie Carrier', tracking_number: 'KANARIE-PARCEL-1' };

const HASHED = EMAILS.flatMap(email =>
  (['hex', 'base64', 'base64url'] as const).map(form => createHash('sha256').update(email).digest(form)),
);
/** As somebody could have hidden it only from who does not look twice. */
const ENCODED = [
  ...EMAILS,
  ...Object.values({ ...ADDRESS, ...PARCEL }).filter(value => value.length > 5),
  PASSWORD,
].flatMap(text => (['base64', 'hex'] as const).map(form => Buffer.from(text).toString(form).replaceAll('=', '')));

const canariesIn = (text: string): readonly string[] => [
  ...(text.match(/.{0,60}kanarie.{0,60}/gi) ?? []),
  ...[...HASHED, ...ENCODED].filter(hidden => text.includes(hidden)),
];

onPostgres(servedPostgres, 'canaries in every personal field', postgres => {
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let shop: ShopProcess;
  let client: Client;
  let errors = '';
  const folder = aFolder();

  before(async function () {
    this.timeout(60_000);
    database = await postgres.database();
    redis = missingRedis === undefined ? await startRedis() : undefined;
    const environment = {
      DATABASE_URL: urlOf(database),
      LOG_LEVEL: 'debug',
      RATE_LIMIT: 'on',
      ...(redis && { REDIS_URL: redis.url }),
    };
    client = new Client({ connectionString: urlOf(database) });
    await client.connect();
    shop = await ShopProcess.open({ environment, folder: folder.path });
    await plant();
  });

  after(async () => {
    await shop?.stop();
    await client?.end();
    await redis?.stop();
    await database?.drop();
    folder.remove();
  });

  /** What the shop answers to a refusal is kept, to be searched as well. */
  async function say<Data>(
    status: number,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers = {},
  ) {
    const reply = await ask<Data>(shop.url, path, { method, body, headers });
    expect(reply.status, `${method} ${path} ${JSON.stringify(reply.data)}`).to.equal(status);
    if (status >= 400) errors += JSON.stringify(reply.data);
    return reply.data;
  }

  const login = async (email: string, password: string) => {
    const { access_token } = await say<{ access_token: string }>(200, 'POST', '/auth/login', { email, password });
    return { Authorization: `Bearer ${access_token}` };
  };

  async function plant(): Promise<void> {
    const { token, ...keyed } = { token: await guestToken(), 'Idempotency-Key': 'k' };
    const guest = { 'X-Cart-Token': token };
    const { variants } = await productToBuy(shop.url);
    const variant = { variant_id: variants[0]!.id, quantity: 1 };
    const pay = { payment_method: 'tok_ok' };
    // Everything that goes well, each with a key, so that its answer is kept.
    const newcomer = { email: ADA, password: PASSWORD, name: 'Kanarie Name' };
    await say(201, 'POST', '/auth/register', newcomer, { ...guest, ...keyed });
    const ada = await login(ADA, PASSWORD);
    await say(200, 'PATCH', '/users/me', { name: 'Kanarie Renamed' }, { ...ada, 'Idempotency-Key': 'rename' });
    const saved = await say<{ id: string }>(201, 'POST', '/users/me/addresses', ADDRESS, {
      ...ada,
      'Idempotency-Key': 'a',
    });
    const { city } = ADDRESS;
    await say(200, 'PATCH', `/users/me/addresses/${saved.id}`, { city }, { ...ada, 'Idempotency-Key': 'b' });
    await say(201, 'POST', '/carts/me/items', variant, ada);
    const adas = await say<{ order_id: string }>(
      201,
      'POST',
      '/orders',
      { ...pay, address_id: saved.id },
      { ...ada, 'Idempotency-Key': 'o' },
    );
    await say(201, 'POST', '/carts/me/items', variant, guest);
    const order = { ...pay, email: GUEST, shipping_address: ADDRESS };
    const placed = await say<{ order_id: string }>(201, 'POST', '/orders', order, { ...guest, 'Idempotency-Key': 'o' });
    const admin = await login(DEMO_ACCOUNTS.admin.email, DEMO_ACCOUNTS.admin.password);
    await say(200, 'GET', `/admin/orders?email=${encodeURIComponent(GUEST)}`, undefined, admin);
    const work = (id: string, what: string, body: object) =>
      say(200, 'POST', `/admin/orders/${id}/${what}`, body, { ...admin, 'Idempotency-Key': `${what}-${id}` });
    await work(placed.order_id, 'ship', PARCEL);
    await work(placed.order_id, 'refund', {
      reason: 'kanarie refund reason',
    });
    await work(adas.order_id, 'cancel', { reason: 'kanarie cancel reason' });
    await say(200, 'GET', '/users/me/export', undefined, ada);
    // Everything that goes wrong.
    await say(401, 'POST', '/auth/login', { email: ADA, password: `${PASSWORD}-not` });
    await say(401, 'POST', '/auth/login', { email: WRONG, password: PASSWORD });
    await say(409, 'POST', '/auth/register', newcomer);
    await say(400, 'POST', '/auth/register', { ...newcomer, email: 'kanarie-at-nowhere' });
    await say(400, 'POST', '/users/me/addresses', { ...ADDRESS, country: 'Kanarie' }, ada);
    await say(400, 'POST', '/users/me/addresses', { ...ADDRESS, name: ['Kanarie'] }, ada);
    await say(400, 'POST', '/auth/login', { email: { kanarie: ADA }, password: PASSWORD });
    await say(409, 'POST', '/orders', { ...order, email: GUEST }, { ...guest, 'Idempotency-Key': 'again' });
    // And what nobody has foreseen: the database tells the row that it refuses.
    await client.query('ALTER TABLE users ADD CONSTRAINT broken CHECK (false) NOT VALID');
    await client.query('ALTER TABLE addresses ADD CONSTRAINT broken CHECK (false) NOT VALID');
    await say(500, 'PATCH', '/users/me', { name: 'Kanarie Broken' }, ada);
    await say(500, 'POST', '/users/me/addresses', ADDRESS, ada);
    await say(500, 'POST', '/auth/register', { ...newcomer, email: 'kanarie-broken@birds.example' });
  }

  const sealedIn = async (table: string, column: string): Promise<number> => {
    const { rows } = await client.query(`SELECT 1 FROM ${table} WHERE ${column} IS NOT NULL`);
    return rows.length;
  };

  const guestToken = async (): Promise<string> => (await say<{ cart_token: string }>(201, 'POST', '/carts')).cart_token;

  it('would be found where they stand in plain text', () => {
    expect(canariesIn('a Kanarie sings')).to.have.length(1);
    expect(canariesIn(Buffer.from(ADA).toString('base64'))).to.have.length(1);
    expect(canariesIn(createHash('sha256').update(GUEST).digest('hex'))).to.have.length(1);
  });

  it('are in no row of any table', async () => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(tables.length).to.be.above(20);
    let seen = 0;
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
      seen += rows.length;
      expect(canariesIn(rows.map(({ text }) => text).join('\n')), name).to.deep.equal([]);
    }
    expect(seen).to.be.above(500);
    const { rows: kept } = await client.query('SELECT 1 FROM idempotency_keys WHERE sealed_body IS NOT NULL');
    expect(kept.length).to.be.above(5);
    for (const column of ['sealed_shipment', 'sealed_cancel_reason'])
      expect(await sealedIn('orders', column), column).to.be.above(0);
    expect(await sealedIn('refunds', 'sealed_reason')).to.equal(2);
  });

  it('are in no dump of the database', function () {
    const programs = installedPostgres();
    if (!programs) return this.skip();
    const dump = execFileSync(join(programs, 'pg_dump'), [urlOf(database)], { maxBuffer: 2 ** 28 }).toString();
    expect(dump).to.include('COPY public.outbox');
    expect(canariesIn(dump)).to.deep.equal([]);
  });

  it('are in no key and no value of Redis', async function () {
    if (!redis) return this.skip();
    const { url } = redis;
    const looking = createClient({ url });
    await looking.connect();
    const keys = await looking.keys('*');
    expect(keys.length).to.be.above(0);
    for (const key of keys) {
      const type = await looking.type(key);
      expect(type, key).to.equal('string');
      expect(canariesIn(`${key} ${await looking.get(key)}`)).to.deep.equal([]);
    }
    looking.destroy();
  });

  it('are in no line of the log', () => {
    expect(shop.output).to.include('request failed').and.include('23514');
    expect(canariesIn(shop.output)).to.deep.equal([]);
  });

  it('are in no answer that tells of an error', () => {
    expect(errors).to.include('INTERNAL_ERROR').and.include('VALIDATION_ERROR').and.include('EMAIL_TAKEN');
    expect(canariesIn(errors)).to.deep.equal([]);
  });

  it('are in no file of the shop', () => {
    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    expect(files.map(({ name }) => name)).to.include('personal-data-key');
    for (const { parentPath, name } of files)
      expect(canariesIn(readFileSync(join(parentPath, name), 'latin1')), name).to.deep.equal([]);
  });
});
