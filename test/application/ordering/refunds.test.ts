import { expect } from 'chai';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { aUser, usd } from '../../support/builders.ts';
import { openCheckoutShop } from '../../support/checkout-shop.ts';
import { refusalOf } from '../../support/waiting.ts';

const STAFF = aUser().snapshot().id;

/** A shop that has sold one of three mugs, for 29.99. */
async function afterASale() {
  const shop = openCheckoutShop();
  const mugs = await shop.stock(3);
  await shop.placeOrder.execute(await shop.order(mugs));
  const order = await shop.lastOrder();
  const refund = (given: { amount?: number; restock?: boolean } = {}): Promise<OrderSnapshot> =>
    shop.refundOrder.execute({
      orderId: order.id,
      by: STAFF,
      amount: given.amount === undefined ? undefined : usd(given.amount),
      reason: null,
      restock: given.restock ?? false,
    });
  return { shop, mugs, order, refund };
}

describe('A refund by staff', () => {
  it('of everything ends the order, and leaves the goods where they are', async () => {
    const { shop, mugs, order, refund } = await afterASale();
    expect(await refund()).to.include({ state: 'REFUNDED', saga: 'PAID' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 2999');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 2, reserved: 0 });
    expect(shop.events()).to.deep.equal(['order.created', 'order.paid', 'order.refunded']);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('of everything can put the goods back on the shelf', async () => {
    const { shop, mugs, refund } = await afterASale();
    await refund({ restock: true });
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 3, reserved: 0 });
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('of a part leaves the order paid, and the rest can follow', async () => {
    const { shop, order, refund } = await afterASale();
    expect(await refund({ amount: 999 })).to.include({ state: 'PAID' });
    expect(await refund()).to.include({ state: 'REFUNDED' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 999, refunded 2000');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('of a part cannot restock, and then nothing is refunded', async () => {
    const { shop, order, refund } = await afterASale();
    expect((await refusalOf(refund({ amount: 999, restock: true }))).code).to.equal('RULE_VIOLATION');
    expect(shop.statement(order)).to.equal('held 2999, captured 2999');
    expect((await shop.find(order.id)).payment.refunds).to.deep.equal([]);
  });

  it('is never more than what is left, even when two ask at once', async () => {
    const { shop, order, refund } = await afterASale();
    const results = await Promise.allSettled([refund({ amount: 2000 }), refund({ amount: 2000 })]);
    expect(results.map(result => result.status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
    expect((await refusalOf(refund({ amount: 1000 }))).code).to.equal('REFUND_TOO_LARGE');
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 2000');
  });

  it('that the bank does not answer is kept as a promise, and carried out once', async () => {
    const { shop, order, refund } = await afterASale();
    void shop.line.breakAt('refund', 'answer lost');
    const promised = await refund({ amount: 999 });
    expect(promised.payment.refunds.map(({ state }) => state)).to.deep.equal(['PENDING']);
    expect(await shop.store.ledgers.backlog()).to.include({ unsettledOrders: 1 });
    shop.pass(21);
    await shop.recovery.tick();
    expect((await shop.find(order.id)).payment.refunds.map(({ state }) => state)).to.deep.equal(['DONE']);
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 999');
    expect(await shop.store.ledgers.backlog()).to.include({ unsettledOrders: 0 });
  });

  it('whose process dies is carried out by a worker', async () => {
    const { shop, order, refund } = await afterASale();
    const death = shop.line.breakAt('refund', 'caller dies after');
    void refund();
    await death;
    shop.pass(21);
    await shop.recovery.tick();
    expect(await shop.find(order.id)).to.include({ state: 'REFUNDED' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 2999');
  });

  it('that the bank refuses waits for a person, and somebody is told', async () => {
    const { shop, order, refund } = await afterASale();
    const { id: ref, captureId, amount } = order.payment;
    shop.bank.refund({ ref, captureId: captureId!, amount, key: 'by hand' });
    const refused = await refund({ amount: 999 });
    expect(refused).to.include({ state: 'PAID', needsReview: 'the gateway refused refund 1: nothing_captured' });
    expect(shop.events().at(-1)).to.equal('order.parked');
    shop.pass(7200);
    expect(await shop.recovery.tick()).to.equal(0);
    expect((await shop.store.ledgers.backlog()).parked.orders).to.equal(1);
  });

  it('that is asked for again after the bank refused it brings the goods back once, not twice', async () => {
    const { shop, mugs, order, refund } = await afterASale();
    const { id: ref, captureId, amount } = order.payment;
    shop.bank.refund({ ref, captureId: captureId!, amount, key: 'by hand' });
    const refused = await refund({ restock: true });
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 3, reserved: 0 });
    const cancel = { orderId: order.id, by: STAFF, reason: 'out of print' };
    for (const again of [refund({ restock: true }), shop.cancelOrder.execute(cancel)])
      expect(await refusalOf(again)).to.deep.include({ kind: 'conflict', code: 'INVALID_TRANSITION' });
    expect(await shop.find(order.id)).to.deep.equal(refused);
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 3, reserved: 0 });
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('and a cancellation at the same time give back no more than was paid', async () => {
    const { shop, order, refund } = await afterASale();
    shop.line.meanwhile('refund', async () => {
      await shop.startProcess().cancelOrder.execute({ orderId: order.id, by: STAFF, reason: 'out of print' });
    });
    await refund({ amount: 999 });
    expect(await shop.find(order.id)).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 999, refunded 2000');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });
});
