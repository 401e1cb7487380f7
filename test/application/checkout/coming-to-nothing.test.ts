import { expect } from 'chai';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { aUser, variantOf } from '../../support/builders.ts';
import {
  captureByHand,
  type CheckoutShop,
  HOLD_SECONDS,
  openCheckoutShop,
  toldTo,
} from '../../support/checkout-shop.ts';
import { aGate, refusalOf } from '../../support/waiting.ts';

const byCustomer = (order: OrderSnapshot) => ({ orderId: order.id, by: STAFF, reason: 'changed my mind' });
const STAFF = aUser().snapshot().id;

/** Nothing is left of an order: neither stock nor money, neither here nor at the bank. */
async function expectNothingLeft(shop: CheckoutShop, statement: string): Promise<void> {
  const order = await shop.lastOrder();
  expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
  expect(shop.statement(order)).to.equal(statement);
  const [stock] = [...shop.store.tables.stock.values()];
  expect(stock).to.include({ onHand: 1, reserved: 0 });
  expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  expect(await shop.store.ledgers.backlog()).to.include({ unsettledOrders: 0 });
}

describe('An order that is not paid in time', () => {
  it('gives its stock and its cart back, and the key is told why', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1), { method: 'tok_requires_action' });
    const death = shop.line.breakAt('authorize', 'caller dies after');
    void shop.placeOrder.execute(command);
    await death;
    shop.pass(HOLD_SECONDS - 1);
    expect(await shop.expiry.tick()).to.equal(0);
    shop.pass(1);
    expect(await shop.expiry.tick()).to.equal(1);
    expect(await shop.cartStatus(await shop.lastOrder())).to.equal('OPEN');
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('409 RESERVATION_EXPIRED');
    expect(shop.events()).to.deep.equal(['order.created', 'order.cancelled']);
    await expectNothingLeft(shop, '');
    expect(await shop.expiry.tick()).to.equal(0);
  });

  it('puts what it held into the cart that the customer has by now', async () => {
    const shop = openCheckoutShop();
    const user = aUser();
    const userId = user.snapshot().id;
    await shop.run(({ users }) => users.save(user));
    const [mugs, leashes] = [await shop.stock(1), await shop.stock(1)];
    await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_lost', userId }));
    await shop.order(leashes, { userId });
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    const open = await shop.run(({ carts }) => carts.findOpenOf(userId));
    expect(open?.snapshot().lines.map(line => line.variantId)).to.have.members([mugs, leashes].map(variantOf));
  });

  it('releases the money that was held while nobody heard of it', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_timeout' }));
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    await expectNothingLeft(shop, 'held 2999, released 2999');
  });

  it('releases an authorisation that is answered after it has expired', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    shop.line.meanwhile('authorize', async () => {
      shop.pass(HOLD_SECONDS);
      void shop.line.breakAt('void', 'request lost');
      await shop.startProcess().expiry.tick();
    });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('409 RESERVATION_EXPIRED');
    expect((await shop.lastOrder()).payment).to.include({ state: 'VOIDED' });
    expect((await shop.lastOrder()).payment.authorizationId).to.be.a('string');
    await expectNothingLeft(shop, 'held 2999, released 2999');
  });

  it('does not expire once its money is being taken', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    shop.line.meanwhile('capture', async () => {
      shop.pass(HOLD_SECONDS);
      expect(await shop.startProcess().expiry.tick()).to.equal(0);
    });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
    expect(await shop.expiry.tick()).to.equal(0);
    expect(shop.statement(await shop.lastOrder())).to.equal('held 2999, captured 2999');
  });

  it('does not expire while its hold lasts, though somebody says so', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_lost' }));
    expect(await shop.expireOrder.execute(await shop.lastOrder())).to.equal(undefined);
    expect(await shop.lastOrder()).to.include({ state: 'PENDING', saga: 'RESERVED' });
  });

  it('expires once when two workers find it', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_lost' }));
    shop.pass(HOLD_SECONDS);
    const ticks = await Promise.all([shop.expiry.tick(), shop.startProcess().expiry.tick()]);
    expect(ticks).to.have.members([0, 1]);
    expect(shop.saidAt('error')).to.deep.equal([]);
    await expectNothingLeft(shop, '');
  });

  it('keeps its stock free and waits for the bank when that cannot be reached', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_timeout' }));
    shop.line.breakDown();
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    expect((await shop.lastOrder()).saga).to.equal('CANCEL_PENDING');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    shop.line.mend();
    shop.pass(21);
    await shop.recovery.tick();
    await expectNothingLeft(shop, 'held 2999, released 2999');
  });

  it('frees the stock of all that are over before it waits for the bank', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(5);
    for (const method of Array<string>(5).fill('tok_lost'))
      await shop.placeOrder.execute(await shop.order(mugs, { method }));
    shop.pass(HOLD_SECONDS);
    const [asked, answered] = [aGate(), aGate()];
    shop.line.meanwhile('void', () => {
      asked.open();
      return answered.opened;
    });
    const round = shop.expiry.tick();
    await asked.opened;
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 5, reserved: 0 });
    answered.open();
    expect(await round).to.equal(5);
  });

  it('keeps no other one from expiring when it fails', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(2);
    for (const method of ['tok_lost', 'tok_lost']) await shop.placeOrder.execute(await shop.order(mugs, { method }));
    shop.pass(HOLD_SECONDS);
    void shop.line.breakAt('void', 'fails');
    expect(await shop.expiry.tick()).to.equal(2);
    expect(shop.saidAt('error')).to.deep.equal(['an order could not be expired']);
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 2, reserved: 0 });
    shop.pass(21);
    await shop.recovery.tick();
    expect(await shop.store.ledgers.backlog()).to.include({ unsettledOrders: 0 });
  });
});

describe('An order that is cancelled', () => {
  it('before it is paid gives stock and cart back, and a late authorisation is refused', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_lost' }));
    const order = await shop.cancelOrder.execute(byCustomer(await shop.lastOrder()));
    expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED', cancelReason: 'changed my mind' });
    const { id: ref, amount } = order.payment;
    expect(shop.bank.authorize({ ref, amount, method: 'tok_ok', key: `${ref}:auth` }).answer.outcome).to.equal(
      'declined',
    );
    await expectNothingLeft(shop, '');
  });

  it('while it is being authorised is not captured', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    shop.line.meanwhile('authorize', async () => {
      await shop.startProcess().cancelOrder.execute(byCustomer(await shop.lastOrder()));
    });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('409 INVALID_TRANSITION');
    await expectNothingLeft(shop, 'held 2999, released 2999');
  });

  it('cannot be, while its money is being taken', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    shop.line.meanwhile('capture', async () => {
      const attempt = shop.startProcess().cancelOrder.execute(byCustomer(await shop.lastOrder()));
      expect((await refusalOf(attempt)).code).to.equal('INVALID_TRANSITION');
    });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
  });

  it('after it was paid gets all of its money back, and the goods are for sale again', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.cancelOrder.execute(byCustomer(await shop.lastOrder()));
    expect(order.payment.state).to.equal('REFUNDED');
    expect(shop.events()).to.deep.equal(['order.created', 'order.paid', 'order.cancelled', 'order.refunded']);
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });

  it('by two at once is cancelled once', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.lastOrder();
    const results = await Promise.allSettled(
      [1, 2].map(() => shop.startProcess().cancelOrder.execute(byCustomer(order))),
    );
    expect(results.map(result => result.status).toSorted()).to.deep.equal(['fulfilled', 'rejected']);
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });

  it('after it was paid waits for the bank when that cannot be reached, and refunds once', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    void shop.line.breakAt('refund', 'answer lost', 2);
    const order = await shop.cancelOrder.execute(byCustomer(await shop.lastOrder()));
    expect(order).to.include({ state: 'CANCELLED', saga: 'CANCEL_PENDING' });
    for (const seconds of [21, 26]) {
      shop.pass(seconds);
      await shop.recovery.tick();
    }
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });

  it('cannot be, once it has been sent', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.lastOrder();
    await shop.fulfilOrder.ship({ orderId: order.id, by: STAFF, shipment: { carrier: null, trackingNumber: null } });
    expect((await refusalOf(shop.cancelOrder.execute(byCustomer(order)))).code).to.equal('INVALID_TRANSITION');
  });

  it("is nobody else's to cancel", async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    const order = await shop.lastOrder();
    const attempt = shop.cancelOrder.execute({ ...byCustomer(order), ownerId: STAFF });
    expect((await refusalOf(attempt)).code).to.equal('NOT_FOUND');
  });
});

describe('Money that lies with the bank for a cancelled order', () => {
  it('that was captured while the shop knew nothing of it goes back', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_timeout' }));
    captureByHand(shop, await shop.lastOrder());
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });

  it('goes back once when two processes find it', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_timeout' }));
    captureByHand(shop, await shop.lastOrder());
    shop.line.meanwhile('void', async () => {
      await shop.startProcess().settleOrder.settle(await shop.lastOrder());
    });
    shop.pass(HOLD_SECONDS);
    await shop.expiry.tick();
    expect(shop.saidAt('error')).to.deep.equal([]);
    await expectNothingLeft(shop, 'held 2999, captured 2999, refunded 2999');
  });
});
