import { expect } from 'chai';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { aUser, nextId } from '../../support/builders.ts';
import { OrderId } from '../../../domain/shared/ids.ts';
import { type CheckoutShop, HOLD_SECONDS, openCheckoutShop, toldTo } from '../../support/checkout-shop.ts';
import { refusalOf } from '../../support/waiting.ts';

const STAFF = aUser().snapshot().id;

const resume = (shop: CheckoutShop, { id: orderId }: { id: OrderId }, giveBack = false, expectedVersion?: number) =>
  shop.resumeOrder.execute({ orderId, by: STAFF, reason: 'looked at', giveBack, expectedVersion });

/** A shop whose only mug is ordered, and the order put aside because the bank holds another amount. */
async function withTooLittleHeld() {
  const shop = openCheckoutShop();
  const mugs = await shop.stock(1);
  const command = await shop.order(mugs, { method: 'tok_lost' });
  await shop.placeOrder.execute(command);
  const { id: ref, amount } = (await shop.lastOrder()).payment;
  shop.bank.authorize({ ref, amount: amount.split([1, 2])[0]!, method: 'tok_ok', key: 'by hand' });
  shop.pass(21);
  await shop.recovery.tick();
  return { shop, mugs, command, order: await parked(shop, 'authorised amount differs from the total') };
}

/** The same, put aside because the bank took another amount. */
async function withTooLittleTaken() {
  const shop = openCheckoutShop();
  void shop.line.breakAt('capture', 'request lost');
  const mugs = await shop.stock(1);
  await shop.placeOrder.execute(await shop.order(mugs));
  const { id: ref, amount, authorizationId } = (await shop.lastOrder()).payment;
  const [part] = amount.split([1, 2]);
  shop.bank.capture({ ref, amount: part!, authorizationId: authorizationId!, key: 'by hand' });
  shop.pass(21);
  await shop.recovery.tick();
  return { shop, mugs, part: part!, order: await parked(shop, 'captured amount differs from the total') };
}

/** The same, put aside because the bank has not been heard of for days. */
async function afterThreeDaysOfSilence() {
  const shop = openCheckoutShop();
  const mugs = await shop.stock(1);
  void shop.line.breakAt('capture', 'request lost', Number.POSITIVE_INFINITY);
  await shop.placeOrder.execute(await shop.order(mugs));
  shop.pass(73 * 3600);
  await shop.recovery.tick();
  return { shop, mugs, order: await parked(shop, 'unsettled for 72 hours') };
}

async function parked(shop: CheckoutShop, why: string): Promise<OrderSnapshot> {
  const order = await shop.lastOrder();
  expect(order.needsReview).to.equal(why);
  return order;
}

/** Nothing is left of an order: neither stock nor money, neither here nor at the bank. */
async function expectNothingLeft(shop: CheckoutShop, statement: string): Promise<void> {
  const order = await shop.lastOrder();
  expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED', needsReview: null });
  expect(shop.statement(order)).to.equal(statement);
  expect([...shop.store.tables.stock.values()][0]).to.include({ onHand: 1, reserved: 0 });
  expect(await shop.cartStatus(order)).to.equal('OPEN');
  expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  expect(await shop.store.ledgers.backlog()).to.deep.include({ unsettledOrders: 0, parked: NONE });
}

const NONE = { orders: 0, events: 0, notices: 0 };

describe('An order that a person has mended', () => {
  it('goes on at once, and is paid', async () => {
    const { shop, mugs, order } = await afterThreeDaysOfSilence();
    shop.line.mend();
    expect(await resume(shop, order)).to.include({ state: 'PAID', needsReview: null });
    expect((await shop.lastOrder()).resumed).to.include({
      review: 'unsettled for 72 hours',
      reason: 'looked at',
      by: STAFF,
    });
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 0, reserved: 0 });
    expect(shop.events()).to.deep.equal(['order.created', 'order.parked', 'order.resumed', 'order.paid']);
  });

  it('is looked after by the workers again if the bank still says nothing', async () => {
    const { shop, order } = await afterThreeDaysOfSilence();
    expect(await resume(shop, order)).to.include({ saga: 'CAPTURE_PENDING', needsReview: null });
    shop.line.mend();
    shop.pass(21);
    expect(await shop.recovery.tick()).to.equal(1);
    expect(await shop.lastOrder()).to.include({ state: 'PAID' });
  });

  it('is put aside again at once while the amount still differs', async () => {
    const { shop, order } = await withTooLittleTaken();
    expect(await resume(shop, order)).to.include({ needsReview: 'captured amount differs from the total' });
    expect(shop.statement(order)).to.equal('held 2999, captured 1000');
  });

  it('is done with when the refused refund of a cancellation was returned by hand', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.lastOrder();
    const { id: ref, captureId, amount } = order.payment;
    shop.bank.refund({ ref, captureId: captureId!, amount, key: 'by hand' });
    const cancelled = await shop.cancelOrder.execute({ orderId: order.id, by: STAFF, reason: 'out of print' });
    expect(cancelled).to.include({ needsReview: 'the gateway refused refund 1: nothing_captured' });
    expect(await resume(shop, order)).to.include({ saga: 'CANCELLED', needsReview: null });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 2999');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('is refused where nobody has to look, at another version, and where there is none', async () => {
    const { shop, order } = await afterThreeDaysOfSilence();
    expect((await refusalOf(resume(shop, order, false, order.version - 1))).code).to.equal('PRECONDITION_FAILED');
    shop.line.mend();
    await resume(shop, order, false, order.version);
    for (const giveBack of [false, true])
      expect((await refusalOf(resume(shop, order, giveBack))).code).to.equal('INVALID_TRANSITION');
    expect((await refusalOf(resume(shop, { id: OrderId(nextId()) }))).code).to.equal('NOT_FOUND');
  });

  it('goes on once when two say so at once', async () => {
    const { shop, order } = await afterThreeDaysOfSilence();
    shop.line.mend();
    const results = await Promise.allSettled([resume(shop, order), resume(shop, order, true)]);
    expect(results.map(result => result.status)).to.deep.equal(['fulfilled', 'rejected']);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });
});

describe('An order that a person gives back', () => {
  it('returns stock, cart and what the bank holds, whatever amount that is', async () => {
    const { shop, order, command } = await withTooLittleHeld();
    expect(await resume(shop, order, true)).to.include({ saga: 'CANCELLED', cancelReason: 'looked at' });
    await expectNothingLeft(shop, 'held 1000, released 1000');
    expect(toldTo(await shop.placeOrder.execute(command)), 'what was answered stays').to.equal('201 PENDING');
  });

  it('returns what was taken at the bank by hand before', async () => {
    const { shop, order, part } = await withTooLittleTaken();
    const taken = shop.bank.lookup(order.payment.id).answer;
    if (taken.outcome !== 'captured') throw new Error('The money was expected to be taken.');
    shop.bank.refund({ ref: order.payment.id, captureId: taken.captureId, amount: part, key: 'by hand' });
    await resume(shop, order, true);
    await expectNothingLeft(shop, 'held 2999, captured 1000, refunded 1000');
  });

  it('waits for a person again when less was taken than is to go back', async () => {
    const { shop, mugs, order } = await withTooLittleTaken();
    expect(await resume(shop, order, true)).to.include({
      state: 'CANCELLED',
      needsReview: 'the gateway refused refund 1: more_than_captured',
    });
    expect(await shop.levelOf(mugs), 'the mug is for sale').to.deep.equal({ onHand: 1, reserved: 0 });
  });

  it('stays given back when the capture that was lost arrives late', async () => {
    const { shop, order } = await afterThreeDaysOfSilence();
    shop.line.mend();
    await resume(shop, order, true);
    const { id: ref, amount, authorizationId } = order.payment;
    shop.bank.capture({ ref, amount, authorizationId: authorizationId!, key: `${ref}:capture` });
    await expectNothingLeft(shop, 'held 2999, released 2999');
  });

  it('gets back what a capture took whose answer was lost', async () => {
    const { shop, order } = await afterThreeDaysOfSilence();
    shop.line.mend();
    const { id: ref, amount, authorizationId } = order.payment;
    shop.bank.capture({ ref, amount, authorizationId: authorizationId!, key: `${ref}:capture` });
    await resume(shop, order, true);
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });
});

describe('An order that waits for a person', () => {
  it('does not outlive its hold: stock, cart and money go back, and the mug is sold once', async () => {
    const { shop, mugs, order } = await withTooLittleHeld();
    shop.pass(HOLD_SECONDS);
    expect(await shop.expiry.tick()).to.equal(1);
    await expectNothingLeft(shop, 'held 1000, released 1000');
    expect((await refusalOf(resume(shop, order))).code).to.equal('INVALID_TRANSITION');
    expect(toldTo(await shop.placeOrder.execute(await shop.order(mugs)))).to.equal('201 PAID');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('keeps its stock beyond its hold while the money is being taken', async () => {
    const { shop, mugs } = await withTooLittleTaken();
    shop.pass(HOLD_SECONDS);
    expect(await shop.expiry.tick()).to.equal(0);
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 1 });
  });

  it('can be cancelled, and keeps no money', async () => {
    const { shop, order } = await withTooLittleHeld();
    await shop.cancelOrder.execute({ orderId: order.id, by: STAFF, reason: 'changed my mind' });
    await expectNothingLeft(shop, 'held 1000, released 1000');
  });
});
