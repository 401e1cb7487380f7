import { expect } from 'chai';
import { StockItem } from '../../../domain/inventory/stock-item.ts';
import { variantOf } from '../../support/builders.ts';
import { captureByHand, type CheckoutShop, HOLD_SECONDS, openCheckoutShop } from '../../support/checkout-shop.ts';

/** An order that expired, whose void the bank has confirmed and forgotten. */
async function afterAForgottenVoid(): Promise<CheckoutShop> {
  const shop = openCheckoutShop();
  await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_timeout' }));
  shop.line.forgetNextVoid();
  shop.pass(HOLD_SECONDS);
  await shop.expiry.tick();
  expect(await shop.lastOrder()).to.include({ saga: 'CANCELLED' });
  expect(shop.statement(await shop.lastOrder())).to.equal('held 2999');
  return shop;
}

describe('The reconciler', () => {
  it('has nothing to say where all adds up', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(2);
    for (const method of ['tok_ok', 'tok_decline']) await shop.placeOrder.execute(await shop.order(mugs, { method }));
    expect(await shop.reconciler.tick()).to.equal(0);
    expect(shop.said).to.deep.equal([]);
  });

  it('reports what does not add up, and repairs nothing', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(2);
    await shop.run(async ({ stock }) => {
      const [item] = await stock.find([variantOf(mugs)]);
      await stock.save([StockItem.restore({ ...item!.snapshot(), onHand: 3, reserved: 1 })]);
    });
    await shop.reconciler.tick();
    expect(
      shop.said.map(({ level, message, fields }) => [level, message, fields.invariant, fields.subject]),
    ).to.deep.equal([
      ['error', 'the books do not add up', 'I2', variantOf(mugs)],
      ['error', 'the books do not add up', 'I3', variantOf(mugs)],
    ]);
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 3, reserved: 1 });
  });

  it('finds money that is still held for a cancelled order, and releases it', async () => {
    const shop = await afterAForgottenVoid();
    await shop.reconciler.tick();
    expect(shop.saidAt('warn')).to.deep.equal(['money was found for a cancelled order']);
    expect(await shop.lastOrder()).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
    expect(shop.statement(await shop.lastOrder())).to.equal('held 2999, released 2999');
    await shop.reconciler.tick();
    expect(shop.saidAt('warn')).to.have.length(1);
  });

  it('finds money that was taken for a cancelled order, and gives it back', async () => {
    const shop = await afterAForgottenVoid();
    captureByHand(shop, await shop.lastOrder());
    await shop.reconciler.tick();
    expect(shop.statement(await shop.lastOrder())).to.equal('held 2999, captured 2999, refunded 2999');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('looks at every order that was cancelled within two days, and at no older one', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_decline' }));
    shop.pass(49 * 3600);
    for (let orders = 0; orders < 101; orders += 1)
      await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_decline' }));
    await shop.reconciler.tick();
    expect(shop.line.calls.filter(call => call === 'lookup')).to.have.length(101);
  });

  it('goes on with the others when one of them cannot be checked', async () => {
    const shop = await afterAForgottenVoid();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_decline' }));
    const lookups = shop.line.calls.filter(call => call === 'lookup').length;
    void shop.line.breakAt('lookup', 'fails');
    await shop.reconciler.tick();
    expect(shop.saidAt('error')).to.deep.equal(['a cancelled order could not be checked']);
    expect(shop.line.calls.filter(call => call === 'lookup')).to.have.length(lookups + 2);
  });
});
