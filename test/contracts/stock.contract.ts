import { expect } from 'chai';

import { UserId, VariantId } from '../../domain/shared/ids.ts';
import { ACT, actAt, aProduct, aStockItem, aVariant, nextId, variantOf } from '../support/builders.ts';
import { addCategory, addProduct } from '../support/stocking.ts';
import { rejectionOf } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

export function stockContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'stock', it => {
    it('gives back a stock item exactly as it was saved', async ({ run }) => {
      const product = aProduct({ categoryId: (await addCategory(run)).snapshot().id });
      const item = aStockItem(variantOf(product), 12, actAt(0, UserId(nextId())));
      item.warnAt(3, actAt(4));
      await run(async ({ products, stock }) => {
        await products.save([product]);
        await stock.save([item]);
      });
      const [found] = await run(({ stock }) => stock.find([variantOf(product)]));
      expect(found?.snapshot()).to.deep.equal(item.snapshot());
      expect(found?.movements()).to.deep.equal([]);
    });

    it('finds those that exist, each once and in order of variant id', async ({ run }) => {
      const product = await addProduct(run, { variants: [aVariant(), aVariant()] });
      const [first, second] = [variantOf(product), product.liveVariants()[1]!.id];
      const found = await run(({ stock }) => stock.find([second, VariantId(nextId()), first, second]));
      expect(found.map(item => item.snapshot().variantId)).to.deep.equal([first, second]);
    });

    it('answers an empty question', async ({ run }) => {
      expect(await run(({ stock }) => stock.find([]))).to.deep.equal([]);
    });

    it('appends what has moved to the ledger, and nothing when nothing has', async ({ run, store }) => {
      const by = UserId(nextId());
      const variantId = variantOf(await addProduct(run, { stock: 10 }));
      await run(async ({ stock }) => {
        const [item] = await stock.find([variantId]);
        item!.adjust(5, 'delivered', actAt(1, by));
        item!.adjust(-2, 'broken', actAt(2, by));
        await stock.save([item!]);
      });
      await run(async ({ stock }) => {
        const [item] = await stock.find([variantId]);
        item!.warnAt(3, ACT);
        await stock.save([item!]);
      });
      const { items } = await store.inventory.ledger(variantId, { limit: 10 });
      const rows = items.map(({ delta, kind, reason, by: who, refId }) => ({ delta, kind, reason, who, refId }));
      expect(rows).to.deep.equal([
        { delta: -2, kind: 'ADJUST', reason: 'broken', who: by, refId: null },
        { delta: 5, kind: 'ADJUST', reason: 'delivered', who: by, refId: null },
        { delta: 10, kind: 'RECEIPT', reason: null, who: null, refId: null },
      ]);
      expect(await store.inventory.find(variantId)).to.include({ onHand: 13, lowStockThreshold: 3, version: 4 });
    });

    it('does not count what was taken back', async ({ run, store }) => {
      const variantId = variantOf(await addProduct(run, { stock: 10 }));
      const failed = run(async ({ stock }) => {
        const [item] = await stock.find([variantId]);
        item!.adjust(5, 'delivered', ACT);
        await stock.save([item!]);
        throw new Error('the lorry turned back');
      });
      await rejectionOf(failed);
      expect((await store.inventory.ledger(variantId, { limit: 10 })).items).to.have.length(1);
      expect((await store.inventory.find(variantId))?.onHand).to.equal(10);
    });

    it('is only kept of variants that exist', async ({ run }) => {
      const failed = run(({ stock }) => stock.save([aStockItem(VariantId(nextId()))]));
      expect(await rejectionOf(failed)).to.be.instanceOf(Error);
    });
  });
}
