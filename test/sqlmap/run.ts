import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_ACCOUNTS } from '../../config/demo-accounts.ts';
import { signIn } from '../support/shop-client.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';

/**
 * Lets sqlmap at whatever the shop searches, sorts and pages by, on a shop of its own on this machine. Ends with 1 when
 * anything can be injected or when sqlmap did not get to try, and with 2 when there is no sqlmap.
 */
const TARGETS: readonly { readonly path: string; readonly tried: string; readonly body?: string }[] = [
  { path: '/products?q=leash&sort=price&limit=5', tried: 'q,sort,limit' },
  { path: '/products?min_price=1&max_price=99999&in_stock=true&facets=price&page=1', tried: 'min_price,facets,page' },
  { path: '/products/slug/leash*', tried: '' },
  { path: '/admin/inventory?sku=A&limit=5', tried: 'sku,limit' },
  { path: '/admin/orders?email=ada@example.com&status=PAID', tried: 'email,status' },
  { path: '/auth/login', tried: 'email,password', body: '{"email":"ada@example.com","password":"nine-lives-more"}' },
];

const MOST_SECONDS = 120;
const CLEAN = /do not appear to be injectable|not injectable/;
const FOUND = /is vulnerable|identified the following injection point/;
const REFUSED_AT_THE_DOOR = '400,401,404,406,422';

const say = (text: string) => process.stdout.write(`${text}\n`);

interface Verdict {
  readonly target: string;
  readonly clean: boolean;
  readonly said: string;
}

function attack(
  url: string,
  headers: Readonly<Record<string, string>>,
  target: (typeof TARGETS)[number],
  home: string,
) {
  const args = [
    '--batch',
    '--disable-coloring',
    '--flush-session',
    '--level=1',
    '--risk=2',
    '--threads=4',
    '--dbms=PostgreSQL',
    '--time-sec=2',
    `--ignore-code=${REFUSED_AT_THE_DOOR}`,
    `--output-dir=${home}`,
    `--url=${url}/api/v1${target.path}`,
    ...(target.tried ? ['-p', target.tried] : []),
    ...(target.body === undefined ? [] : [`--data=${target.body}`]),
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
    ...(target.body === undefined ? [] : ['--header=Content-Type: application/json']),
  ];
  return new Promise<Verdict>(resolve => {
    let said = '';
    const child = spawn('sqlmap', args, { env: { ...process.env, HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const patience = setTimeout(() => child.kill('SIGKILL'), MOST_SECONDS * 1000);
    child.once('close', () => {
      clearTimeout(patience);
      resolve({ target: target.path, clean: CLEAN.test(said) && !FOUND.test(said), said });
    });
  });
}

if (spawnSync('sqlmap', ['--version'], { stdio: 'ignore' }).status !== 0) {
  say('There is no sqlmap here: apt-get install sqlmap');
  process.exit(2);
}
const folder = aFolder();
const home = mkdtempSync(join(tmpdir(), 'pannier-sqlmap-'));
const shop = await ShopProcess.open({
  environment: { BCRYPT_COST: '4', RATE_LIMIT: 'off', LOG_LEVEL: 'error' },
  folder: folder.path,
});
const { email, password } = DEMO_ACCOUNTS.admin;
const headers = await signIn(shop.url, email, password);
const verdicts: Verdict[] = [];
for (const target of TARGETS) verdicts.push(await attack(shop.url, headers, target, home));
const alive = (await fetch(`${shop.url}/api/v1/products?limit=1`)).status === 200;
await shop.stop();
folder.remove();
rmSync(home, { recursive: true, force: true });
for (const { target, clean, said } of verdicts) {
  say(`${clean ? 'not injectable' : 'NOT SURE     '}  ${target}`);
  if (!clean) say(said.split('\n').slice(-25).join('\n'));
}
if (!alive) say('The shop did not survive it.');
process.exitCode = alive && verdicts.every(({ clean }) => clean) ? 0 : 1;
