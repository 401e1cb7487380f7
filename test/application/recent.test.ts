import { expect } from 'chai';
import { Recent } from '../../application/recent.ts';

describe('What is remembered of late', () => {
  it('are at least the last so many, and never more than twice as many', () => {
    const recent = new Recent<number>(10);
    for (let n = 0; n < 1000; n += 1) {
      recent.set(`key-${n}`, n);
      for (let m = Math.max(0, n - 9); m <= n; m += 1) expect(recent.get(`key-${m}`)).to.equal(m);
    }
    const known = Array.from({ length: 1000 }, (_, n) => recent.get(`key-${n}`)).filter(value => value !== undefined);
    expect(known.length).to.be.within(10, 20);
  });

  it('is what is asked for again and again, however much else comes', () => {
    const recent = new Recent<string>(10);
    recent.set('favourite', 'still here');
    for (let n = 0; n < 1000; n += 1) {
      recent.set(`key-${n}`, 'passing');
      expect(recent.get('favourite')).to.equal('still here');
    }
  });
});
