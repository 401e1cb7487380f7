import { expect } from 'chai';
import type { SearchChange } from '../../application/ports/search-changes.ts';
import { ProductId } from '../../domain/shared/ids.ts';
import { nextId, variantOf } from '../support/builders.ts';
import { addProduct, type Run } from '../support/stocking.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const claim = (run: Run, limit = 10) => run(({ searchChanges }) => searchChanges.claim(limit, 30));
const note = (run: Run, ...products: readonly ProductId[]) =>
  run(({ searchChanges }) => searchChanges.note({ products }));
const settle = (run: Run, changes: readonly SearchChange[]) =>
  run(({ searchChanges }) => searchChanges.settle(changes));

const addId = async (run: Run): Promise<ProductId> => (await addProduct(run)).snapshot().id;

export function searchChangesContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'search changes', it => {
    it('hands each product out once, however often it has changed, and to one at a time', async ({ run, inspect }) => {
      const id = await addId(run);
      await note(run, id);
      await note(run, id, id);
      const [change, ...others] = await claim(run);
      expect(change).to.have.property('productId', id);
      expect(others).to.deep.equal([]);
      expect(await claim(run)).to.deep.equal([]);
      await inspect.age(31);
      expect(await claim(run)).to.deep.equal([change]);
    });

    it('keeps what has changed again since it was claimed', async ({ run, inspect }) => {
      const id = await addId(run);
      await note(run, id);
      const first = await claim(run);
      await note(run, id);
      await settle(run, first);
      const second = await claim(run);
      expect(second).to.have.length(1);
      expect(second[0]!.version).to.be.greaterThan(first[0]!.version);
      await settle(run, second);
      await inspect.age(31);
      expect(await claim(run)).to.deep.equal([]);
    });

    it('goes on counting after a product was settled', async ({ run }) => {
      const id = await addId(run);
      await note(run, id);
      const first = await claim(run);
      await settle(run, first);
      await note(run, id);
      expect((await claim(run))[0]!.version).to.be.greaterThan(first[0]!.version);
    });

    it('knows the product of a variant, and passes over what nobody knows', async ({ run }) => {
      const product = await addProduct(run);
      await run(({ searchChanges }) => searchChanges.note({ variants: [variantOf(product), variantOf(product)] }));
      await note(run, ProductId(nextId()));
      expect((await claim(run)).map(({ productId }) => productId)).to.deep.equal([product.snapshot().id]);
    });

    it('notes a product that was deleted', async ({ run }) => {
      const product = await addProduct(run);
      product.delete({ at: new Date(0), by: null });
      await run(({ products }) => products.save([product]));
      await note(run, product.snapshot().id);
      expect(await claim(run)).to.have.length(1);
    });

    it('hands out no more than is asked for', async ({ run }) => {
      await note(run, await addId(run), await addId(run), await addId(run));
      expect(await claim(run, 2)).to.have.length(2);
      expect(await claim(run, 2)).to.have.length(1);
    });

    it('notes again what was noted since a time, and nothing before', async ({ run, inspect }) => {
      const [before, after] = [await addId(run), await addId(run)];
      await note(run, before);
      await settle(run, await claim(run));
      await inspect.age(60);
      const time = await run(({ searchChanges }) => searchChanges.now());
      await note(run, after);
      await settle(run, await claim(run));
      await run(({ searchChanges }) => searchChanges.noteAgain(time));
      expect((await claim(run)).map(({ productId }) => productId)).to.deep.equal([after]);
    });

    it('forgets a note when the unit of work fails', async ({ run }) => {
      const id = await addId(run);
      const failing = run(async ({ searchChanges }) => {
        await searchChanges.note({ products: [id] });
        throw new Error('It fails.');
      });
      expect(await failing.catch((error: Error) => error.message)).to.equal('It fails.');
      expect(await claim(run)).to.deep.equal([]);
    });
  });
}
