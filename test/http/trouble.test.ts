import { expect } from 'chai';
import { Unavailable } from '../../application/ports/unit-of-work.ts';
import type { Store } from '../../application/ports/store.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { createInMemoryStore } from '../../adapters/in-memory/store.ts';
import { SystemClock } from '../../adapters/system/system-clock.ts';
import type { Overrides } from '../../config/app.ts';
import { STORE } from '../../config/tokens.ts';
import { outcome } from './api.ts';
import { Shop } from './shop.ts';

/** A store that can be taken away, and a log that is kept. */
class Trouble {
  failure: Error | undefined;
  readonly log: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  readonly logger: Logger;
  readonly store: Store;

  constructor() {
    const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void this.log.push({ message, fields });
    this.logger = { error: note, warn: () => {}, info: () => {}, debug: () => {} };
    const store = createInMemoryStore({ clock: new SystemClock() });
    const whileWell = <Result>(work: () => Promise<Result>): Promise<Result> =>
      this.failure ? Promise.reject(this.failure) : work();
    this.store = {
      ...store,
      unitOfWork: { run: work => whileWell(() => store.unitOfWork.run(work)) },
      ping: () => whileWell(() => store.ping()),
    };
  }
}

describe('A shop in trouble', () => {
  let shop: Shop;
  let trouble: Trouble;

  before(async () => {
    trouble = new Trouble();
    const bindings: Overrides['bindings'] = container => void container.rebind(STORE).toConstantValue(trouble.store);
    shop = await Shop.open('memory:', { overrides: { bindings, logger: trouble.logger } });
  });

  beforeEach(() => {
    trouble.failure = undefined;
    trouble.log.length = 0;
  });

  after(async () => shop.close());

  it('asks its callers to come back when its database is away', async () => {
    trouble.failure = new Unavailable('No connection to postgres://shop:secret@db/shop');
    const reply = await shop.anonymous.post('/carts');
    expect(outcome(reply)).to.equal('503 UNAVAILABLE');
    expect(reply.headers['retry-after']).to.equal('1');
    expect(reply.text).not.to.include('secret');
    trouble.failure = undefined;
    expect(outcome(await shop.anonymous.post('/carts'))).to.equal('201');
  });

  it('tells whoever balances the load, but lives on', async () => {
    trouble.failure = new Unavailable('away');
    const health = await shop.root.get('/health');
    expect(health.status).to.equal(503);
    expect(health.body).to.include({ status: 'down', database: 'down' });
    expect((await shop.root.get('/health/ready')).status).to.equal(503);
    expect((await shop.root.get('/health/live')).status).to.equal(200);
  });

  it('keeps what went wrong to itself, and to its log', async () => {
    trouble.failure = new TypeError('Cannot read properties of undefined (reading "secret")');
    const reply = await shop.anonymous.post('/carts');
    expect(outcome(reply)).to.equal('500 INTERNAL_ERROR');
    expect(reply.text).not.to.include('secret').and.not.include('TypeError');
    expect(reply.body.error.details).to.deep.equal({});
    expect(trouble.log).to.have.length(1);
    expect(trouble.log[0]!.fields).to.deep.include({
      request_id: reply.body.error.request_id,
      path: '/api/v1/carts',
      error: trouble.failure,
    });
  });

  it('does not remember a failure under an Idempotency-Key', async () => {
    const customer = await shop.customer();
    const rename = () => customer.patch('/users/me', { name: 'Ada' }, { 'Idempotency-Key': 'in-trouble' });
    trouble.failure = new Unavailable('away');
    expect(outcome(await rename())).to.equal('503 UNAVAILABLE');
    trouble.failure = undefined;
    expect(outcome(await rename())).to.equal('200');
  });
});
