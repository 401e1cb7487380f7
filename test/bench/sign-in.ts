import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../support/shop-client.ts';
import { aFolder, ShopProcess } from '../support/shop-process.ts';
import { print, timed } from './support.ts';

/**
 * Twenty people sign in ten times each at the same moment, with hashes as expensive as in production. They wait for each other; nobody
 * else may wait for them.
 */
const PEOPLE = 20;
/** More from one address at the same moment could be guesses, and would be sent away. */
const TIMES = 10;
const PROBE_EVERY_MS = 5;

const people = Array.from({ length: PEOPLE }, (_, n) => ({
  email: `person-${n}@example.com`,
  password: 'a-long-enough-one',
}));

const { path, remove } = aFolder();
const shop = await ShopProcess.open({
  environment: { DATABASE_URL: 'memory:', BCRYPT_COST: '12', RATE_LIMIT: 'off', SEED_DEMO: 'false' },
  folder: path,
});

/** How long the shop takes to say that it lives, again and again for as long as something else goes on. */
async function probedDuring(work: Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  let over = false;
  const ended = work.finally(() => (over = true));
  while (!over) {
    const { seconds } = await timed(async () => (await fetch(`${shop.url}/health/live`)).text());
    taken.push(seconds * 1000);
    await sleep(PROBE_EVERY_MS);
  }
  await ended;
  return taken.toSorted((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.ceil(sorted.length * share) - 1]!;

await Promise.all(people.map(body => ask(shop.url, '/auth/register', { method: 'POST', body })));
const login = async (person: (typeof people)[number]): Promise<number> => {
  const response = await fetch(`${shop.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(person),
  });
  await response.arrayBuffer();
  return response.status;
};
const statuses: number[] = [];
const crowd = timed(() =>
  Promise.all(people.flatMap(person => Array.from({ length: TIMES }, async () => statuses.push(await login(person))))),
);
const probes = await probedDuring(crowd);
const { seconds } = await crowd;
await shop.stop();
remove();

const served = statuses.filter(status => status === 200).length;
print(`${PEOPLE * TIMES} sign-ins at once, bcrypt cost 12`, [
  { what: '/health/live, median', measured: at(probes, 0.5), limit: 20, unit: 'ms' },
  { what: '/health/live, p99', measured: at(probes, 0.99), limit: 100, unit: 'ms', note: `${probes.length} probes` },
  { what: 'all of them signed in', measured: seconds, limit: 60, unit: 's' },
  { what: 'served', measured: served, limit: PEOPLE * TIMES, unit: '', should: 'at least' },
]);
