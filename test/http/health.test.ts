import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Overrides } from '../../config/app.ts';
import { STORE } from '../../config/tokens.ts';
import { bought } from './buying.ts';
import { Shop } from './shop.ts';

const never = () => new Promise<never>(() => {});

/** Longer than any part is given, shorter than any prober waits. */
const AT_MOST_MS = 2900;

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work;
  expect(performance.now() - started, 'milliseconds').to.be.below(AT_MOST_MS);
  return result;
}

describe('The health of a shop', function () {
  this.timeout(20_000);
  const ends: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  const open = async (...given: Parameters<typeof Shop.open>): Promise<Shop> => {
    const shop = await Shop.open(...given);
    ends.push(() => shop.close());
    return shop;
  };

  it('is told in time when the database hangs, and so are the figures', async () => {
    const store = createInMemoryStore({ clock: new SystemClock() });
    let hangs = false;
    const hanging: Store = {
      ...store,
      ping: () => (hangs ? never() : store.ping()),
      ledgers: { ...store.ledgers, backlog: () => (hangs ? never() : store.ledgers.backlog()) },
    };
    const bindings: Overrides['bindings'] = container => void container.rebind(STORE).toConstantValue(hanging);
    const { root } = await open('memory:', { overrides: { bindings } });
    hangs = true;
    const health = await inTime(root.get('/health'));
    expect(health.status).to.equal(503);
    expect(health.body).to.include({ status: 'down', database: 'down' });
    expect((await inTime(root.get('/health/ready'))).status).to.equal(503);
    expect((await inTime(root.get('/health/live'))).status).to.equal(200);
    const metrics = await inTime(root.get('/metrics'));
    expect(metrics.status).to.equal(200);
    expect(metrics.text)
      .to.include('\nbacklog_readable 0\n')
      .and.not.match(/^outbox_oldest_unpublished_seconds /m);
    hangs = false;
  });

  const degraded = async (redisUrl: string) => {
    const shop = await open('memory:', { environment: { REDIS_URL: redisUrl } });
    const health = await inTime(shop.root.get('/health'));
    expect(health.status).to.equal(200);
    expect(health.body).to.deep.equal({ status: 'degraded', database: 'up', redis: 'down', search: 'disabled' });
    expect((await inTime(shop.root.get('/health/ready'))).status).to.equal(200);
    await bought(await shop.customer(), await shop.variant());
  };

  it('is degraded without Redis, and the shop sells on', () => degraded('redis://127.0.0.1:1'));

  it('is degraded with a Redis that takes every call and answers none', async () => {
    const silent: Server = createServer(line => line.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    ends.push(async () => silent.close());
    await degraded(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  });
});
