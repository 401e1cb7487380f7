import { expect } from 'chai';
import { DomainError, invalidValue, notFound } from '../../../domain/shared/domain-error.ts';

describe('A refusal by a rule of the shop', () => {
  it('is an error with a kind, a code and facts', () => {
    const error = new DomainError('conflict', 'CART_EMPTY', 'The cart is empty.', { cart_id: 'c' });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({
      name: 'DomainError',
      kind: 'conflict',
      code: 'CART_EMPTY',
      message: 'The cart is empty.',
    });
    expect(error.details).to.deep.equal({ cart_id: 'c' });
    expect(notFound('Cart').details).to.deep.equal({});
  });

  it('says nothing that a web server would take for its own, and can be written to', () => {
    const error = notFound('Order');
    for (const field of ['status', 'statusCode', 'headers', 'expose']) expect(error).to.not.have.property(field);
    expect(Object.isFrozen(error)).to.equal(false);
  });

  it('names the field of a wrong value and what is wrong with it', () => {
    const { kind, code, details } = invalidValue('items.0.quantity', 'must be ≥ 1');
    expect({ kind, code, details }).to.deep.equal({
      kind: 'invalid',
      code: 'VALIDATION_ERROR',
      details: { 'items.0.quantity': ['must be ≥ 1'] },
    });
  });

  it('says what was not found', () => {
    expect(notFound('Cart line')).to.include({ kind: 'not-found', code: 'NOT_FOUND', message: 'Cart line not found' });
  });
});
