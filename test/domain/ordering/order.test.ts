import { expect } from 'chai';
import * as fc from 'fast-check';
import type { PricedLine } from '../../../domain/cart/cart-pricing.ts';
import { isUnsettled, Order } from '../../../domain/ordering/order.ts';
import { OrderId, UserId, VariantId } from '../../../domain/shared/ids.ts';
import { LARGEST_PRICE } from '../../../domain/shared/money.ts';
import { actAt, anOrder, aPricedLine, aProduct, aVariant, POSTAL_ADDRESS, usd } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const act = actAt(60);
const ID = OrderId('019cae1f-f000-7000-8000-00000000002a');
const lineAt = (price: number, quantity = 1): PricedLine =>
  aPricedLine(aProduct({ variants: [aVariant({ price: usd(price) })] }), quantity);

const paidOrder = (): Order => {
  const order = anOrder({ id: ID });
  order.authorized('auth-1', act);
  order.paid('capture-1', act);
  return order;
};
const typesOf = (order: Order): string[] => order.events().map(event => event.type);

describe('An order that is placed', () => {
  it('waits for its money at the prices of the moment', () => {
    const order = anOrder({ id: ID, lines: [lineAt(1999, 2), lineAt(500)] }).snapshot();
    expect(order).to.include({ state: 'PENDING', saga: 'RESERVED', number: '00000-0001A', version: 1 });
    expect(order).to.include({ shipment: null, cancelReason: null, needsReview: null });
    expect(order.items.map(({ quantity, lineTotal }) => [quantity, lineTotal.amount])).to.deep.equal([
      [2, 3998],
      [1, 500],
    ]);
    expect(order.payment.amount.equals(usd(4498))).to.equal(true);
  });

  it('adds up: items − discount + shipping + tax = total', () => {
    const lines = fc.array(fc.tuple(fc.nat(LARGEST_PRICE), fc.integer({ min: 1, max: 999 })), {
      minLength: 1,
      maxLength: 100,
    });
    const template = lineAt(1);
    fc.assert(
      fc.property(lines, given => {
        const order = anOrder({
          lines: given.map(([price, quantity]) => ({
            ...template,
            quantity,
            unitPrice: usd(price),
            lineTotal: usd(price).times(quantity),
          })),
        });
        const { items, totals, payment } = order.snapshot();
        const expected = given.reduce((sum, [price, quantity]) => sum + BigInt(price) * BigInt(quantity), 0n);
        expect(BigInt(totals.items.amount)).to.equal(expected);
        for (const item of items) expect(item.lineTotal.equals(item.unitPrice.times(item.quantity))).to.equal(true);
        const { discount, shipping, tax, total } = totals;
        expect(totals.items.minus(discount).plus(shipping).plus(tax).equals(total)).to.equal(true);
        expect(payment.amount.equals(total)).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is never made of something that is not for sale', () => {
    for (const missing of [{ productId: null }, { sku: null }, { name: null }]) {
      const gone: PricedLine = { ...lineAt(1999), ...missing };
      expect(() => anOrder({ lines: [lineAt(1), gone] })).to.throw(`Variant ${gone.variantId} is not for sale`);
    }
  });
});

describe('The money of an order', () => {
  it('is taken in two steps', () => {
    const order = paidOrder();
    expect(order.payment).to.include({ state: 'CAPTURED', authorizationId: 'auth-1', captureId: 'capture-1' });
    expect(order.snapshot()).to.include({ state: 'PAID', saga: 'PAID', version: 3 });
  });

  it('may need the customer first, who is then no longer asked', () => {
    const order = anOrder();
    const action = { type: '3ds', clientSecret: 'secret', url: null };
    order.awaitCustomer(action, act);
    expect(order.payment.action).to.deep.equal(action);
    expect(order.snapshot()).to.include({ state: 'PENDING', saga: 'RESERVED', version: 2 });
    order.authorized('auth-1', act);
    expect(order.payment.action).to.equal(null);
  });

  it('may be declined, which ends it with nothing to give back', () => {
    const order = anOrder();
    order.declined('insufficient_funds', act);
    expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCELLED', cancelReason: 'payment_declined' });
    expect(order.payment).to.include({ state: 'DECLINED', declineReason: 'insufficient_funds' });
  });

  it('may be refused when it is captured, and the authorisation is given back', () => {
    const order = anOrder();
    order.authorized('auth-1', act);
    order.captureRefused('card_closed', act);
    expect(order.snapshot()).to.include({
      state: 'CANCELLED',
      saga: 'CANCEL_PENDING',
      cancelReason: 'capture_refused',
    });
    expect(order.payment).to.include({ state: 'AUTHORIZED', declineReason: 'card_closed' });
    order.released(act);
    expect(order.payment.state).to.equal('VOIDED');
    expect(order.saga).to.equal('CANCELLED');
  });

  it('is voided even when the shop never heard of the authorisation', () => {
    const order = anOrder();
    order.expired(act);
    order.released(act);
    expect(order.payment.state).to.equal('VOIDED');
    expect(order.saga).to.equal('CANCELLED');
  });

  it('is remembered when the authorisation comes too late', () => {
    const order = anOrder();
    order.expired(act);
    order.noteAuthorization('auth-late', act);
    expect(order.payment).to.include({ state: 'AUTHORIZED', authorizationId: 'auth-late' });
    expect(order.snapshot()).to.include({ state: 'CANCELLED', saga: 'CANCEL_PENDING' });
    const { version } = order.snapshot();
    order.noteAuthorization('auth-again', act);
    expect(order.payment.authorizationId).to.equal('auth-late');
    expect(order.snapshot().version).to.equal(version);
  });
});

describe('A parcel', () => {
  it('is sent, and arrives', () => {
    const order = paidOrder();
    order.ship({ carrier: 'Post', trackingNumber: 'T1' }, act);
    expect(order.snapshot().shipment).to.deep.equal({ carrier: 'Post', trackingNumber: 'T1' });
    order.deliver(act);
    expect(order.snapshot()).to.include({ state: 'DELIVERED', saga: 'PAID', version: 5 });
  });

  it('that is on its way cannot be cancelled any more', () => {
    const order = paidOrder();
    order.ship({ carrier: null, trackingNumber: null }, act);
    const before = order.snapshot();
    const { code, message } = refusal(() => order.cancel('too late', act));
    expect({ code, message }).to.deep.equal({
      code: 'INVALID_TRANSITION',
      message: 'An order that is SHIPPED cannot be cancelled.',
    });
    expect(order.snapshot()).to.equal(before);
  });
});

describe('An order whose money does not add up', () => {
  it('is put aside for a person to look at, and stays what it was', () => {
    const order = anOrder();
    order.authorized('auth-1', act);
    order.park('captured amount differs from the total', act);
    expect(order.snapshot()).to.include({
      needsReview: 'captured amount differs from the total',
      state: 'PENDING',
      saga: 'CAPTURE_PENDING',
      version: 3,
    });
  });
});

describe('An order that was put aside for a person', () => {
  const STAFF = UserId('019cae1f-f000-7000-8000-0000000000bb');
  const byStaff = { at: act.at, by: STAFF };

  const parkedOrder = (...steps: readonly ((order: Order) => void)[]): Order => {
    const order = anOrder();
    for (const step of steps) step(order);
    order.park('another amount', act);
    return order;
  };
  const authorized = (order: Order) => order.authorized('auth-1', act);
  const paid = (order: Order) => order.paid('capture-1', act);

  it('goes on when that person says so, and remembers who said it, when and why', () => {
    const order = parkedOrder(authorized);
    const before = order.snapshot();
    expect(isUnsettled(before)).to.equal(false);
    order.resume('the gateway has been mended', byStaff);
    expect(isUnsettled(order.snapshot())).to.equal(true);
    expect(order.snapshot()).to.deep.equal({
      ...before,
      needsReview: null,
      resumed: { review: 'another amount', reason: 'the gateway has been mended', ...byStaff },
      updatedBy: STAFF,
      version: before.version + 1,
    });
    expect(order.events().at(-1)!.payload).to.include({ review: 'another amount', resumed_by: STAFF });
  });

  for (const [where, ...steps] of [['RESERVED'], ['CAPTURE_PENDING', authorized]] as const)
    it(`comes to nothing when that person says so while it is ${where}`, () => {
      const order = parkedOrder(...steps);
      order.giveUp('the customer was charged by hand', byStaff);
      expect(order.snapshot()).to.deep.include({
        state: 'CANCELLED',
        saga: 'CANCEL_PENDING',
        cancelReason: 'the customer was charged by hand',
        needsReview: null,
        updatedBy: STAFF,
      });
      expect(order.snapshot().resumed).to.include({ review: 'another amount', by: STAFF });
      expect(isUnsettled(order.snapshot())).to.equal(true);
      expect(typesOf(order).slice(-2)).to.deep.equal(['order.resumed', 'order.cancelled']);
    });

  it('is not given up once it is paid: then it is cancelled like any other', () => {
    const order = parkedOrder(authorized, paid);
    expect(refusal(() => order.giveUp('too late', byStaff)).code).to.equal('INVALID_TRANSITION');
    order.cancel('too late', byStaff);
    expect(order.snapshot()).to.include({ saga: 'CANCEL_PENDING', needsReview: null });
  });

  for (const [what, end] of [
    ['expires', order => order.expired(act)],
    ['is cancelled', order => order.cancel('why not', act)],
  ] as readonly [string, (order: Order) => void][])
    it(`waits for nobody any more when it ${what}: from then on its money only goes back`, () => {
      const order = parkedOrder();
      end(order);
      expect(order.snapshot()).to.include({ saga: 'CANCEL_PENDING', needsReview: null, resumed: null });
      expect(isUnsettled(order.snapshot())).to.equal(true);
    });

  it('is the only kind that can be resumed or given up', () => {
    for (const order of [anOrder(), paidOrder()])
      for (const verb of [() => order.resume('why not', byStaff), () => order.giveUp('why not', byStaff)]) {
        const before = order.snapshot();
        expect(refusal(verb)).to.deep.include({ kind: 'conflict', code: 'INVALID_TRANSITION' });
        expect(order.snapshot()).to.equal(before);
      }
  });
});

describe('The events of an order', () => {
  /** Each way an order can go, and what is told of it. */
  const STORIES: readonly [string, (order: Order) => void, readonly string[]][] = [
    ['placed', () => {}, []],
    ['declined', order => order.declined('insufficient_funds', act), ['order.cancelled']],
    ['expired', order => order.expired(act), ['order.cancelled']],
    ['cancelled before it was paid', order => order.cancel('why not', act), ['order.cancelled']],
    ['waiting for the customer', order => order.awaitCustomer({ type: '3ds', clientSecret: 's', url: 'u' }, act), []],
    ['authorised', order => order.authorized('a', act), []],
    ['parked', order => order.park('the gateway refused the refund', act), ['order.parked']],
    [
      'parked and resumed',
      order => {
        order.park('the gateway refused the refund', act);
        order.resume('a scratch, says Ada', act);
      },
      ['order.parked', 'order.resumed'],
    ],
    [
      'parked and given up',
      order => {
        order.park('another amount', act);
        order.giveUp('a scratch, says Ada', act);
      },
      ['order.parked', 'order.resumed', 'order.cancelled'],
    ],
    [
      'refused at the capture',
      order => {
        order.authorized('a', act);
        order.captureRefused('card_closed', act);
        order.released(act);
      },
      ['order.cancelled'],
    ],
    [
      'delivered',
      order => {
        order.authorized('a', act);
        order.paid('c', act);
        order.ship({ carrier: 'Post', trackingNumber: 'T1' }, act);
        order.deliver(act);
      },
      ['order.paid', 'order.shipped', 'order.delivered'],
    ],
    [
      'refunded',
      order => {
        order.authorized('a', act);
        order.paid('c', act);
        order.refund(usd(1), 'a scratch', act);
        order.refundDone(1, act);
        order.cancel('broken', act);
        order.refundDone(2, act);
        order.released(act);
      },
      ['order.paid', 'order.refunded', 'order.cancelled', 'order.refunded'],
    ],
    [
      'refused a refund',
      order => {
        order.authorized('a', act);
        order.paid('c', act);
        order.refund(undefined, 'broken', act);
        order.refundRefused(1, 'account_closed', act);
      },
      ['order.paid', 'order.parked'],
    ],
  ];

  for (const [what, happens, types] of STORIES)
    it(`tell of one that is ${what}`, () => {
      const order = anOrder({ id: ID });
      happens(order);
      expect(typesOf(order)).to.deep.equal(['order.created', ...types]);
    });

  for (const [what, happens] of STORIES)
    it(`name the order and its version, and nobody's name, when it is ${what}`, () => {
      const order = Order.restore(
        anOrder({ id: ID, userId: UserId('019cae1f-f000-7000-8000-0000000000aa') }).snapshot(),
      );
      happens(order);
      for (const event of order.events()) {
        expect(event).to.include({ aggregateType: 'order', aggregateId: ID });
        expect(event.aggregateVersion).to.be.within(2, order.snapshot().version);
        const told = JSON.stringify(event);
        const secrets = [...Object.values(POSTAL_ADDRESS), 'ada@example.com', 'tok_ok', 'clientSecret', 'scratch'];
        for (const secret of secrets) if (secret) expect(told).to.not.include(`${secret}`);
        expect(event.payload).to.deep.equal(JSON.parse(JSON.stringify(event.payload)));
      }
    });

  it('carry the version that the order has when they happen', () => {
    const order = paidOrder();
    order.ship({ carrier: null, trackingNumber: null }, act);
    expect(order.events().map(event => [event.type, event.aggregateVersion])).to.deep.equal([
      ['order.created', 1],
      ['order.paid', 3],
      ['order.shipped', 4],
    ]);
  });

  it('tell what was bought, and for how much', () => {
    const line = { ...lineAt(1999, 2), variantId: VariantId('019cae1f-f000-7000-8000-0000000000cc') };
    const order = anOrder({ id: ID, lines: [line] });
    order.expired(act);
    expect(order.events()[1]!.payload).to.deep.equal({
      order_id: ID,
      order_number: '00000-0001A',
      user_id: null,
      status: 'CANCELLED',
      total: { amount: 3998, currency: 'USD' },
      items: [{ variant_id: '019cae1f-f000-7000-8000-0000000000cc', quantity: 2 }],
    });
  });

  it('are kept once, where a customer must not hear them twice', () => {
    const order = paidOrder();
    order.refund(usd(1), 'a scratch', act);
    order.cancel('broken', act);
    order.refundDone(1, act);
    order.refundDone(2, act);
    expect(order.events().flatMap(event => event.dedupeKey ?? [])).to.deep.equal([
      `paid:${ID}`,
      `cancelled:${ID}`,
      `refunded:${ID}:1`,
      `refunded:${ID}:2`,
    ]);
  });

  it('are not told again after the order was loaded', () => {
    expect(Order.restore(paidOrder().snapshot()).events()).to.deep.equal([]);
  });
});
