import { expect } from 'chai';

import type { ProductView } from '../../application/ports/catalog-queries.ts';
import { Sku } from '../../domain/catalog/sku.ts';
import { CategoryId, ProductId } from '../../domain/shared/ids.ts';
import { aCategory, ACT, actAt, aProduct, aStockItem, aVariant, nextId, usd } from '../support/builders.ts';
import { addCategory, addProduct, addReservedOrder } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const collect = async (views: AsyncIterable<ProductView>): Promise<ProductView[]> => {
  const all: ProductView[] = [];
  for await (const view of views) all.push(view);
  return all;
};

/** Single products, the categories and the export; searching has a suite of its own. */
export function catalogQueriesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'catalogue', it => {
    it('shows a product with what there is of each variant, and no deleted variants', async ({ run, store }) => {
      const product = await addProduct(run, {
        slug: 'leash',
        stock: 10,
        variants: [aVariant({ sku: Sku('L-1') }), aVariant(), aVariant({ sku: Sku('L-3') })],
      });
      await addReservedOrder(run, product, 4);
      product.deleteVariant(product.liveVariants()[1]!.id, actAt(5));
      await run(({ products }) => products.save([product]));
      const { variants, ...facts } = product.snapshot();
      const expected = {
        ...facts,
        variants: [
          { ...variants[0]!, onHand: 10, reserved: 4, available: 6 },
          { ...variants[2]!, onHand: 10, reserved: 0, available: 10 },
        ],
      };
      expect(await store.catalog.product({ id: facts.id })).to.deep.equal(expected);
      expect(await store.catalog.product({ slug: 'leash' })).to.deep.equal(expected);
    });

    it('shows a variant that was never stocked as sold out', async ({ run, store }) => {
      const product = aProduct({ categoryId: (await addCategory(run)).snapshot().id });
      await run(({ products }) => products.save([product]));
      const view = await store.catalog.product({ id: product.snapshot().id });
      expect(view?.variants[0]).to.include({ onHand: 0, reserved: 0, available: 0 });
    });

    it('shows drafts only to those who ask for what is hidden', async ({ run, store }) => {
      const { id } = (await addProduct(run, { status: 'draft', slug: 'draft' })).snapshot();
      for (const by of [{ id }, { slug: 'draft' }]) {
        expect(await store.catalog.product(by)).to.equal(undefined);
        expect(await store.catalog.product(by, { hidden: false })).to.equal(undefined);
        expect((await store.catalog.product(by, { hidden: true }))?.id).to.equal(id);
      }
    });

    it('shows nobody what is gone or never was', async ({ run, store }) => {
      const product = await addProduct(run, { slug: 'gone' });
      product.delete(ACT);
      await run(({ products }) => products.save([product]));
      for (const by of [
        { id: product.snapshot().id },
        { slug: 'gone' },
        { id: ProductId(nextId()) },
        { slug: 'nobody' },
      ])
        expect(await store.catalog.product(by, { hidden: true })).to.equal(undefined);
    });

    it('lists the categories by folded name, except those that are gone', async ({ run, store }) => {
      const made = ['Öle', 'cats', 'Dogs', 'Zebras', 'birds'].map(name => aCategory({ name }));
      made[3]!.delete({ products: 0, categories: 0 }, ACT);
      await run(({ categories }) => categories.save(made));
      const listed = await store.catalog.categories();
      expect(listed.map(category => category.name)).to.deep.equal(['birds', 'cats', 'Dogs', 'Öle']);
      expect(listed[2]).to.deep.equal(made[2]!.snapshot());
    });

    it('hands out every product in order of slug, drafts too, but nothing that is gone', async ({ run, store }) => {
      const gone = await addProduct(run, { slug: 'b-gone' });
      gone.delete(ACT);
      await run(({ products }) => products.save([gone]));
      for (const slug of ['b-2', 'b-10', 'ab', 'a-z', 'a', 'b1']) await addProduct(run, { slug });
      await addProduct(run, { slug: 'c', status: 'draft', variants: [aVariant(), aVariant()], stock: 3 });
      const all = await collect(store.catalog.all());
      expect(all.map(view => view.slug)).to.deep.equal(['a', 'a-z', 'ab', 'b-10', 'b-2', 'b1', 'c']);
      expect(all.at(-1)?.variants.map(variant => variant.available)).to.deep.equal([3, 3]);
      expect(all.at(-1)).to.deep.equal(await store.catalog.product({ slug: 'c' }, { hidden: true }));
    });

    it('hands out more products than any page holds', async ({ run, store }) => {
      const categoryId = CategoryId((await addCategory(run)).snapshot().id);
      const many = Array.from({ length: 251 }, (_, index) =>
        aProduct({ categoryId, slug: `p-${String(index).padStart(4, '0')}`, variants: [aVariant({ price: usd(1) })] }),
      );
      await run(async ({ products, stock }) => {
        await products.save(many);
        await stock.save(many.flatMap(product => product.liveVariants().map(variant => aStockItem(variant.id, 1))));
      });
      const slugs = (await collect(store.catalog.all())).map(view => view.slug);
      expect(slugs).to.deep.equal(many.map(product => product.snapshot().slug));
    });
  });
}
