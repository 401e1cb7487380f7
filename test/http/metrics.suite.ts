import { expect } from 'chai';
import { outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Shop } from './shop.ts';

/** The figures by name and labels, as they are written. */
async function figuresOf(shop: Shop): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await shop.root.get('/metrics');
  expect(status).to.equal(200);
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]));
}

/** By how much each figure has grown while that was done. */
async function growthDuring(shop: Shop, work: () => Promise<unknown>): Promise<(figure: string) => number> {
  const before = await figuresOf(shop);
  await work();
  const after = await figuresOf(shop);
  return figure => (after.get(figure) ?? 0) - (before.get(figure) ?? 0);
}

const requests = (route: string, method: string, status: string) =>
  `http_request_duration_seconds_count{route="${route}",method="${method}",status="${status}"}`;

export const metricsSuite = shopSuite('The figures', it => {
  it('count requests by the pattern of their route, never by what stands in a path', async shop => {
    const { id } = await shop.product();
    const grown = await growthDuring(shop, async () => {
      await shop.anonymous.get(`/products/${id}`);
      await shop.anonymous.get('/products/00000000-0000-7000-8000-000000000000');
      await shop.root.send({ method: 'GET', path: '/somewhere/else', unlisted: true });
    });
    expect(grown(requests('/api/v1/products/{id}', 'GET', '2xx'))).to.equal(1);
    expect(grown(requests('/api/v1/products/{id}', 'GET', '4xx'))).to.equal(1);
    expect(grown(requests('none', 'any', '4xx'))).to.equal(1);
    const names = [...(await figuresOf(shop)).keys()].join('\n');
    expect(names).not.to.include(id).and.not.include('somewhere');
  });

  it('add up: no request is in two buckets or in none', async shop => {
    await shop.anonymous.get('/products');
    const figures = await figuresOf(shop);
    const labels = 'route="/api/v1/products",method="GET",status="2xx"';
    const all = figures.get(`http_request_duration_seconds_count{${labels}}`);
    expect(figures.get(`http_request_duration_seconds_bucket{le="+Inf",${labels}}`)).to.equal(all);
    expect(figures.get(`http_request_duration_seconds_bucket{le="10",${labels}}`)).to.be.at.most(all!);
    expect(figures.get(`http_request_duration_seconds_sum{${labels}}`)).to.be.above(0);
    expect(figures.get('http_requests_in_flight')).to.equal(1);
  });

  it('tell what became of checkouts, and count a repetition as what it is', async shop => {
    const variant = await shop.variant();
    const [paying, declined, away] = [await shop.customer(), await shop.customer(), await shop.customer()];
    const grown = await growthDuring(shop, async () => {
      await bought(paying, variant);
      await bought(declined, variant, { payment_method: 'tok_decline' }).catch(() => undefined);
      await bought(away, variant, { payment_method: 'tok_requires_action' });
    });
    expect(grown('checkout_total{outcome="paid"}')).to.equal(1);
    expect(grown('checkout_total{outcome="payment_declined"}')).to.equal(1);
    expect(grown('checkout_total{outcome="pending"}')).to.equal(1);
  });

  it('tell how signing in went', async shop => {
    const { email, password } = await shop.account();
    const grown = await growthDuring(shop, async () => {
      await shop.signIn({ email, password });
      await shop.anonymous.post('/auth/login', { email, password: 'not-the-right-one' });
    });
    expect(grown('sign_in_total{outcome="done"}')).to.equal(1);
    expect(grown('sign_in_total{outcome="invalid_credentials"}')).to.equal(1);
  });

  it('tell how much work waits, and how this process is', async shop => {
    const figures = await figuresOf(shop);
    expect(figures.get('backlog_readable')).to.equal(1);
    expect(figures.get('outbox_oldest_unpublished_seconds')).to.be.within(0, 3600);
    for (const part of ['orders', 'events', 'notices']) {
      expect(figures.get(`backlog_waiting{part="${part}"}`), part).to.be.at.least(0);
      expect(figures.get(`backlog_parked{part="${part}"}`), part).to.be.at.least(0);
    }
    const connections = ['used', 'free'].map(state => figures.get(`database_pool_connections{state="${state}"}`));
    if (shop.app.place.includes('memory')) expect(connections).to.deep.equal([undefined, undefined]);
    else expect(connections[0]! + connections[1]!).to.be.above(0);
    expect(figures.get('process_resident_memory_bytes')).to.be.above(20_000_000);
    expect(figures.get('nodejs_eventloop_lag_seconds{quantile="0.99"}')).to.be.within(0, 60);
  });

  it('are shown only to who has the token, where there is one', async (_shop, street) => {
    const token = 'a-token-for-prometheus';
    const shop = await street.another({ environment: { METRICS_TOKEN: token } });
    expect(outcome(await shop.root.get('/metrics'))).to.equal('401 UNAUTHENTICATED');
    const withToken = (sent: string) => shop.root.with({ Authorization: sent }).get('/metrics');
    expect(outcome(await withToken('Bearer another-token-altogether'))).to.equal('401 UNAUTHENTICATED');
    expect(outcome(await withToken(token))).to.equal('401 UNAUTHENTICATED');
    expect((await withToken(`Bearer ${token}`)).status).to.equal(200);
    expect(outcome(await shop.anonymous.with({ Authorization: `Bearer ${token}` }).get('/products'))).to.equal(
      '401 UNAUTHENTICATED',
    );
  });

  it('count what is refused for coming too often', async (_shop, street) => {
    const shop = await street.another({ environment: { RATE_LIMIT: 'on' } });
    const grown = await growthDuring(shop, async () => {
      for (let time = 0; time < 15; time += 1)
        await shop.anonymous.post('/auth/login', { email: 'nobody@example.com', password: 'not-the-right-one' });
    });
    expect(grown('rate_limit_refusals_total{class="sign-in"}')).to.be.above(0);
  });

  it('can be switched off, and are there in a worker', async (_shop, street) => {
    const off = await street.another({ environment: { METRICS: 'off' } });
    expect((await off.root.send({ method: 'GET', path: '/metrics', unlisted: true })).status).to.equal(404);
    const worker = await street.another({ environment: { ROLE: 'worker' } });
    expect((await figuresOf(worker)).get('backlog_readable')).to.equal(1);
  });
});
