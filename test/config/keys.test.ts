import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { onPostgres, servedPostgres, type TestDatabase } from '../support/postgres.ts';
import { urlOf } from '../support/postgres-url.ts';
import { ask, buy, productToBuy, signIn } from '../support/shop-client.ts';
import { aFolder, Program, runProgram, ShopProcess } from '../support/shop-process.ts';

const OLD = 'o'.repeat(43);
const NEW = 'n'.repeat(43);
const PASSWORD = 'a-long-enough-one';

onPostgres(servedPostgres, 'replacing PII_KEYS', postgres => {
  let database: TestDatabase;
  let folder: ReturnType<typeof aFolder>;

  beforeEach(async () => {
    database = await postgres.database();
    folder = aFolder();
  });

  afterEach(async () => {
    await database.drop();
    folder.remove();
  });

  const options = (keys: string) => ({
    environment: { DATABASE_URL: urlOf(database), PII_KEYS: keys, LOG_LEVEL: 'error' },
    folder: folder.path,
  });

  const register = (url: string, n: number) =>
    ask(url, '/auth/register', {
      method: 'POST',
      body: { email: `ada-${n}@example.com`, password: PASSWORD, name: 'Ada' },
    });

  it('is one command beside a shop that sells, and afterwards the old key is not needed', async function () {
    this.timeout(60_000);
    const before = await ShopProcess.open(options(OLD));
    for (let n = 0; n < 30; n += 1) expect((await register(before.url, n)).status).to.equal(201);
    await before.stop();

    const shop = await ShopProcess.open(options(`${NEW},${OLD}`));
    const { variants } = await productToBuy(shop.url);
    let over = false;
    const statuses: number[] = [];
    const selling = async () => {
      for (let n = 100; !over; n += 1) {
        statuses.push((await register(shop.url, n)).status);
        const headers = await signIn(shop.url, `ada-${n % 30}@example.com`, PASSWORD);
        statuses.push((await ask(shop.url, '/users/me', { headers })).status);
        const bought = await buy(shop.url, { variantId: variants[0]!.id, headers, key: `key-${n}` });
        statuses.push(bought.status);
      }
    };
    const sold = selling();
    const killed = new Program('keys', options(`${NEW},${OLD}`));
    await sleep(250);
    killed.kill();
    await killed.ended();
    const { code, stdout, stderr } = await runProgram('keys', options(`${NEW},${OLD}`));
    over = true;
    await sold;
    await shop.stop();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.include('Left under older keys: 0 persons and 0 look-ups; left in plain text: 0 rows.');
    expect(new Set(statuses)).to.deep.equal(new Set([200, 201]));

    const after = await ShopProcess.open(options(NEW));
    for (let n = 0; n < 30; n += 1) {
      const headers = await signIn(after.url, `ada-${n}@example.com`, PASSWORD);
      const { data } = await ask<{ name: string }>(after.url, '/users/me', { headers });
      expect(data).to.include({ name: 'Ada' });
    }
    await after.stop();
  });

  it('says which key is missing when one was taken away too early', async () => {
    const shop = await ShopProcess.open(options(OLD));
    await shop.stop();
    const { code, stderr } = await runProgram('keys', options(NEW));
    expect(code).to.equal(1);
    expect(stderr).to.match(/personal data in person_keys\.wrapped of [-\w]+ does not open under the key [\w-]+/);
    expect(stderr).to.include('PII_KEYS must hold each key');
    expect(stderr).not.to.match(/example|\n +at /);
  });

  it('has nothing to do for a shop in memory', async () => {
    const environment = { DATABASE_URL: 'memory:' };
    const { code, stderr } = await runProgram('keys', { environment, folder: folder.path });
    expect(code).to.equal(1);
    expect(stderr).to.include('seals nothing');
  });
});
