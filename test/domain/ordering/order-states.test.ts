import { expect } from 'chai';
import { Order, type OrderSnapshot } from '../../../domain/ordering/order.ts';
import {
  ORDER_MOVES,
  type OrderState,
  SAGA_MOVES,
  type SagaEvent,
  type SagaState,
} from '../../../domain/ordering/order-states.ts';
import type { PaymentState } from '../../../domain/payments/payment.ts';
import { actAt, anOrder } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const SAGAS: readonly SagaState[] = ['RESERVED', 'CAPTURE_PENDING', 'PAID', 'CANCEL_PENDING', 'CANCELLED'];
const STATES: readonly OrderState[] = ['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED'];

/** Where an order stands at each point of the checkout. */
const AT: Record<SagaState, { state: OrderState; payment: PaymentState }> = {
  RESERVED: { state: 'PENDING', payment: 'NEW' },
  CAPTURE_PENDING: { state: 'PENDING', payment: 'AUTHORIZED' },
  PAID: { state: 'PAID', payment: 'CAPTURED' },
  CANCEL_PENDING: { state: 'CANCELLED', payment: 'AUTHORIZED' },
  CANCELLED: { state: 'CANCELLED', payment: 'VOIDED' },
};

function orderAt(saga: SagaState, { state, payment } = AT[saga]): Order {
  const placed = anOrder().snapshot();
  const snapshot: OrderSnapshot = { ...placed, saga, state, payment: { ...placed.payment, state: payment } };
  return Order.restore(snapshot);
}

/** The same, waiting for a person: what only a person may do is tried on such a one. */
const parkedAt = (saga: SagaState): Order =>
  Order.restore({ ...orderAt(saga).snapshot(), needsReview: 'another amount' });

const act = actAt(60);

const VERBS: Record<SagaEvent, (order: Order) => void> = {
  authorized: order => order.authorized('auth-1', act),
  declined: order => order.declined('insufficient_funds', act),
  expired: order => order.expired(act),
  cancelled: order => order.cancel('changed my mind', act),
  captured: order => order.paid('capture-1', act),
  'capture refused': order => order.captureRefused('card_closed', act),
  'given up': order => order.giveUp('another amount', act),
  released: order => order.released(act),
  'money found': order => order.moneyFound('auth-late', act),
};
const EVENTS: readonly SagaEvent[] = [
  'authorized',
  'declined',
  'expired',
  'cancelled',
  'captured',
  'capture refused',
  'given up',
  'released',
  'money found',
];

/** Written out once more, by hand: state, what happens, state. */
const LEGAL_STEPS: Record<string, SagaState> = {
  'RESERVED, authorized': 'CAPTURE_PENDING',
  'RESERVED, declined': 'CANCELLED',
  'RESERVED, expired': 'CANCEL_PENDING',
  'RESERVED, cancelled': 'CANCEL_PENDING',
  'RESERVED, given up': 'CANCEL_PENDING',
  'CAPTURE_PENDING, captured': 'PAID',
  'CAPTURE_PENDING, capture refused': 'CANCEL_PENDING',
  'CAPTURE_PENDING, given up': 'CANCEL_PENDING',
  'PAID, cancelled': 'CANCEL_PENDING',
  'CANCEL_PENDING, released': 'CANCELLED',
  'CANCELLED, money found': 'CANCEL_PENDING',
};

const LEGAL_MOVES = [
  'PENDING → PAID',
  'PENDING → CANCELLED',
  'PAID → SHIPPED',
  'PAID → CANCELLED',
  'PAID → REFUNDED',
  'SHIPPED → DELIVERED',
  'SHIPPED → REFUNDED',
  'DELIVERED → REFUNDED',
];

describe('A checkout', () => {
  it('has five states, in which nine things can happen', () => {
    expect(Object.keys(SAGA_MOVES)).to.have.members([...SAGAS]);
    expect(Object.keys(VERBS)).to.have.members([...EVENTS]);
  });

  for (const saga of SAGAS)
    for (const event of EVENTS) {
      const next = LEGAL_STEPS[`${saga}, ${event}`];
      it(`that is ${saga} ${next ? `becomes ${next} when it is` : 'cannot be'} ${event}`, () => {
        expect(SAGA_MOVES[saga][event]).to.equal(next);
        const order = event === 'given up' ? parkedAt(saga) : orderAt(saga);
        const before = order.snapshot();
        if (next) {
          VERBS[event](order);
          expect(order.saga).to.equal(next);
          expect(order.snapshot().state).to.equal(AT[next].state);
          expect(order.snapshot().version).to.be.above(before.version);
          expect(order.snapshot()).to.include({ updatedAt: act.at, needsReview: null });
        } else {
          const { kind, code, details } = refusal(() => VERBS[event](order));
          expect({ kind, code, details }).to.deep.equal({
            kind: 'conflict',
            code: 'INVALID_TRANSITION',
            details: { status: before.state },
          });
          expect(order.snapshot()).to.equal(before);
          expect(order.events()).to.deep.equal([]);
        }
      });
    }

  it('never undoes a capture because of the clock: only what is RESERVED may expire', () => {
    expect(SAGAS.filter(saga => SAGA_MOVES[saga].expired)).to.deep.equal(['RESERVED']);
  });

  it('that was cancelled is touched again only for money, and never comes to life', () => {
    expect(Object.keys(SAGA_MOVES.CANCELLED)).to.deep.equal(['money found']);
    expect(Object.values(SAGA_MOVES.CANCEL_PENDING)).to.deep.equal(['CANCELLED']);
  });
});

describe('An order', () => {
  it('has six states', () => {
    expect(Object.keys(ORDER_MOVES)).to.have.members([...STATES]);
  });

  /** How an order is asked to become what; the checkout is put where it would not mind. */
  const become: Partial<Record<OrderState, (state: OrderState) => OrderState>> = {
    PAID: state => {
      const order = orderAt('CAPTURE_PENDING', { state, payment: 'AUTHORIZED' });
      order.paid('capture-1', act);
      return order.snapshot().state;
    },
    SHIPPED: state => {
      const order = orderAt('PAID', { state, payment: 'CAPTURED' });
      order.ship({ carrier: 'Post', trackingNumber: 'T1' }, act);
      return order.snapshot().state;
    },
    DELIVERED: state => {
      const order = orderAt('PAID', { state, payment: 'CAPTURED' });
      order.deliver(act);
      return order.snapshot().state;
    },
    REFUNDED: state => {
      const order = orderAt('PAID', { state, payment: 'CAPTURED' });
      order.refund(undefined, null, act);
      order.refundDone(1, act);
      return order.snapshot().state;
    },
    CANCELLED: state => {
      const order = orderAt('PAID', { state, payment: 'CAPTURED' });
      order.cancel('changed my mind', act);
      return order.snapshot().state;
    },
  };

  for (const from of STATES)
    for (const to of STATES) {
      const legal = LEGAL_MOVES.includes(`${from} → ${to}`);
      it(`that is ${from} ${legal ? 'can' : 'cannot'} become ${to}`, () => {
        const moves: readonly OrderState[] = ORDER_MOVES[from];
        expect(moves.includes(to)).to.equal(legal);
        const verb = become[to];
        if (!verb) return;
        if (legal) expect(verb(from)).to.equal(to);
        else
          expect(refusal(() => verb(from))).to.deep.include({ code: 'INVALID_TRANSITION', details: { status: from } });
      });
    }
});
