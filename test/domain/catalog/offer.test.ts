import { expect } from 'chai';
import { offerName } from '../../../domain/catalog/offer.ts';
import { anOffer } from '../../support/builders.ts';

describe('A line of a cart, an order or a mail', () => {
  it('is called by the product alone when there is nothing to choose', () => {
    expect(offerName(anOffer({ productName: 'Mug' }))).to.equal('Mug');
  });

  it('tells which variant it is when there is', () => {
    const options = [{ name: 'Colour', value: 'Blue' }];
    expect(offerName(anOffer({ productName: 'Leash', variantName: 'Blue', options }))).to.equal('Leash (Blue)');
    expect(offerName(anOffer({ productName: 'Leash', variantName: '2 m' }))).to.equal('Leash (2 m)');
    expect(offerName(anOffer({ productName: 'Leash', variantName: 'Default', options }))).to.equal('Leash (Default)');
  });
});
