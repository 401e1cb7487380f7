import { expect } from 'chai';

import { CategoryId } from '../../domain/shared/ids.ts';
import { aCategory, ACT, actAt, nextId } from '../support/builders.ts';
import { addCategory, addProduct } from '../support/stocking.ts';
import { refusalOf, rejectionOf } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const NOTHING = { products: 0, categories: 0 };

export function categoriesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'categories', it => {
    it('gives back a category exactly as it was saved', async ({ run }) => {
      const parent = aCategory({ name: 'Dogs' });
      const child = aCategory({ name: 'Crème & Öle', slug: 'creme', parentId: parent.snapshot().id });
      child.change({ name: 'Crème' }, actAt(5));
      await run(({ categories }) => categories.save([parent, child]));
      const found = await run(({ categories }) => categories.find(child.snapshot().id));
      expect(found?.snapshot()).to.deep.equal(child.snapshot());
    });

    it('knows nothing of a category that was never there', async ({ run }) => {
      expect(await run(({ categories }) => categories.find(CategoryId(nextId())))).to.equal(undefined);
    });

    it('lists all of them, except those that are gone', async ({ run }) => {
      const kept = await addCategory(run);
      const gone = await addCategory(run);
      gone.delete(NOTHING, ACT);
      await run(({ categories }) => categories.save([gone]));
      const all = await run(({ categories }) => categories.findAll());
      expect(all.map(category => category.snapshot())).to.deep.equal([kept.snapshot()]);
      expect(await run(({ categories }) => categories.find(gone.snapshot().id))).to.equal(undefined);
    });

    it('counts what stands directly in a category, and not what is gone', async ({ run }) => {
      const { id } = (await addCategory(run)).snapshot();
      const child = await addCategory(run, { parentId: id });
      const goneChild = await addCategory(run, { parentId: id });
      await addCategory(run, { parentId: child.snapshot().id });
      await addProduct(run, { categoryId: id });
      await addProduct(run, { categoryId: id, status: 'draft' });
      await addProduct(run, { categoryId: child.snapshot().id });
      const goneProduct = await addProduct(run, { categoryId: id });
      goneProduct.delete(ACT);
      goneChild.delete(NOTHING, ACT);
      const contents = await run(async ({ categories, products }) => {
        await products.save([goneProduct]);
        await categories.save([goneChild]);
        return categories.contents(id);
      });
      expect(contents).to.deep.equal({ products: 2, categories: 1 });
    });

    it('moves a category under another one', async ({ run }) => {
      const parent = await addCategory(run);
      const child = await addCategory(run);
      child.moveUnder([parent.snapshot().id], ACT);
      await run(({ categories }) => categories.save([child]));
      const contents = await run(({ categories }) => categories.contents(parent.snapshot().id));
      expect(contents).to.deep.equal({ products: 0, categories: 1 });
    });

    it('has no two live categories of one slug', async ({ run }) => {
      await addCategory(run, { slug: 'dogs' });
      const refused = await refusalOf(addCategory(run, { slug: 'dogs' }));
      expect(refused.code).to.equal('SLUG_TAKEN');
    });

    it('keeps its own slug when it is saved again', async ({ run }) => {
      const category = await addCategory(run, { slug: 'dogs' });
      category.change({ name: 'All for dogs' }, ACT);
      await run(({ categories }) => categories.save([category]));
      const found = await run(({ categories }) => categories.find(category.snapshot().id));
      expect(found?.snapshot()).to.include({ name: 'All for dogs', slug: 'dogs', version: 2 });
    });

    it('gives the slug of a deleted category away', async ({ run }) => {
      const gone = await addCategory(run, { slug: 'dogs' });
      gone.delete(NOTHING, ACT);
      await run(({ categories }) => categories.save([gone]));
      const heir = await addCategory(run, { slug: 'dogs' });
      expect((await run(({ categories }) => categories.findAll())).map(one => one.snapshot().id)).to.deep.equal([
        heir.snapshot().id,
      ]);
    });

    it('does not hang a category under one that does not exist', async ({ run }) => {
      const orphan = addCategory(run, { parentId: CategoryId(nextId()) });
      expect(await rejectionOf(orphan)).to.be.instanceOf(Error);
    });
  });
}
