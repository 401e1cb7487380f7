import { expect } from 'chai';
import * as fc from 'fast-check';
import { canReserve, RESERVATION_MOVES, type ReservationState } from '../../../domain/inventory/reservation.ts';

const STATES: readonly ReservationState[] = ['HELD', 'PINNED', 'CONSUMED', 'RELEASED'];
const LEGAL_MOVES = ['HELD → PINNED', 'HELD → RELEASED', 'PINNED → CONSUMED', 'PINNED → RELEASED'];

describe('A reservation', () => {
  it('has four states', () => {
    expect(Object.keys(RESERVATION_MOVES)).to.have.members([...STATES]);
  });

  for (const from of STATES)
    for (const to of STATES) {
      const legal = LEGAL_MOVES.includes(`${from} → ${to}`);
      it(`that is ${from} ${legal ? 'can' : 'cannot'} become ${to}`, () => {
        const moves: readonly ReservationState[] = RESERVATION_MOVES[from];
        expect(moves.includes(to)).to.equal(legal);
      });
    }

  it('takes the last unit, and no other one', () => {
    expect(canReserve({ onHand: 5, reserved: 4 }, 1)).to.equal(true);
    expect(canReserve({ onHand: 5, reserved: 4 }, 2)).to.equal(false);
    expect(canReserve({ onHand: 5, reserved: 5 }, 1)).to.equal(false);
    expect(canReserve({ onHand: 0, reserved: 0 }, 1)).to.equal(false);
  });

  it('never promises more than there is, however many ask', () => {
    const buyers = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(100), buyers, (onHand, quantities) => {
        let reserved = 0;
        for (const quantity of quantities) if (canReserve({ onHand, reserved }, quantity)) reserved += quantity;
        expect(reserved).to.be.at.most(onHand);
        if (quantities.some(quantity => quantity <= onHand)) expect(reserved).to.be.above(0);
      }),
    );
  });
});
