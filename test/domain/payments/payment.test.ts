import { expect } from 'chai';
import { movePayment, PAYMENT_MOVES, type PaymentState } from '../../../domain/payments/payment.ts';
import { anOrder } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const STATES: readonly PaymentState[] = ['NEW', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'VOIDED', 'REFUNDED'];

const LEGAL_MOVES = [
  'NEW → AUTHORIZED',
  'NEW → DECLINED',
  'NEW → VOIDED',
  'AUTHORIZED → CAPTURED',
  'AUTHORIZED → VOIDED',
  'CAPTURED → REFUNDED',
  'DECLINED → AUTHORIZED',
  'VOIDED → AUTHORIZED',
];

describe('A payment', () => {
  const { payment } = anOrder().snapshot();

  it('begins as NEW, with nothing taken yet', () => {
    expect(payment).to.include({ state: 'NEW', authorizationId: null, captureId: null, declineReason: null });
  });

  it('has six states', () => {
    expect(Object.keys(PAYMENT_MOVES)).to.have.members([...STATES]);
  });

  for (const from of STATES)
    for (const to of STATES) {
      const legal = LEGAL_MOVES.includes(`${from} → ${to}`);
      it(`that is ${from} ${legal ? 'can' : 'cannot'} become ${to}`, () => {
        const before = { ...payment, state: from };
        if (legal) {
          const after = movePayment(before, to, { captureId: 'capture-1' });
          expect(after).to.deep.equal({ ...before, state: to, captureId: 'capture-1' });
          expect(before.state).to.equal(from);
        } else {
          const { kind, code } = refusal(() => movePayment(before, to));
          expect({ kind, code }).to.deep.equal({ kind: 'conflict', code: 'INVALID_TRANSITION' });
        }
      });
    }
});
