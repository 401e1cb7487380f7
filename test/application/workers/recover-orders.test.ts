import { expect } from 'chai';
import { LogSales } from '../../../application/events/log-sales.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { Money } from '../../../domain/shared/money.ts';
import { type CheckoutShop, openCheckoutShop, toldTo } from '../../support/checkout-shop.ts';
import { aUser } from '../../support/builders.ts';

const HOURS = 3600;
const STAFF = aUser().snapshot().id;

describe('Recovery', () => {
  it('has nothing to do in a shop where all is settled', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    shop.pass(HOURS);
    expect(await shop.recovery.tick()).to.equal(0);
  });

  it('gives each order to one of two processes', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(9);
    for (let orders = 0; orders < 3; orders += 1)
      await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_timeout' }));
    shop.pass(21);
    const ticks = await Promise.all([shop.recovery.tick(), shop.startProcess().recovery.tick()]);
    expect(ticks).to.have.members([0, 3]);
    const { items } = await shop.store.orders.list({ state: 'PAID' }, { limit: 9 });
    expect(items).to.have.length(3);
  });

  it('asks a bank that cannot be reached less and less often', async () => {
    const shop = openCheckoutShop();
    void shop.line.breakAt('capture', 'request lost', Number.POSITIVE_INFINITY);
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    let attempts = 0;
    for (let seconds = 0; seconds < 12 * HOURS; seconds += 5) {
      shop.pass(5);
      attempts += await shop.recovery.tick();
    }
    expect(attempts).to.be.within(60, 75);
  });

  it('returns the money of a cancelled order within 15 minutes, however long the bank could not be reached', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.lastOrder();
    void shop.line.breakAt('refund', 'request lost', Number.POSITIVE_INFINITY);
    await shop.cancelOrder.execute({ orderId: order.id, by: STAFF, reason: 'out of print' });
    const wait = async (seconds: number) => {
      for (let waited = 0; waited < seconds; waited += 5) {
        shop.pass(5);
        await shop.recovery.tick();
      }
    };
    for (const outage of [2, 7, 31]) {
      await wait(outage * HOURS);
      expect(shop.statement(order)).to.equal('held 2999, captured 2999');
    }
    shop.line.mend();
    await wait(15 * 60);
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 2999');
  });

  it('does not let an order that always fails keep the others waiting', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(2);
    for (const method of ['tok_timeout', 'tok_timeout'])
      await shop.placeOrder.execute(await shop.order(mugs, { method }));
    shop.pass(21);
    void shop.line.breakAt('lookup', 'fails');
    expect(await shop.recovery.tick()).to.equal(2);
    expect(shop.saidAt('error')).to.deep.equal(['an order could not be settled']);
    expect((await shop.store.orders.list({ state: 'PAID' }, { limit: 9 })).items).to.have.length(1);
    shop.pass(26);
    await shop.recovery.tick();
    expect((await shop.store.orders.list({ state: 'PAID' }, { limit: 9 })).items).to.have.length(2);
  });

  for (const fault of ['fails', 'request lost'] as const)
    it(`puts an order aside after 72 hours in which every attempt met with: ${fault}`, async () => {
      const shop = openCheckoutShop();
      void shop.line.breakAt('capture', fault, Number.POSITIVE_INFINITY);
      await shop.placeOrder.execute(await shop.order(await shop.stock(1))).catch(() => undefined);
      shop.pass(71 * HOURS);
      expect(await shop.recovery.tick()).to.equal(1);
      expect((await shop.lastOrder()).needsReview).to.equal(null);
      shop.pass(2 * HOURS);
      expect(await shop.recovery.tick()).to.equal(1);
      expect((await shop.lastOrder()).needsReview).to.equal('unsettled for 72 hours');
      expect(shop.events()).to.deep.equal(['order.created', 'order.parked']);
      expect((await shop.store.ledgers.backlog()).parked.orders).to.equal(1);
      shop.pass(HOURS);
      expect(await shop.recovery.tick()).to.equal(0);
    });

  it('does not put an order aside that is settled at the last moment', async () => {
    const shop = openCheckoutShop();
    void shop.line.breakAt('capture', 'request lost');
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    shop.pass(80 * HOURS);
    await shop.recovery.tick();
    expect(await shop.lastOrder()).to.include({ state: 'PAID', needsReview: null });
  });

  it('does not put an order aside that somebody else settles in the same moment', async () => {
    const shop = openCheckoutShop();
    void shop.line.breakAt('capture', 'request lost');
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    shop.pass(80 * HOURS);
    void shop.line.breakAt('capture', 'answer lost');
    shop.line.meanwhile('capture', async () => {
      await shop.startProcess().settleOrder.settle(await shop.lastOrder());
    });
    await shop.recovery.tick();
    expect(await shop.lastOrder()).to.include({ state: 'PAID', needsReview: null });
  });
});

describe('An order whose money is not what it should be', () => {
  it('is never paid, and waits for a person', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_lost' }));
    const { id: ref, amount } = (await shop.lastOrder()).payment;
    shop.bank.authorize({ ref, amount: amount.minus(amount.split([1, 2])[0]!), method: 'tok_ok', key: 'by hand' });
    shop.pass(21);
    await shop.recovery.tick();
    expect(await shop.lastOrder()).to.include({
      state: 'PENDING',
      saga: 'RESERVED',
      needsReview: 'authorised amount differs from the total',
    });
    expect(shop.events()).to.deep.equal(['order.created', 'order.parked']);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  for (const [what, wrong] of [
    ['amount', Money.of(3000, Currency('USD'))],
    ['currency', Money.of(2999, Currency('EUR'))],
  ] as const)
    for (const call of ['authorize', 'lookup', 'capture'] as const)
      it(`is never paid when the gateway names another ${what} in its answer to: ${call}`, async () => {
        const alerts: string[] = [];
        const logger = { error: (alert: string) => void alerts.push(alert), warn() {}, info() {}, debug() {} };
        const shop = openCheckoutShop({ consumers: [new LogSales(logger)] });
        const mugs = await shop.stock(1);
        misquote(shop, call, wrong);
        const method = call === 'lookup' ? 'tok_timeout' : 'tok_ok';
        expect(toldTo(await shop.placeOrder.execute(await shop.order(mugs, { method })))).to.equal('201 PENDING');
        for (let hours = 0; hours < 5; hours += 1) {
          shop.pass(HOURS);
          await shop.recovery.tick();
        }
        const step = call === 'capture' ? 'captured' : 'authorised';
        expect(await shop.lastOrder()).to.include({
          state: 'PENDING',
          needsReview: `${step} amount differs from the total`,
        });
        expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 1 });
        expect(shop.events()).to.deep.equal(['order.created', 'order.parked']);
        await shop.relay.tick();
        expect(alerts).to.deep.equal(['Order needs a person']);
      });
});

/** The gateway answers this call as ever, but with an amount of its own. */
function misquote({ line }: CheckoutShop, call: 'authorize' | 'lookup' | 'capture', amount: Money): void {
  const ask = line[call].bind(line) as (request: never) => Promise<object>;
  const answer = async (request: never) => {
    const sound = await ask(request);
    return 'amount' in sound ? { ...sound, amount } : sound;
  };
  Object.assign(line, { [call]: answer });
}
