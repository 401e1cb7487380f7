import { expect } from 'chai';
import * as fc from 'fast-check';
import { LARGEST_STOCK, type Movement, StockItem } from '../../../domain/inventory/stock-item.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { UserId, VariantId } from '../../../domain/shared/ids.ts';
import { actAt, aStockItem } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const MUG = VariantId('019cae1f-f000-7000-8000-0000000000cc');
const ANN = UserId('019cae1f-f000-7000-8000-0000000000aa');
const act = actAt(60, ANN);

const withReserved = (onHand: number, reserved: number): StockItem =>
  StockItem.restore({ ...aStockItem(MUG, onHand).snapshot(), reserved });

describe('Stock', () => {
  it('begins with a receipt', () => {
    const item = aStockItem(MUG, 10, act);
    expect(item.snapshot()).to.include({
      variantId: MUG,
      onHand: 10,
      reserved: 0,
      lowStockThreshold: null,
      version: 1,
    });
    expect(item.movements()).to.deep.equal([{ variantId: MUG, delta: 10, kind: 'RECEIPT', reason: null, by: ANN }]);
  });

  it('that begins with nothing leaves no line in the ledger', () => {
    expect(aStockItem(MUG, 0).movements()).to.deep.equal([]);
  });

  it('is adjusted for a reason', () => {
    const item = withReserved(10, 0);
    item.adjust(-3, 'broken', act);
    expect(item.snapshot()).to.include({ onHand: 7, version: 2, updatedBy: ANN });
    expect(item.movements()).to.deep.equal([{ variantId: MUG, delta: -3, kind: 'ADJUST', reason: 'broken', by: ANN }]);
  });

  it('is counted, and the ledger shows the difference', () => {
    const item = withReserved(10, 4);
    item.countedAs(7, act);
    expect(item.movements().map(({ delta, reason }) => [delta, reason])).to.deep.equal([[-3, 'counted']]);
    item.countedAs(7, act, 'counted twice');
    expect(item.movements()).to.have.lengthOf(1);
    expect(item.snapshot()).to.include({ onHand: 7, version: 3 });
  });

  it('is available as far as nobody has reserved it', () => {
    expect(withReserved(10, 4).available).to.equal(6);
    expect(withReserved(4, 4).available).to.equal(0);
  });

  it('cannot fall below what open orders hold', () => {
    const item = withReserved(10, 4);
    item.adjust(-6, 'broken', act);
    const { kind, code, details } = refusal(() => item.adjust(-1, 'broken', act));
    expect({ kind, code, details }).to.deep.equal({
      kind: 'conflict',
      code: 'STOCK_BELOW_RESERVED',
      details: { reserved: 4 },
    });
    expect(refusal(() => item.countedAs(3, act)).code).to.equal('STOCK_BELOW_RESERVED');
    expect(item.snapshot().onHand).to.equal(4);
  });

  it('cannot fall below zero, nor begin there', () => {
    const { kind, code, details } = refusal(() => withReserved(2, 0).adjust(-3, 'broken', act));
    expect({ kind, code, details }).to.deep.equal({ kind: 'invalid', code: 'RULE_VIOLATION', details: { on_hand: 2 } });
    expect(refusal(() => aStockItem(MUG, -1)).code).to.equal('RULE_VIOLATION');
  });

  it('is at most a thousand million', () => {
    expect(LARGEST_STOCK).to.equal(1_000_000_000);
    const item = aStockItem(MUG, LARGEST_STOCK);
    expect(refusal(() => item.adjust(1, 'found', act)).code).to.equal('RULE_VIOLATION');
    expect(item.snapshot().onHand).to.equal(LARGEST_STOCK);
  });

  it('warns from a threshold on, and can stop warning', () => {
    const item = withReserved(10, 0);
    item.warnAt(3, act);
    expect(item.snapshot()).to.include({ lowStockThreshold: 3, version: 2 });
    item.warnAt(null, act);
    expect(item.snapshot().lowStockThreshold).to.equal(null);
    expect(item.movements()).to.deep.equal([]);
  });

  it('tells what there now is, with its version', () => {
    const item = withReserved(10, 4);
    item.adjust(5, 'found', act);
    expect(item.changed()).to.deep.equal({
      type: 'inventory.changed',
      aggregateType: 'inventory',
      aggregateId: MUG,
      aggregateVersion: 2,
      payload: { variant_id: MUG, on_hand: 15, reserved: 4 },
    });
  });

  it('is the sum of its ledger and covers what is reserved, whatever staff do', () => {
    const step = fc.oneof(
      fc.record({ verb: fc.constant('adjust' as const), by: fc.integer({ min: -50, max: 50 }) }),
      fc.record({ verb: fc.constant('count' as const), by: fc.integer({ min: -5, max: 60 }) }),
      fc.record({ verb: fc.constant('reload' as const), by: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.nat(60), fc.nat(20), fc.array(step, { maxLength: 40 }), (opening, wanted, history) => {
        const opened = aStockItem(MUG, opening);
        const reserved = Math.min(wanted, opening);
        const ledger: Movement[] = [...opened.movements()];
        let item = StockItem.restore({ ...opened.snapshot(), reserved });
        const store = () => {
          ledger.push(...item.movements());
          item = StockItem.restore(item.snapshot());
        };
        for (const { verb, by } of history)
          try {
            if (verb === 'adjust') item.adjust(by, 'because', act);
            else if (verb === 'count') item.countedAs(by, act);
            else store();
          } catch (error) {
            expect(error).to.be.instanceOf(DomainError);
          }
        store();
        const { onHand } = item.snapshot();
        expect(ledger.reduce((sum, movement) => sum + movement.delta, 0)).to.equal(onHand);
        expect(ledger.every(movement => movement.delta !== 0)).to.equal(true);
        expect(onHand).to.be.at.least(reserved);
      }),
    );
  });
});
