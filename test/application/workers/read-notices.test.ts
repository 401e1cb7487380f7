import { expect } from 'chai';
import type { GatewayNotice, GatewayWebhooks } from '../../../application/ports/gateway-webhooks.ts';
import { nextId } from '../../support/builders.ts';
import {
  captureByHand,
  type CheckoutShop,
  HOLD_SECONDS,
  openCheckoutShop,
  toldTo,
} from '../../support/checkout-shop.ts';

/** Takes what says that it is signed. */
const WEBHOOKS: GatewayWebhooks = {
  gateway: 'bank',
  read: (body, { signature }) => (signature === 'good' ? (JSON.parse(body.toString()) as GatewayNotice) : undefined),
};

const openShop = (): CheckoutShop => openCheckoutShop({ webhooks: [WEBHOOKS] });

const send = (
  shop: CheckoutShop,
  ref: string | null,
  { eventId = 'evt_1', signature = 'good', gateway = 'bank' } = {},
) =>
  shop.takeNotice.execute({
    gateway,
    body: Buffer.from(JSON.stringify({ eventId, type: 'payment.changed', ref, facts: {} })),
    headers: { signature },
  });

/** An order that waits for the customer to answer the bank. */
async function withAWaitingOrder() {
  const shop = openShop();
  const mugs = await shop.stock(1);
  const command = await shop.order(mugs, { method: 'tok_requires_action' });
  const told = toldTo(await shop.placeOrder.execute(command));
  const ref = (await shop.lastOrder()).payment.id;
  return { shop, mugs, command, told, ref };
}

describe("A gateway's notice", () => {
  it('that the customer has confirmed the payment completes the order', async () => {
    const { shop, command, told, ref } = await withAWaitingOrder();
    expect(told).to.equal('201 PENDING');
    expect((await shop.lastOrder()).payment.action).to.include({ type: 'three_d_secure' });
    shop.bank.confirm(ref);
    expect(await send(shop, ref)).to.equal('taken');
    expect(await shop.inbox.tick()).to.equal(1);
    const order = await shop.lastOrder();
    expect(order).to.include({ state: 'PAID' });
    expect(order.payment.action).to.equal(null);
    expect(shop.statement(order)).to.equal('held 2999, captured 2999');
    expect(toldTo(await shop.placeOrder.execute(command)), 'the first answer stays').to.equal('201 PENDING');
    expect(await shop.inbox.tick()).to.equal(0);
  });

  it('that the customer has failed the bank gives stock and cart back', async () => {
    const { shop, mugs, ref } = await withAWaitingOrder();
    shop.bank.fail(ref);
    await send(shop, ref);
    await shop.inbox.tick();
    expect(await shop.lastOrder()).to.include({ state: 'CANCELLED', cancelReason: 'payment_declined' });
    expect(await shop.cartStatus(await shop.lastOrder())).to.equal('OPEN');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('is only a hint: without anything new at the bank, nothing happens', async () => {
    const { shop, ref } = await withAWaitingOrder();
    const before = await shop.lastOrder();
    await send(shop, ref);
    expect(await shop.inbox.tick()).to.equal(1);
    expect(await shop.lastOrder()).to.deep.equal(before);
  });

  it('has one effect, however often it comes and in whatever order', async () => {
    const { shop, ref } = await withAWaitingOrder();
    await send(shop, ref, { eventId: 'evt_2' });
    shop.bank.confirm(ref);
    for (const eventId of ['evt_1', 'evt_2', 'evt_1']) await send(shop, ref, { eventId });
    await Promise.all([shop.inbox.tick(), shop.startProcess().inbox.tick()]);
    await send(shop, ref, { eventId: 'evt_1' });
    await shop.inbox.tick();
    expect(await shop.lastOrder()).to.include({ state: 'PAID' });
    expect(shop.statement(await shop.lastOrder())).to.equal('held 2999, captured 2999');
    expect(shop.events()).to.deep.equal(['order.created', 'order.paid']);
  });

  for (const [what, taken, statement] of [
    ['held', false, 'held 2999, released 2999'],
    ['taken', true, 'held 2999, captured 2999, refunded 2999'],
  ] as const)
    it(`finds money ${what} for an order that was cancelled, and the money goes back`, async () => {
      const { shop, mugs, ref } = await withAWaitingOrder();
      shop.line.forgetNextVoid();
      shop.pass(HOLD_SECONDS);
      await shop.expiry.tick();
      expect(await shop.lastOrder()).to.include({ saga: 'CANCELLED' });
      shop.bank.confirm(ref);
      if (taken) captureByHand(shop, await shop.lastOrder());
      await send(shop, ref);
      expect(await shop.inbox.tick()).to.equal(1);
      const order = await shop.lastOrder();
      expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
      expect(shop.statement(order)).to.equal(statement);
      expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
      expect(await shop.store.ledgers.drift()).to.deep.equal([]);
    });

  it('of a bank that cannot be reached is followed up by recovery', async () => {
    const { shop, ref } = await withAWaitingOrder();
    shop.bank.confirm(ref);
    await send(shop, ref);
    shop.line.breakDown();
    await shop.inbox.tick();
    expect(await shop.lastOrder()).to.include({ state: 'PENDING' });
    shop.line.mend();
    shop.pass(26);
    await shop.recovery.tick();
    expect(await shop.lastOrder()).to.include({ state: 'PAID' });
  });

  it('about a cancelled order waits until the bank can be reached: nobody else would ask', async () => {
    const { shop, ref } = await withAWaitingOrder();
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    await send(shop, ref);
    shop.line.breakDown();
    expect(await shop.inbox.tick()).to.equal(0);
    shop.line.mend();
    shop.pass(31);
    expect(await shop.inbox.tick()).to.equal(1);
  });

  it('that could not be followed is tried again, and keeps no other one waiting', async () => {
    const { shop, ref } = await withAWaitingOrder();
    shop.bank.confirm(ref);
    await send(shop, ref, { eventId: 'evt_1' });
    await send(shop, null, { eventId: 'evt_2' });
    void shop.line.breakAt('lookup', 'fails');
    expect(await shop.inbox.tick()).to.equal(1);
    expect(shop.saidAt('error')).to.deep.equal(['a notice could not be followed']);
    shop.pass(31);
    expect(await shop.inbox.tick()).to.equal(1);
    expect(await shop.lastOrder()).to.include({ state: 'PAID' });
  });

  for (const [what, ref] of [
    ['a payment that is not ours', nextId()],
    ['something that is no reference of ours', 'ch_123'],
  ] as const)
    it(`about ${what} is kept for 72 hours, and then a person is told`, async () => {
      const shop = openShop();
      expect(await send(shop, ref)).to.equal('taken');
      for (let hours = 0; hours < 74; hours += 1) {
        expect(await shop.inbox.tick()).to.equal(0);
        if (hours < 71) expect(shop.saidAt('error'), `after ${hours} hours`).to.deep.equal([]);
        shop.pass(3601);
      }
      expect(shop.saidAt('error')).to.deep.equal(['a notice names no payment of ours']);
      expect((await shop.store.ledgers.backlog()).parked.notices).to.equal(1);
    });

  it('is not taken with a bad signature, or from a gateway that nobody knows', async () => {
    const { shop, ref } = await withAWaitingOrder();
    expect(await send(shop, ref, { signature: 'forged' })).to.equal('bad signature');
    expect(await send(shop, ref, { gateway: 'other' })).to.equal('unknown gateway');
    expect(await shop.store.ledgers.backlog()).to.include({ unreadNotices: 0 });
  });
});
