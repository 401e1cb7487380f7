import { expect } from 'chai';

import { Sku } from '../../domain/catalog/sku.ts';
import { VariantId } from '../../domain/shared/ids.ts';
import { ACT, actAt, aProduct, aVariant, nextId, usd, variantOf } from '../support/builders.ts';
import { addCategory, addProduct, addReservedOrder } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

export function offersContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'offers', it => {
    it('tells what a variant is, costs and how much of it is left', async ({ run, store }) => {
      const options = [{ name: 'Size', value: 'L' }];
      const product = await addProduct(run, {
        name: 'Leash',
        stock: 10,
        variants: [aVariant({ sku: Sku('LEASH-L'), options, price: usd(1250) }), aVariant()],
      });
      const variantId = variantOf(product);
      await addReservedOrder(run, product, 3);
      const offer = (await store.offers.find([variantId])).get(variantId);
      expect(offer).to.deep.equal({
        variantId,
        productId: product.snapshot().id,
        sku: 'LEASH-L',
        productName: 'Leash',
        variantName: 'L',
        options,
        price: usd(1250),
        available: 7,
      });
      expect(offer?.price.equals(usd(1250))).to.equal(true);
    });

    it('leaves out what cannot be bought', async ({ run, store }) => {
      const sold = await addProduct(run);
      const draft = await addProduct(run, { status: 'draft' });
      const gone = await addProduct(run);
      const half = await addProduct(run, { variants: [aVariant(), aVariant()] });
      const asked = [variantOf(sold), variantOf(draft), variantOf(gone), variantOf(half), VariantId(nextId())];
      gone.delete(ACT);
      half.deleteVariant(variantOf(half), ACT);
      await run(({ products }) => products.save([gone, half]));
      expect([...(await store.offers.find(asked)).keys()]).to.deep.equal([variantOf(sold)]);
    });

    it('offers nothing of a variant that was never stocked', async ({ run, store }) => {
      const product = aProduct({ categoryId: (await addCategory(run)).snapshot().id });
      await run(({ products }) => products.save([product]));
      const offers = await store.offers.find([variantOf(product)]);
      expect(offers.get(variantOf(product))?.available).to.equal(0);
    });

    it('answers an empty question', async ({ store }) => {
      expect((await store.offers.find([])).size).to.equal(0);
    });

    it('sees the price that was just written, inside the same unit of work', async ({ run, store }) => {
      const product = await addProduct(run);
      const variantId = variantOf(product);
      product.changeVariant(variantId, { price: usd(1) }, actAt(1));
      const price = await run(async ({ products, offers }) => {
        await products.save([product]);
        return (await offers.find([variantId])).get(variantId)?.price;
      });
      expect(price).to.deep.equal(usd(1));
      expect((await store.offers.find([variantId])).get(variantId)?.price).to.deep.equal(usd(1));
    });
  });
}
