import { expect } from 'chai';
import {
  type CheckoutShop,
  HOLD_SECONDS,
  LEASE_SECONDS,
  openCheckoutShop,
  toldTo,
} from '../../support/checkout-shop.ts';
import { mortal } from '../../support/gateway-line.ts';
import { refusalOf } from '../../support/waiting.ts';

const PAID_ONCE = 'held 2999, captured 2999';

async function expectPaidOnce(shop: CheckoutShop): Promise<void> {
  const order = await shop.lastOrder();
  expect(order).to.include({ state: 'PAID', saga: 'PAID' });
  expect(shop.statement(order)).to.equal(PAID_ONCE);
  expect(shop.events()).to.deep.equal(['order.created', 'order.paid']);
  expect(await shop.store.ledgers.drift()).to.deep.equal([]);
}

/** Where a process may die after the order was placed, and how far the order has come by then. */
const DEATHS = [
  { when: 'before the money is held', call: 'authorize', fault: 'caller dies before', saga: 'RESERVED', bank: '' },
  { when: 'with the money held', call: 'authorize', fault: 'caller dies after', saga: 'RESERVED', bank: 'held 2999' },
  {
    when: 'before the money is taken',
    call: 'capture',
    fault: 'caller dies before',
    saga: 'CAPTURE_PENDING',
    bank: 'held 2999',
  },
  {
    when: 'with the money taken',
    call: 'capture',
    fault: 'caller dies after',
    saga: 'CAPTURE_PENDING',
    bank: PAID_ONCE,
  },
] as const;

describe('A checkout whose process dies', () => {
  it('before anything is kept leaves nothing behind, and can be sent again', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    const command = await shop.order(mugs);
    const dying = shop.startProcess({
      run: work =>
        shop.run(async collections => {
          await work(collections);
          throw new Error('The connection was lost before the commit.');
        }),
    });
    await dying.placeOrder.execute(command).catch(() => undefined);
    expect((await shop.store.orders.list({}, { limit: 9 })).items).to.deep.equal([]);
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
    await expectPaidOnce(shop);
  });

  for (const { when, call, fault, saga, bank } of DEATHS) {
    it(`${when} is finished by a worker, though the customer never comes back`, async () => {
      const shop = openCheckoutShop();
      const death = shop.line.breakAt(call, fault);
      void shop.placeOrder.execute(await shop.order(await shop.stock(1)));
      await death;
      const order = await shop.lastOrder();
      expect(order.saga).to.equal(saga);
      await settled();
      expect(shop.statement(order)).to.equal(bank);
      expect(await shop.recovery.tick(), 'before it is due').to.equal(0);
      shop.pass(21);
      expect(await shop.recovery.tick()).to.equal(1);
      await expectPaidOnce(shop);
      expect(await shop.recovery.tick()).to.equal(0);
    });

    it(`${when} is finished by the customer who asks again once the lease is over`, async () => {
      const shop = openCheckoutShop();
      const death = shop.line.breakAt(call, fault);
      const command = await shop.order(await shop.stock(1));
      void shop.placeOrder.execute(command);
      await death;
      expect((await refusalOf(shop.placeOrder.execute(command))).code).to.equal('IDEMPOTENCY_IN_PROGRESS');
      shop.pass(LEASE_SECONDS + 1);
      expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
      await expectPaidOnce(shop);
    });
  }

  it('with everything done but the answer is answered from what was kept', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    const { unitOfWork, death } = mortal(shop, 'after', 3);
    void shop.startProcess(unitOfWork).placeOrder.execute(command);
    await death;
    await expectPaidOnce(shop);
    const again = await shop.placeOrder.execute(command);
    expect([toldTo(again), again.replayed]).to.deep.equal(['201 PAID', true]);
    await expectPaidOnce(shop);
  });

  for (const [does, told] of [
    ['confirm', '201 PAID'],
    ['fail', '402 PAYMENT_DECLINED'],
    [undefined, '409 RESERVATION_EXPIRED'],
  ] as const)
    it(`before it can say that the customer is asked says later what came of it (${told})`, async () => {
      const shop = openCheckoutShop();
      const mugs = await shop.stock(1);
      const command = await shop.order(mugs, { method: 'tok_requires_action' });
      const { unitOfWork, death } = mortal(shop.store.unitOfWork, 'after', 2);
      void shop.startProcess(unitOfWork).placeOrder.execute(command);
      await death;
      const order = await shop.lastOrder();
      expect(order.payment.action?.type).to.equal('three_d_secure');
      if (does) shop.bank[does](order.payment.id);
      shop.pass(does ? LEASE_SECONDS + 1 : HOLD_SECONDS + 1);
      await shop.expiry.tick();
      for (let again = 0; again < 2; again += 1) expect(toldTo(await shop.placeOrder.execute(command))).to.equal(told);
      expect(shop.statement(order)).to.equal(does === 'confirm' ? PAID_ONCE : '');
      expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: does === 'confirm' ? 0 : 1, reserved: 0 });
      expect(await shop.cartStatus(order)).to.equal(does === 'confirm' ? 'CONVERTED' : 'OPEN');
    });

  it('and another one that recovers it at the same time take the money once between them', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    shop.line.meanwhile('authorize', async () => {
      shop.pass(21);
      await shop.startProcess().recovery.tick();
    });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
    await expectPaidOnce(shop);
  });
});

describe('A checkout that the gateway does not answer', () => {
  it('is PENDING when the authorisation is lost on the way, and paid as soon as it gets through', async () => {
    const shop = openCheckoutShop();
    void shop.line.breakAt('authorize', 'request lost');
    expect(toldTo(await shop.placeOrder.execute(await shop.order(await shop.stock(1))))).to.equal('201 PENDING');
    shop.pass(21);
    await shop.recovery.tick();
    await expectPaidOnce(shop);
  });

  it('is PENDING when only the answer to the authorisation is lost, and the money is held once', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1), { method: 'tok_timeout' });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PENDING');
    shop.pass(21);
    await shop.recovery.tick();
    await expectPaidOnce(shop);
    expect(toldTo(await shop.placeOrder.execute(command)), 'the first answer stays').to.equal('201 PENDING');
  });

  it('expires when nothing ever got through, and a late authorisation is refused', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_lost' }));
    shop.pass(HOLD_SECONDS);
    expect(await shop.expiry.tick()).to.equal(1);
    const order = await shop.lastOrder();
    expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED', cancelReason: 'expired' });
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    const { id: ref, amount } = order.payment;
    const late = shop.bank.authorize({ ref, amount, method: 'tok_ok', key: `${ref}:auth` });
    expect(late.answer).to.deep.equal({ outcome: 'declined', reason: 'voided' });
    expect(shop.statement(order)).to.equal('');
  });

  it('that is captured without an answer is captured again under the same key, and never cancelled', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1), { method: 'tok_capture_timeout' });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PENDING');
    shop.pass(HOLD_SECONDS + 1);
    expect(await shop.expiry.tick()).to.equal(0);
    expect((await shop.lastOrder()).saga).to.equal('CAPTURE_PENDING');
    await shop.recovery.tick();
    await expectPaidOnce(shop);
  });

  it('for three days while it is captured waits for a person in the end, still not cancelled', async () => {
    const shop = openCheckoutShop();
    void shop.line.breakAt('capture', 'request lost', Number.POSITIVE_INFINITY);
    const mugs = await shop.stock(1);
    await shop.placeOrder.execute(await shop.order(mugs));
    for (let hours = 2; hours <= 72; hours += 2) {
      expect((await shop.lastOrder()).needsReview).to.equal(null);
      shop.pass(2 * 3600);
      await shop.recovery.tick();
    }
    expect((await shop.lastOrder()).needsReview).to.equal('unsettled for 72 hours');
    expect(await shop.lastOrder()).to.include({ state: 'PENDING', saga: 'CAPTURE_PENDING' });
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 1 });
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });
});

const settled = (): Promise<void> => new Promise(resolve => void setImmediate(resolve));
