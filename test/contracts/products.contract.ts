import { expect } from 'chai';

import type { Product } from '../../domain/catalog/product.ts';
import { Sku } from '../../domain/catalog/sku.ts';
import { Currency } from '../../domain/shared/currency.ts';
import { CategoryId, ProductId, UserId, VariantId } from '../../domain/shared/ids.ts';
import { LARGEST_PRICE, Money } from '../../domain/shared/money.ts';
import { ACT, actAt, aProduct, aVariant, nextId, skuOf, usd, variantOf } from '../support/builders.ts';
import { addCategory, addProduct, type Run } from '../support/stocking.ts';
import { aMoment, refusalOf, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const save = (run: Run, ...products: Product[]): Promise<void> =>
  run(collections => collections.products.save(products));
const reload = (run: Run, { snapshot }: { snapshot: ReturnType<Product['snapshot']> }): Promise<Product | undefined> =>
  run(({ products }) => products.find(snapshot.id));

export function productsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'products', it => {
    it('gives back a product exactly as it was saved', async ({ run }) => {
      const somebody = UserId(nextId());
      const categoryId = (await addCategory(run)).snapshot().id;
      const product = aProduct(
        {
          name: 'Rope Leash — "Crème"',
          slug: 'rope-leash',
          description: '<p>Two metres, 100 %</p>\n',
          categoryId,
          vendor: "Marrow & Sons'",
          tags: ['dogs', 'walk, run', 'ropé "x"'],
          status: 'draft',
          images: [{ src: 'https://example.com/a.jpg', alt: 'A leash' }],
          variants: [
            aVariant({
              options: [
                { name: 'Colour', value: 'Blue' },
                { name: 'Size', value: 'L' },
              ],
              price: usd(LARGEST_PRICE),
              compareAtPrice: usd(0),
              barcode: '4006381333931',
              grams: 250,
              sku: Sku('ROPE/blue L'),
            }),
            aVariant({ name: 'Red', price: usd(1500) }),
            aVariant({ name: 'Green' }),
          ],
        },
        actAt(0, somebody),
      );
      product.deleteVariant(product.snapshot().variants[1]!.id, actAt(7));
      product.changeVariant(product.snapshot().variants[2]!.id, { price: usd(1) }, actAt(9, somebody));
      await save(run, product);
      const found = await reload(run, { snapshot: product.snapshot() });
      expect(found?.snapshot()).to.deep.equal(product.snapshot());
      expect(found?.snapshot().variants[0]!.price.equals(usd(LARGEST_PRICE))).to.equal(true);
    });

    it('gives back prices in the currency that they are in', async ({ run }) => {
      const yen = Money.of(1500, Currency('JPY'));
      const product = await addProduct(run, { variants: [aVariant({ price: yen, compareAtPrice: yen.times(2) })] });
      const found = await reload(run, { snapshot: product.snapshot() });
      expect(found?.snapshot()).to.deep.equal(product.snapshot());
      expect(found?.liveVariants()[0]!.price.equals(yen)).to.equal(true);
    });

    it('replaces a product that was saved before', async ({ run }) => {
      const product = await addProduct(run, { name: 'Old', variants: [aVariant(), aVariant()] });
      product.change({ name: 'New', tags: ['new'], images: [] }, actAt(5));
      product.addVariants([aVariant({ name: 'Third' })], actAt(6));
      await save(run, product);
      const found = await reload(run, { snapshot: product.snapshot() });
      expect(found?.snapshot()).to.deep.equal(product.snapshot());
    });

    it('knows nothing of a product that was never there', async ({ run }) => {
      const found = await run(async ({ products }) => [
        await products.find(ProductId(nextId())),
        await products.findByVariant(VariantId(nextId())),
      ]);
      expect(found).to.deep.equal([undefined, undefined]);
    });

    it('finds a product by each of its variants', async ({ run }) => {
      const product = await addProduct(run, { variants: [aVariant(), aVariant()] });
      await addProduct(run);
      for (const { id } of product.liveVariants()) {
        const found = await run(({ products }) => products.findByVariant(id));
        expect(found?.snapshot().id).to.equal(product.snapshot().id);
      }
    });

    it('finds products by their slugs, each once and in order of id', async ({ run }) => {
      const first = await addProduct(run, { slug: 'zebra' });
      const second = await addProduct(run, { slug: 'ant' });
      await addProduct(run, { slug: 'bee' });
      const found = await run(({ products }) => products.findBySlugs(['ant', 'zebra', 'nobody', 'ant']));
      expect(found.map(product => product.snapshot())).to.deep.equal([first.snapshot(), second.snapshot()]);
    });

    it('tells whose SKUs these are', async ({ run }) => {
      const product = await addProduct(run, { variants: [aVariant({ sku: Sku('A') }), aVariant({ sku: Sku('a') })] });
      const other = await addProduct(run, { variants: [aVariant({ sku: Sku('B') })] });
      const owners = await run(({ products }) => products.ownersOf([Sku('A'), Sku('B'), Sku('b'), Sku('a')]));
      expect([...owners]).to.have.deep.members([
        ['A', product.snapshot().id],
        ['B', other.snapshot().id],
        ['a', product.snapshot().id],
      ]);
    });

    it('has forgotten a product that was deleted', async ({ run }) => {
      const product = await addProduct(run, { slug: 'gone' });
      const [variantId, sku] = [variantOf(product), skuOf(product)];
      product.delete(ACT);
      await save(run, product);
      const found = await run(async ({ products }) => ({
        byId: await products.find(product.snapshot().id),
        byVariant: await products.findByVariant(variantId),
        bySlug: await products.findBySlugs(['gone']),
        owners: [...(await products.ownersOf([sku]))],
      }));
      expect(found).to.deep.equal({ byId: undefined, byVariant: undefined, bySlug: [], owners: [] });
    });

    it('has no two live variants of one SKU', async ({ run }) => {
      await addProduct(run, { variants: [aVariant({ sku: Sku('MUG-1') })] });
      const refused = await refusalOf(addProduct(run, { variants: [aVariant(), aVariant({ sku: Sku('MUG-1') })] }));
      expect(refused).to.include({ code: 'SKU_TAKEN', kind: 'conflict' });
      expect(refused.details).to.deep.include({ sku: 'MUG-1' });
    });

    it('has no two variants of one SKU within a product either', async ({ run }) => {
      const twice = [aVariant({ sku: Sku('MUG-1') }), aVariant({ sku: Sku('MUG-1') })];
      const refused = await refusalOf(addProduct(run, { variants: twice }));
      expect(refused.code).to.equal('SKU_TAKEN');
      expect(refused.details).to.deep.include({ sku: 'MUG-1' });
    });

    it('lets the SKU of a deleted variant be used again, even in the same save', async ({ run }) => {
      const product = await addProduct(run, { variants: [aVariant(), aVariant({ sku: Sku('MUG-1') })] });
      product.deleteVariant(product.liveVariants()[1]!.id, ACT);
      product.addVariants([aVariant({ sku: Sku('MUG-1') })], ACT);
      await save(run, product);
      const found = await reload(run, { snapshot: product.snapshot() });
      expect(found?.snapshot()).to.deep.equal(product.snapshot());
    });

    it('lets the SKU and the slug of a deleted product be used again', async ({ run }) => {
      const gone = await addProduct(run, { slug: 'mug', variants: [aVariant({ sku: Sku('MUG-1') })] });
      gone.delete(ACT);
      await save(run, gone);
      const heir = await addProduct(run, { slug: 'mug', variants: [aVariant({ sku: Sku('MUG-1') })] });
      const owners = await run(({ products }) => products.ownersOf([Sku('MUG-1')]));
      expect(owners.get(Sku('MUG-1'))).to.equal(heir.snapshot().id);
    });

    it('has no two live products of one slug', async ({ run }) => {
      await addProduct(run, { slug: 'mug' });
      expect(await refusalOf(addProduct(run, { slug: 'mug' }))).to.include({ code: 'SLUG_TAKEN', kind: 'conflict' });
    });

    it('gives a SKU to one of ten products that race for it', async ({ run }) => {
      const categoryId = (await addCategory(run)).snapshot().id;
      const racing = times(10, () => aProduct({ categoryId, variants: [aVariant({ sku: Sku('MUG-1') })] }));
      const results = await Promise.allSettled(racing.map(product => save(run, product)));
      const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []));
      expect(refusals).to.deep.equal(times(9, () => 'SKU_TAKEN'));
    });

    it('saves several at once, or none', async ({ run }) => {
      const categoryId = (await addCategory(run)).snapshot().id;
      const good = times(3, () => aProduct({ categoryId }));
      await save(run, ...good);
      const better = aProduct({ categoryId });
      const worse = aProduct({ categoryId, slug: good[0]!.snapshot().slug });
      await refusalOf(save(run, better, worse));
      const ids = await Promise.all([...good, better].map(product => reload(run, { snapshot: product.snapshot() })));
      expect(ids.map(product => product !== undefined)).to.deep.equal([true, true, true, false]);
    });

    it('needs a category that exists', async ({ run }) => {
      const refused = await refusalOf(addProduct(run, { categoryId: CategoryId(nextId()) }));
      expect(refused.code).to.equal('VALIDATION_ERROR');
      expect(refused.details).to.have.all.keys('category_id');
    });

    it('cannot be put into a category that is gone', async ({ run }) => {
      const category = await addCategory(run);
      category.delete({ products: 0, categories: 0 }, ACT);
      await run(({ categories }) => categories.save([category]));
      const refused = await refusalOf(addProduct(run, { categoryId: category.snapshot().id }));
      expect(refused.details).to.have.all.keys('category_id');
    });

    it('never stands in a category that is taken away at the same moment', async ({ run }) => {
      for (const productFirst of [true, false]) {
        const { id } = (await addCategory(run)).snapshot();
        const takeAway = (): Promise<void> =>
          run(async ({ categories }) => {
            const category = (await categories.find(id))!;
            const contents = await categories.contents(id);
            await aMoment();
            category.delete(contents, ACT);
            await categories.save([category]);
          });
        const putIn = (): Promise<void> =>
          run(async ({ products }) => {
            await products.save([aProduct({ categoryId: id })]);
            await aMoment();
          });
        const racing = productFirst ? [putIn(), takeAway()] : [takeAway(), putIn()];
        const results = await Promise.allSettled(racing);
        const refusals = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []));
        expect(refusals).to.have.length(1);
        expect(refusals[0]).to.be.oneOf(['CATEGORY_NOT_EMPTY', 'VALIDATION_ERROR']);
      }
    });

    it('does not let two products meet in one variant', async ({ run }) => {
      const product = await addProduct(run);
      const thief = addProduct(run, { variants: [aVariant({ id: variantOf(product), sku: Sku('OTHER') })] });
      expect(await rejectionOf(thief)).to.be.instanceOf(Error);
    });
  });
}
