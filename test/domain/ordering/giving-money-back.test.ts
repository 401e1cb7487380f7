import { expect } from 'chai';
import { isUnsettled, type Order } from '../../../domain/ordering/order.ts';
import { actAt, anOrder, aPricedLine, aProduct, aVariant, usd } from '../../support/builders.ts';
import { codeOf } from '../../support/refusing.ts';

const act = actAt(60);

/** Of 29.99. */
const paidOrder = (order = anOrder()): Order => {
  order.authorized('auth-1', act);
  order.paid('capture-1', act);
  return order;
};
const cancelledOrder = (): Order => {
  const order = anOrder();
  order.expired(act);
  order.released(act);
  return order;
};
const typesOf = (order: Order): string[] => order.events().map(event => event.type);

describe('Money for an order that is paid', () => {
  it('goes back in part, and the order stays what it is', () => {
    const order = paidOrder();
    order.refund(usd(999), 'a scratch', act);
    expect(isUnsettled(order.snapshot())).to.equal(true);
    expect(order.snapshot()).to.include({ state: 'PAID', saga: 'PAID', version: 4 });
    order.refundDone(1, act);
    expect(isUnsettled(order.snapshot())).to.equal(false);
    expect(order.snapshot()).to.include({ state: 'PAID', saga: 'PAID', version: 5 });
    expect(order.events().at(-1)).to.deep.include({ type: 'order.refunded' });
    expect(order.events().at(-1)!.payload.refunded).to.deep.equal({ amount: 999, currency: 'USD' });
  });

  for (const [state, send] of [
    ['PAID', () => {}],
    ['SHIPPED', (order: Order) => order.ship({ carrier: null, trackingNumber: null }, act)],
    [
      'DELIVERED',
      (order: Order) => {
        order.ship({ carrier: null, trackingNumber: null }, act);
        order.deliver(act);
      },
    ],
  ] as const)
    it(`goes back whole when it is ${state}, and then the order is REFUNDED`, () => {
      const order = paidOrder();
      send(order);
      order.refund(undefined, null, act);
      expect(order.snapshot().state).to.equal(state);
      order.refundDone(1, act);
      expect(order.snapshot()).to.include({ state: 'REFUNDED', saga: 'PAID' });
      expect(order.payment.state).to.equal('REFUNDED');
    });

  it('goes back once when the gateway is asked by two', () => {
    const order = paidOrder();
    order.refund(undefined, null, act);
    order.refundDone(1, act);
    const { version } = order.snapshot();
    order.refundDone(1, act);
    order.refundRefused(1, 'too late', act);
    expect(order.snapshot()).to.include({ version, needsReview: null });
    expect(typesOf(order).filter(type => type === 'order.refunded')).to.have.length(1);
  });

  it('waits for a person when the gateway will not give it back', () => {
    const order = paidOrder();
    order.refund(usd(999), null, act);
    order.refundRefused(1, 'account_closed', act);
    expect(order.snapshot()).to.include({
      state: 'PAID',
      needsReview: 'the gateway refused refund 1: account_closed',
    });
    expect(order.payment.refunds[0]!.state).to.equal('REFUSED');
    expect(typesOf(order).at(-1)).to.equal('order.parked');
    expect(isUnsettled(order.snapshot())).to.equal(false);
  });

  it('is not asked for while it waits for a person, because nobody would do it', () => {
    const order = paidOrder();
    order.park('another amount', act);
    expect(codeOf(() => order.refund(usd(999), null, act))).to.equal('INVALID_TRANSITION');
    order.resume('all is well', act);
    order.refund(usd(999), null, act);
    expect(order.payment.refunds).to.have.length(1);
  });

  it('is not given back by a refund where nothing was sold', () => {
    const expired = anOrder();
    expired.expired(act);
    for (const order of [anOrder(), expired, cancelledOrder()])
      expect(codeOf(() => order.refund(undefined, null, act))).to.equal('INVALID_TRANSITION');
  });
});

describe('An order that is cancelled after it was paid', () => {
  it('promises all of the money back, and is done with once it is there', () => {
    const order = paidOrder();
    order.cancel('changed my mind', act);
    expect(order.snapshot()).to.include({
      state: 'CANCELLED',
      saga: 'CANCEL_PENDING',
      cancelReason: 'changed my mind',
      version: 4,
    });
    expect(order.payment.refunds[0]).to.deep.include({ amount: usd(2999), state: 'PENDING' });
    order.refundDone(1, act);
    expect(order.payment.state).to.equal('REFUNDED');
    order.released(act);
    expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
    expect(order.payment.state).to.equal('REFUNDED');
  });

  it('promises the rest where some went back before', () => {
    const order = paidOrder();
    order.refund(usd(999), 'a scratch', act);
    order.cancel('changed my mind', act);
    expect(order.payment.refunds.map(refund => refund.amount.amount)).to.deep.equal([999, 2000]);
    order.refundDone(1, act);
    order.refundDone(2, act);
    expect(order.payment.state).to.equal('REFUNDED');
    expect(order.snapshot().state).to.equal('CANCELLED');
  });

  it('cannot be, while all of the money is on its way back already', () => {
    const order = paidOrder();
    order.refund(undefined, null, act);
    const before = order.snapshot();
    expect(codeOf(() => order.cancel('changed my mind', act))).to.equal('INVALID_TRANSITION');
    expect(order.snapshot()).to.equal(before);
  });

  it('has nothing to give back if it was free', () => {
    const free = aPricedLine(aProduct({ variants: [aVariant({ price: usd(0) })] }));
    const order = paidOrder(anOrder({ lines: [free] }));
    order.cancel('changed my mind', act);
    expect(order.payment).to.include({ state: 'REFUNDED' });
    order.released(act);
    expect(order.saga).to.equal('CANCELLED');
  });
});

describe('Money that the gateway would not give back for a cancelled order', () => {
  it('is as good as returned when somebody has done so there by hand', () => {
    const order = paidOrder();
    order.refund(usd(999), 'a scratch', act);
    order.refundDone(1, act);
    order.cancel('changed my mind', act);
    order.refundRefused(2, 'account_closed', act);
    order.resume('returned by bank transfer', act);
    order.released(act);
    expect(order.snapshot()).to.include({ saga: 'CANCELLED', needsReview: null });
    expect(order.payment.state).to.equal('REFUNDED');
    expect(order.payment.refunds.map(({ amount, state }) => [amount.amount, state])).to.deep.equal([
      [999, 'DONE'],
      [2000, 'REFUSED'],
      [2000, 'DONE'],
    ]);
  });
});

describe('Money for an order that is cancelled', () => {
  for (const [before, prepare] of [
    ['NEW', () => {}],
    ['AUTHORIZED', (order: Order) => order.noteAuthorization('auth-1', act)],
  ] as const)
    it(`all goes back if the gateway took it while the shop thought that the payment was ${before}`, () => {
      const order = anOrder();
      order.expired(act);
      prepare(order);
      order.foundCaptured('capture-1', act);
      expect(order.payment).to.include({ state: 'CAPTURED', captureId: 'capture-1' });
      expect(order.payment.refunds.map(({ amount, state }) => [amount.amount, state])).to.deep.equal([
        [2999, 'PENDING'],
      ]);
      order.refundDone(1, act);
      order.released(act);
      expect(order.payment.state).to.equal('REFUNDED');
      expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
    });

  it('goes back once, however many find it', () => {
    const order = anOrder();
    order.expired(act);
    for (const settle of [() => {}, () => order.refundDone(1, act)]) {
      order.foundCaptured('capture-1', act);
      settle();
      const { version } = order.snapshot();
      order.foundCaptured('capture-1', act);
      expect(order.snapshot().version).to.equal(version);
    }
    expect(order.payment.refunds).to.have.length(1);
  });

  it('that turns up after all is looked after again', () => {
    const order = cancelledOrder();
    expect(isUnsettled(order.snapshot())).to.equal(false);
    order.moneyFound('auth-late', act);
    expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCEL_PENDING' });
    expect(order.payment).to.include({ state: 'AUTHORIZED', authorizationId: 'auth-late' });
    expect(isUnsettled(order.snapshot())).to.equal(true);
    order.released(act);
    expect(order.payment.state).to.equal('VOIDED');
  });

  it('that turns up after a decline is looked after, too', () => {
    const order = anOrder();
    order.declined('timeout', act);
    order.moneyFound('auth-late', act);
    expect(order.payment.state).to.equal('AUTHORIZED');
    expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCEL_PENDING' });
    expect(typesOf(order).filter(type => type === 'order.cancelled')).to.have.length(1);
  });
});
