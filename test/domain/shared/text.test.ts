import { expect } from 'chai';
import * as fc from 'fast-check';
import { fold, slugify } from '../../../domain/shared/text.ts';
import { quickest } from '../../support/timing.ts';

const texts = fc.string({ unit: 'binary', maxLength: 60 });

describe('Folding a text', () => {
  it('forgets case, accents, width and the space around', () => {
    for (const text of [' Crème Brûlée ', 'CREME BRULEE', 'Ｃｒｅｍｅ Brulee', 'cre\u0300me bru\u0302le\u0301e'])
      expect(fold(text)).to.equal('creme brulee');
  });

  it('keeps other scripts readable', () => {
    expect([fold('Собака'), fold('ネコ'), fold('İstanbul'), fold('ﬁsh №1')]).to.deep.equal([
      'собака',
      'ネコ',
      'istanbul',
      'fish no1',
    ]);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(texts, text => {
        expect(fold(fold(text))).to.equal(fold(text));
      }),
    );
  });

  it('takes a long run of accents in its stride', () => {
    const marks = `e${'\u0301\u0316'.repeat(25_000)}`;
    expect(fold(marks)).to.equal('e');
    expect(quickest(() => fold(marks))).to.be.below(50);
  });
});

describe('A slug', () => {
  it('is made of the words of a name', () => {
    expect(slugify('  Rope Leash — Blue/L (2 m)  ')).to.equal('rope-leash-blue-l-2-m');
    expect(slugify('Crème Brûlée 100%')).to.equal('creme-brulee-100');
  });

  it('is empty when nothing can be kept', () => {
    expect([slugify(''), slugify('犬'), slugify('—!—')]).to.deep.equal(['', '', '']);
  });

  it('does not end in a hyphen where it is cut', () => {
    expect(slugify(`${'a'.repeat(99)} b`)).to.equal('a'.repeat(99));
    expect(slugify('a'.repeat(300))).to.have.lengthOf(100);
  });

  it('fits into an address, whatever the name', () => {
    fc.assert(
      fc.property(texts, text => {
        expect(slugify(text)).to.match(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$/);
        expect(slugify(text).length).to.be.at.most(100);
        expect(slugify(slugify(text))).to.equal(slugify(text));
      }),
    );
  });

  it('is made quickly of 50 kB of anything', () => {
    for (const text of ['a'.repeat(50_000), '-'.repeat(50_000), ' '.repeat(50_000), 'a-'.repeat(25_000)])
      expect(quickest(() => slugify(text))).to.be.below(50);
  });
});
