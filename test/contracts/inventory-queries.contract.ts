import { expect } from 'chai';

import type { InventoryCriteria } from '../../application/ports/inventory-queries.ts';
import type { Store } from '../../application/ports/store.ts';
import { Sku } from '../../domain/catalog/sku.ts';
import { VariantId } from '../../domain/shared/ids.ts';
import { ACT, aProduct, aVariant, nextId, variantOf } from '../support/builders.ts';
import { allPages } from '../support/pages.ts';
import { addCategory, addProduct, addReservedOrder, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const addSku = (run: Run, sku: string, facts: { name?: string; stock?: number } = {}) =>
  addProduct(run, { slug: nextId(), variants: [aVariant({ sku: Sku(sku) })], ...facts });

const skus = async (store: Store, criteria: InventoryCriteria): Promise<string[]> =>
  (await store.inventory.list(criteria, { limit: 100 })).items.map(row => row.sku);

export function inventoryQueriesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'inventory', it => {
    it('shows what there is of a variant', async ({ run, store }) => {
      const product = await addSku(run, 'MUG-1', { name: 'Mug', stock: 10 });
      await addReservedOrder(run, product, 4);
      const [item] = await run(({ stock }) => stock.find([variantOf(product)]));
      const expected = { ...item!.snapshot(), sku: 'MUG-1', name: 'Mug', available: 6 };
      expect(expected).to.include({ onHand: 10, reserved: 4 });
      expect(await store.inventory.find(variantOf(product))).to.deep.equal(expected);
      expect((await store.inventory.list({}, { limit: 5 })).items).to.deep.equal([expected]);
    });

    it('shows nothing of variants that are gone, never stocked or never were', async ({ run, store }) => {
      const product = await addProduct(run, { variants: [aVariant(), aVariant({ sku: Sku('KEPT') })] });
      const gone = await addProduct(run);
      const [goneVariant, goneWithProduct] = [variantOf(product), variantOf(gone)];
      const unstocked = aProduct({ categoryId: (await addCategory(run)).snapshot().id });
      product.deleteVariant(goneVariant, ACT);
      gone.delete(ACT);
      await run(({ products }) => products.save([product, gone, unstocked]));
      for (const id of [goneVariant, goneWithProduct, variantOf(unstocked), VariantId(nextId())])
        expect(await store.inventory.find(id)).to.equal(undefined);
      expect(await skus(store, {})).to.deep.equal(['KEPT']);
    });

    it('finds by variant, SKU, and part of SKU or name', async ({ run, store }) => {
      const mug = await addSku(run, 'MUG-1', { name: 'Crème mug' });
      await addSku(run, 'mug-1', { name: 'Small' });
      await addSku(run, 'BALL', { name: 'Ball 100% rubber' });
      expect(await skus(store, { variantId: variantOf(mug) })).to.deep.equal(['MUG-1']);
      expect(await skus(store, { sku: 'MUG-1' })).to.deep.equal(['MUG-1']);
      expect(await skus(store, { text: 'Mug' })).to.deep.equal(['MUG-1', 'mug-1']);
      expect(await skus(store, { text: 'creme m' })).to.deep.equal(['MUG-1']);
      expect(await skus(store, { text: '%' })).to.deep.equal(['BALL']);
      expect(await skus(store, { text: '_' })).to.deep.equal([]);
      expect(await skus(store, { text: 'mug', sku: 'BALL' })).to.deep.equal([]);
      expect(await skus(store, { variantId: VariantId(nextId()) })).to.deep.equal([]);
    });

    it('finds what is at or below its threshold, counting what is available', async ({ run, store }) => {
      for (const [sku, stock, threshold] of [
        ['ABOVE', 6, 5],
        ['AT', 5, 5],
        ['BELOW', 0, 5],
        ['UNWATCHED', 0, null],
        ['HELD', 6, 5],
      ] as const) {
        const product = await addSku(run, sku, { stock });
        await run(async ({ stock: stockItems }) => {
          const [item] = await stockItems.find([variantOf(product)]);
          item!.warnAt(threshold, ACT);
          await stockItems.save([item!]);
        });
        if (sku === 'HELD') await addReservedOrder(run, product);
      }
      expect(await skus(store, { low: true })).to.deep.equal(['AT', 'BELOW', 'HELD']);
      expect(await skus(store, { low: false })).to.have.length(5);
    });

    it('lists in order of SKU by code points, page by page', async ({ run, store }) => {
      const sorted = ['10', '9', 'B', 'B-1', 'Z', 'a', 'ä', '～', '😀'];
      for (const sku of [3, 7, 0, 8, 5, 2, 6, 4, 1]) await addSku(run, sorted[sku]!);
      const all = await allPages(request => store.inventory.list({}, request), 2);
      expect(all.map(row => row.sku)).to.deep.equal(sorted);
      const second = await store.inventory.list({}, { limit: 4, page: 2 });
      expect(second.items.map(row => row.sku)).to.deep.equal(sorted.slice(4, 8));
      expect(second).to.deep.include({ total: 9, next: { value: '～', id: second.items[3]!.variantId } });
    });

    it('shows the ledger of one variant, the newest first and page by page', async ({ run, store }) => {
      const product = await addProduct(run, { stock: 1, variants: [aVariant(), aVariant()] });
      const variantId = variantOf(product);
      for (const delta of [2, 3, 4, 5])
        await run(async ({ stock }) => {
          const [item] = await stock.find([variantId]);
          item!.adjust(delta, `plus ${delta}`, ACT);
          await stock.save([item!]);
        });
      const rows = await allPages(request => store.inventory.ledger(variantId, request), 2);
      expect(rows.map(row => row.delta)).to.deep.equal([5, 4, 3, 2, 1]);
      expect(new Set(rows.map(row => row.id)).size).to.equal(5);
      expect(rows.every(row => row.variantId === variantId && row.at instanceof Date)).to.equal(true);
      const last = await store.inventory.ledger(variantId, { limit: 2, page: 3 });
      expect(last.items).to.deep.equal(rows.slice(4));
      expect(last).to.deep.include({ total: 5, next: null });
    });

    it('has a ledger that adds up to what is on hand', async ({ run, store }) => {
      const product = await addProduct(run, { stock: 10 });
      const { id } = (await addReservedOrder(run, product, 3)).snapshot();
      const { id: second } = (await addReservedOrder(run, product, 2)).snapshot();
      await run(({ reservations }) => reservations.pin(id));
      await run(({ reservations }) => reservations.consume(id));
      await run(({ reservations }) => reservations.restock(id));
      await run(({ reservations }) => reservations.release(second));
      await run(async ({ stock }) => {
        const [item] = await stock.find([variantOf(product)]);
        item!.countedAs(4, ACT);
        await stock.save([item!]);
      });
      const { items } = await store.inventory.ledger(variantOf(product), { limit: 100 });
      const row = await store.inventory.find(variantOf(product));
      expect(items.reduce((sum, { delta }) => sum + delta, 0)).to.equal(4);
      expect(row).to.include({ onHand: 4, reserved: 0 });
    });

    it('has an empty ledger for what was never stocked', async ({ store }) => {
      const page = await store.inventory.ledger(VariantId(nextId()), { limit: 5 });
      expect(page).to.deep.equal({ items: [], next: null });
    });
  });
}
