import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  askRefund,
  askRest,
  movePayment,
  type PaymentSnapshot,
  pendingRefund,
  refundedOf,
  returnedOf,
  settleRefund,
} from '../../../domain/payments/payment.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { Money } from '../../../domain/shared/money.ts';
import { anOrder, usd } from '../../support/builders.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

/** A payment of 100.00 that was captured. */
const captured = (amount = usd(10_000)): PaymentSnapshot => {
  const { payment } = anOrder().snapshot();
  const authorized = movePayment({ ...payment, amount }, 'AUTHORIZED', { authorizationId: 'auth-1' });
  return movePayment(authorized, 'CAPTURED', { captureId: 'capture-1' });
};

describe('A refund', () => {
  it('is promised at once, and counts from then on', () => {
    const payment = askRefund(captured(), usd(2500), 'a scratch');
    expect(payment.refunds).to.deep.equal([{ number: 1, amount: usd(2500), state: 'PENDING', reason: 'a scratch' }]);
    expect(pendingRefund(payment)?.number).to.equal(1);
    expect(refundedOf(payment).equals(usd(2500))).to.equal(true);
    expect(returnedOf(payment).equals(usd(0))).to.equal(true);
    expect(payment.state).to.equal('CAPTURED');
  });

  it('is all that is left when nobody says how much', () => {
    const some = askRefund(captured(), usd(2500), null);
    const all = askRefund(some, undefined, null);
    expect(all.refunds.map(({ number, amount }) => [number, amount.amount])).to.deep.equal([
      [1, 2500],
      [2, 7500],
    ]);
  });

  it('leaves the payment captured while some of it has not gone back', () => {
    const some = settleRefund(askRefund(captured(), usd(9999), null), 1, 'DONE');
    expect(some.state).to.equal('CAPTURED');
    const all = settleRefund(askRefund(some, undefined, null), 2, 'DONE');
    expect(all.state).to.equal('REFUNDED');
    expect(returnedOf(all).equals(usd(10_000))).to.equal(true);
  });

  it('no longer counts when the gateway refuses it', () => {
    const refused = settleRefund(askRefund(captured(), undefined, null), 1, 'REFUSED');
    expect(refused.state).to.equal('CAPTURED');
    expect(refundedOf(refused).equals(usd(0))).to.equal(true);
    expect(askRefund(refused, undefined, null).refunds[1]).to.deep.include({ number: 2, amount: usd(10_000) });
  });

  for (const [what, amount] of [
    ['nothing', usd(0)],
    ['less than nothing', usd(-1)],
    ['more than was captured', usd(10_001)],
    ['another currency', Money.of(100, Currency('EUR'))],
  ] as const)
    it(`is never of ${what}`, () => {
      const { kind, code, details } = refusal(() => askRefund(captured(), amount, null));
      expect({ kind, code }).to.deep.equal({ kind: 'invalid', code: 'REFUND_TOO_LARGE' });
      expect(details).to.deep.equal({ refundable: { amount: 10_000, currency: 'USD' } });
    });

  it('is only of money that was taken', () => {
    for (const state of ['NEW', 'AUTHORIZED', 'DECLINED', 'VOIDED', 'REFUNDED'] as const)
      expect(
        codeOf(() => askRefund({ ...captured(), state }, usd(1), null)),
        state,
      ).to.equal('INVALID_TRANSITION');
  });

  it('is never more than was captured, whatever is asked and answered in whatever order', () => {
    const asks = fc.record({ ask: fc.option(fc.integer({ min: 0, max: 12_000 }), { nil: undefined }) });
    const answers = fc.record({ answer: fc.constantFrom('DONE' as const, 'REFUSED' as const) });
    fc.assert(
      fc.property(fc.array(fc.oneof(asks, answers), { maxLength: 30 }), steps => {
        let payment = captured();
        for (const step of steps) {
          const pending = pendingRefund(payment);
          if ('answer' in step) {
            if (pending) payment = settleRefund(payment, pending.number, step.answer);
          } else {
            const before = payment;
            const amount = step.ask === undefined ? undefined : usd(step.ask);
            try {
              payment = askRefund(payment, amount, null);
            } catch {
              expect(payment).to.equal(before);
            }
          }
          expect(refundedOf(payment).isMoreThan(payment.amount)).to.equal(false);
          expect(returnedOf(payment).isMoreThan(refundedOf(payment))).to.equal(false);
          expect(payment.state === 'REFUNDED').to.equal(returnedOf(payment).equals(payment.amount));
          expect(payment.refunds.map(refund => refund.number)).to.deep.equal(payment.refunds.map((_, i) => i + 1));
        }
      }),
    );
  });
});

describe('The rest of the money', () => {
  it('is what has not been given back yet', () => {
    const some = settleRefund(askRefund(captured(), usd(2500), null), 1, 'DONE');
    expect(askRest(some, 'cancelled').refunds[1]).to.deep.include({ amount: usd(7500), state: 'PENDING' });
  });

  it('cannot be promised twice', () => {
    const { kind, code } = refusal(() => askRest(askRest(captured(), 'cancelled'), 'cancelled'));
    expect({ kind, code }).to.deep.equal({ kind: 'conflict', code: 'INVALID_TRANSITION' });
  });

  it('of something that cost nothing has gone back already', () => {
    const payment = askRest(captured(usd(0)), 'cancelled');
    expect(payment.state).to.equal('REFUNDED');
    expect(payment.refunds).to.deep.equal([]);
  });
});
