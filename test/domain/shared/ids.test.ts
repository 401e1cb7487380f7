import { expect } from 'chai';
import * as ids from '../../../domain/shared/ids.ts';
import { codeOf, refusal } from '../../support/refusing.ts';

const UUID = '019cae1f-f000-7000-8000-00000000002a';

describe('An id', () => {
  const parsers = Object.entries(ids);

  it('has eleven kinds', () => {
    expect(parsers.map(([name]) => name)).to.have.members([
      'UserId',
      'AddressId',
      'SessionId',
      'ApiKeyId',
      'CategoryId',
      'ProductId',
      'VariantId',
      'CartId',
      'OrderId',
      'PaymentId',
      'ImportId',
    ]);
  });

  for (const [name, parse] of parsers) {
    it(`of kind ${name} is a UUID in lower case`, () => {
      expect(parse(UUID)).to.equal(UUID);
      expect(parse(UUID.toUpperCase())).to.equal(UUID);
    });

    it(`of kind ${name} names its field when it is wrong`, () => {
      const field = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
      expect(refusal(() => parse('42')).details).to.deep.equal({ [field]: ['must be a UUID'] });
    });
  }

  const wrong = ['', UUID.slice(1), `${UUID}0`, ` ${UUID}`, `${UUID}\n`, UUID.replaceAll('-', ''), `{${UUID}}`];
  for (const text of [...wrong, UUID.replace('a', 'g'), UUID.replace('0', '０'), 'x'.repeat(50_000)])
    it(`is not ${JSON.stringify(text.slice(0, 45))}`, () => {
      expect(codeOf(() => ids.OrderId(text))).to.equal('VALIDATION_ERROR');
    });
});
