import { expect } from 'chai';
import { Category } from '../../../domain/catalog/category.ts';
import { CategoryId, UserId } from '../../../domain/shared/ids.ts';
import { ACT, actAt, aCategory } from '../../support/builders.ts';
import { refusal } from '../../support/refusing.ts';

const PETS = CategoryId('019cae1f-f000-7000-8000-0000000000a1');
const DOGS = CategoryId('019cae1f-f000-7000-8000-0000000000a2');
const TOYS = CategoryId('019cae1f-f000-7000-8000-0000000000a3');
const act = actAt(60, UserId('019cae1f-f000-7000-8000-0000000000aa'));

describe('A shelf', () => {
  it('gets its slug from its name, or from its id when nothing is left of that', () => {
    const slugOf = (name: string) => Category.create({ id: DOGS, name, parentId: null }, ACT).snapshot().slug;
    expect(slugOf('Dogs & Puppies')).to.equal('dogs-puppies');
    expect(slugOf('犬')).to.equal(DOGS);
    expect(aCategory({ slug: 'own' }).snapshot().slug).to.equal('own');
  });

  it('is renamed without moving', () => {
    const dogs = aCategory({ id: DOGS, parentId: PETS, slug: 'dogs' });
    dogs.change({ name: 'Hounds' }, act);
    expect(dogs.snapshot()).to.include({ name: 'Hounds', slug: 'dogs', parentId: PETS, version: 2 });
  });

  it('moves under another one, or to the top', () => {
    const toys = aCategory({ id: TOYS });
    toys.moveUnder([DOGS, PETS], act);
    expect(toys.snapshot()).to.include({ parentId: DOGS, version: 2 });
    toys.moveUnder([], act);
    expect(toys.snapshot()).to.include({ parentId: null, version: 3 });
  });

  it('never stands on itself, however far below', () => {
    for (const ancestors of [[PETS], [DOGS, PETS], [TOYS, DOGS, PETS]]) {
      const pets = aCategory({ id: PETS });
      const { code, details } = refusal(() => pets.moveUnder(ancestors, act));
      expect(code).to.equal('VALIDATION_ERROR');
      expect(details).to.have.all.keys('parent_id');
      expect(pets.snapshot()).to.include({ parentId: null, version: 1 });
    }
  });

  it('is taken down only when it is empty', () => {
    for (const contents of [
      { products: 1, categories: 0 },
      { products: 0, categories: 1 },
    ]) {
      const dogs = aCategory({ id: DOGS });
      const { kind, code, details } = refusal(() => dogs.delete(contents, act));
      expect({ kind, code, details }).to.deep.equal({
        kind: 'conflict',
        code: 'CATEGORY_NOT_EMPTY',
        details: contents,
      });
      expect(dogs.snapshot().deletedAt).to.equal(null);
    }
    const dogs = Category.restore(aCategory({ id: DOGS }).snapshot());
    dogs.delete({ products: 0, categories: 0 }, act);
    expect(dogs.snapshot()).to.deep.include({ deletedAt: act.at, version: 2 });
  });
});
