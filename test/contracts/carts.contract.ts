import { expect } from 'chai';

import type { Cart } from '../../domain/cart/cart.ts';
import { CartId, UserId } from '../../domain/shared/ids.ts';
import { aCart, ACT, actAt, aVariant, nextId, usd, variantOf } from '../support/builders.ts';
import { addProduct, addUserId, type Run } from '../support/stocking.ts';
import { rejectionOf, times } from '../support/waiting.ts';
import type { StoreHarness } from './store-harness.ts';
import { mochaApi, storeSuite, type SuiteApi } from './suite-api.ts';

const save = async (run: Run, cart: Cart): Promise<Cart> => {
  await run(({ carts }) => carts.save(cart));
  return cart;
};

const findOrOpen = (run: Run, userId: UserId): Promise<Cart> =>
  run(({ carts }) => carts.findOrOpen(userId, aCart({ userId })));

export function cartsContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  storeSuite(harness, api, 'carts', it => {
    it('gives back a cart exactly as it was saved, its lines in order', async ({ run, store }) => {
      const product = await addProduct(run, { variants: [aVariant(), aVariant(), aVariant()] });
      const [first, second, third] = product.liveVariants().map(variant => variant.id);
      const userId = await addUserId(run);
      const cart = aCart({ userId });
      cart.add(third!, 999, usd(2999), actAt(1, userId));
      cart.add(first!, 1, usd(0), actAt(2, userId));
      await save(run, cart);
      cart.add(second!, 2, usd(500), actAt(3, userId));
      cart.remove(third!, actAt(4, userId));
      cart.add(third!, 4, usd(2998), actAt(5, userId));
      await save(run, cart);
      const found = await run(({ carts }) => carts.find(cart.snapshot().id));
      expect(found?.snapshot()).to.deep.equal(cart.snapshot());
      expect(await store.carts.openOf(userId)).to.deep.equal(cart.snapshot());
    });

    it('knows nothing of a cart that was never there', async ({ run, store }) => {
      const found = await run(async ({ carts }) => [
        await carts.find(CartId(nextId())),
        await carts.findByToken('nobody'),
        await carts.findOpenOf(UserId(nextId())),
        await carts.findLastConvertedOf(UserId(nextId())),
      ]);
      expect(found).to.deep.equal(times(4, () => undefined));
      expect(await store.carts.byToken('nobody')).to.equal(undefined);
      expect(await store.carts.openOf(UserId(nextId()))).to.equal(undefined);
    });

    it("finds a guest's cart by its token, whatever its status", async ({ run, store }) => {
      const product = await addProduct(run);
      const cart = aCart({ tokenHash: 'token-1', lines: [{ variantId: variantOf(product), quantity: 1 }] });
      await save(run, cart);
      expect((await run(({ carts }) => carts.findByToken('token-1')))?.snapshot()).to.deep.equal(cart.snapshot());
      cart.convert(ACT);
      await save(run, cart);
      expect((await run(({ carts }) => carts.findByToken('token-1')))?.snapshot()).to.deep.equal(cart.snapshot());
      expect(await store.carts.byToken('token-1')).to.deep.equal(cart.snapshot());
    });

    it('lets no two carts share a token', async ({ run }) => {
      await save(run, aCart({ tokenHash: 'token-1' }));
      expect(await rejectionOf(save(run, aCart({ tokenHash: 'token-1' })))).to.be.instanceOf(Error);
    });

    it('opens a cart for a customer who has none, and finds it again', async ({ run, store }) => {
      const userId = await addUserId(run);
      const opened = await findOrOpen(run, userId);
      const again = await findOrOpen(run, userId);
      expect(again.snapshot()).to.deep.equal(opened.snapshot());
      expect(await store.carts.openOf(userId)).to.deep.equal(opened.snapshot());
    });

    it('gives one cart to a customer who asks twenty times at once', async ({ run }) => {
      const userId = await addUserId(run);
      const carts = await Promise.all(times(20, () => findOrOpen(run, userId)));
      expect(new Set(carts.map(cart => cart.snapshot().id)).size).to.equal(1);
    });

    it('loses no line when ten are added to a new cart at once', async ({ run, store }) => {
      const userId = await addUserId(run);
      const product = await addProduct(run, { variants: times(10, () => aVariant()) });
      await Promise.all(
        product.liveVariants().map(variant =>
          run(async ({ carts }) => {
            const cart = await carts.findOrOpen(userId, aCart({ userId }));
            cart.add(variant.id, 1, variant.price, ACT);
            await carts.save(cart);
          }),
        ),
      );
      expect((await store.carts.openOf(userId))?.lines).to.have.length(10);
    });

    it('never keeps two open carts of one customer', async ({ run, store }) => {
      const userId = await addUserId(run);
      const first = await findOrOpen(run, userId);
      expect(await rejectionOf(save(run, aCart({ userId })))).to.be.instanceOf(Error);
      expect((await store.carts.openOf(userId))?.id).to.equal(first.snapshot().id);
    });

    it('has no open cart after a checkout, until the next one is opened', async ({ run, store }) => {
      const userId = await addUserId(run);
      const lines = [{ variantId: variantOf(await addProduct(run)), quantity: 1 }];
      const cart = await save(run, aCart({ userId, lines }));
      cart.convert(ACT);
      await save(run, cart);
      expect(await store.carts.openOf(userId)).to.equal(undefined);
      expect(await run(({ carts }) => carts.findOpenOf(userId))).to.equal(undefined);
      const next = await findOrOpen(run, userId);
      expect(next.snapshot().id).not.to.equal(cart.snapshot().id);
    });

    it('finds the cart that was checked out last', async ({ run }) => {
      const userId = await addUserId(run);
      const lines = [{ variantId: variantOf(await addProduct(run)), quantity: 1 }];
      const carts = times(3, () => aCart({ userId, lines }));
      for (const [seconds, index] of [
        [10, 0],
        [30, 2],
        [20, 1],
      ] as const) {
        carts[index]!.convert(actAt(seconds));
        await save(run, carts[index]!);
      }
      await findOrOpen(run, userId);
      const last = await run(collections => collections.carts.findLastConvertedOf(userId));
      expect(last?.snapshot()).to.deep.equal(carts[2]!.snapshot());
    });

    it('opens a cart again whose order came to nothing', async ({ run, store }) => {
      const userId = await addUserId(run);
      const lines = [{ variantId: variantOf(await addProduct(run)), quantity: 1 }];
      const cart = aCart({ userId, lines });
      cart.convert(ACT);
      await save(run, cart);
      cart.reopen(ACT);
      await save(run, cart);
      expect(await store.carts.openOf(userId)).to.deep.equal(cart.snapshot());
      expect(await run(({ carts }) => carts.findLastConvertedOf(userId))).to.equal(undefined);
    });

    it('belongs to a customer who exists', async ({ run }) => {
      expect(await rejectionOf(save(run, aCart({ userId: UserId(nextId()) })))).to.be.instanceOf(Error);
    });
  });
}
