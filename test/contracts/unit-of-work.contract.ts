import { expect } from 'chai';

import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import { ACT, aUser, variantOf } from '../support/builders.ts';
import { addProduct, addUserId } from '../support/stocking.ts';
import { aGate, aMoment, rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

export function unitOfWorkContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'unit of work', it => {
    it('answers what the work answers', async ({ run }) => {
      expect(await run(async () => 'done')).to.equal('done');
    });

    it('is durable for the next reader once it has resolved', async ({ store, run }) => {
      const user = aUser();
      await run(({ users }) => users.save(user));
      expect(await store.users.find(user.snapshot().id)).to.deep.equal(user.snapshot());
    });

    it('keeps nothing of a unit of work that throws, and lets the error fly on', async ({ store, run, inspect }) => {
      const product = await addProduct(run, { name: 'Before' });
      const user = aUser();
      const trouble = new Error('the till is on fire');
      const failed = run(async collections => {
        const found = (await collections.products.find(product.snapshot().id))!;
        found.change({ name: 'After' }, ACT);
        await collections.products.save([found]);
        await collections.users.save(user);
        await collections.outbox.add([found.updated()]);
        throw trouble;
      });
      expect(await rejectionOf(failed)).to.equal(trouble);
      expect(await store.users.find(user.snapshot().id)).to.equal(undefined);
      expect((await store.catalog.product({ id: product.snapshot().id }))?.name).to.equal('Before');
      expect(await inspect.outbox()).to.deep.equal([]);
    });

    it('is free for the next one after one that threw', async ({ run, store }) => {
      await rejectionOf(
        run(async () => {
          throw new Error('the till is on fire');
        }),
      );
      expect(await store.users.find(await addUserId(run))).not.to.equal(undefined);
    });

    it('sees what it has written itself', async ({ run }) => {
      const user = aUser();
      const found = await run(async ({ users }) => {
        await users.save(user);
        return users.findByEmail(user.snapshot().email);
      });
      expect(found?.snapshot()).to.deep.equal(user.snapshot());
    });

    it('shows queries nothing that is not committed', async ({ run, store }) => {
      const product = await addProduct(run, { name: 'Before' });
      const { id } = product.snapshot();
      const written = aGate();
      const looked = aGate();
      const working = run(async ({ products }) => {
        const found = (await products.find(id))!;
        found.change({ name: 'After' }, ACT);
        await products.save([found]);
        written.open();
        await looked.opened;
      });
      await written.opened;
      const meanwhile = await store.catalog.product({ id });
      looked.open();
      await working;
      expect(meanwhile?.name).to.equal('Before');
      expect((await store.catalog.product({ id }))?.name).to.equal('After');
    });

    it('loses no change when two units of work both add one to the same product', async ({ run, store }) => {
      const product = await addProduct(run, { description: '' });
      const { id } = product.snapshot();
      const addOne = (): Promise<void> =>
        run(async ({ products }) => {
          const found = (await products.find(id))!;
          await aMoment();
          found.change({ description: `${found.snapshot().description}+1` }, ACT);
          await products.save([found]);
        });
      await Promise.all([addOne(), addOne()]);
      const after = await store.catalog.product({ id });
      expect(after?.description).to.equal('+1+1');
      expect(after?.version).to.equal(3);
    });

    it('loses none of twenty deliveries of the same variant', async ({ run, store }) => {
      const variantId = variantOf(await addProduct(run, { stock: 0 }));
      await Promise.all(
        times(20, () =>
          run(async ({ stock }) => {
            const [item] = await stock.find([variantId]);
            item!.adjust(1, 'delivered', ACT);
            await stock.save([item!]);
          }),
        ),
      );
      expect((await store.inventory.find(variantId))?.onHand).to.equal(20);
    });

    it('ends both of two units of work that want the same things in opposite order', async ({ run, store }) => {
      const variants = [variantOf(await addProduct(run)), variantOf(await addProduct(run))];
      const moveBoth = (order: typeof variants): Promise<void> =>
        run(async ({ stock }) => {
          for (const variantId of order) {
            const [item] = await stock.find([variantId]);
            item!.adjust(1, 'delivered', ACT);
            await stock.save([item!]);
            await aMoment();
          }
        });
      await Promise.all([moveBoth(variants), moveBoth(variants.toReversed())]);
      for (const variantId of variants) expect((await store.inventory.find(variantId))?.onHand).to.equal(102);
    });

    it('does not nest', async ({ run, store }) => {
      const user = aUser();
      const nested = run(async ({ users }) => {
        await users.save(user);
        await run(async () => undefined);
      });
      expect(await rejectionOf(nested)).to.be.instanceOf(Error);
      expect(await store.users.find(user.snapshot().id)).to.equal(undefined);
    });

    it('lets nobody call a stranger from inside', async ({ run }) => {
      const calling = run(async () => {
        await aMoment();
        requireOutsideUnitOfWork('payment gateway');
      });
      expect(await rejectionOf(calling))
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.includes('gateway');
      requireOutsideUnitOfWork('payment gateway');
    });

    it('says that it is there', async ({ store }) => {
      expect(await store.ping()).to.equal(undefined);
    });
  });
}
