import { expect } from 'chai';
import * as fc from 'fast-check';
import { orderNumberOf } from '../../../domain/ordering/order-number.ts';
import { OrderId } from '../../../domain/shared/ids.ts';

const of = (text: string): string => orderNumberOf(OrderId(text));

/** A UUIDv7 whose last fifty bits are these. */
const idOf = (tail: bigint) => {
  const hex = tail.toString(16).padStart(13, '0');
  return `019cae1f-f000-7000-800${hex[0]}-${hex.slice(1)}`;
};

describe('An order number', () => {
  it('is five characters, a hyphen and five more', () => {
    expect(of('019cae1f-f000-7000-8000-000000000000')).to.equal('00000-00000');
    expect(of('019cae1f-f000-7000-8000-00000000002a')).to.equal('00000-0001A');
    expect(of('019cae1f-f000-7000-bfff-ffffffffffff')).to.equal('ZZZZZ-ZZZZZ');
  });

  it('counts in 32 characters that nobody misreads', () => {
    const digits = Array.from({ length: 32 }, (_, n) =>
      of(`019cae1f-f000-7000-8000-${n.toString(16).padStart(12, '0')}`),
    );
    expect(digits.map(number => number.at(-1)).join('')).to.equal('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
  });

  it('says nothing of when the order was placed', () => {
    expect(of('019cae1f-f000-7000-8abc-0123456789ab')).to.equal(of('01ffffff-ffff-7fff-8abc-0123456789ab'));
  });

  it('is told apart by each of fifty random bits of the id', () => {
    const bits = fc.bigInt({ min: 0n, max: 2n ** 50n - 1n });
    const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(bits, tail => {
        const number = of(idOf(tail));
        expect(number).to.match(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
        const read = Array.from(number.replace('-', '')).reduce(
          (sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)),
          0n,
        );
        expect(read).to.equal(tail);
      }),
    );
  });
});
