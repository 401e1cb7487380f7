import { expect } from 'chai';
import { openCheckoutShop, toldTo } from '../../support/checkout-shop.ts';

const DAY = 24 * 3600;

describe('The reaper', () => {
  it('forgets an answer after three days, and events after thirty', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    await shop.placeOrder.execute(command);
    await shop.relay.tick();
    expect(await shop.reaper.tick()).to.equal(0);
    shop.pass(3 * DAY + 1);
    expect(await shop.reaper.tick()).to.equal(1);
    expect(toldTo(await shop.placeOrder.execute(command)), 'the key is new').to.equal('409 CART_NOT_OPEN');
    shop.pass(27 * DAY);
    await shop.reaper.tick();
    expect(shop.events()).to.deep.equal([]);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('never forgets a key whose order is still under way', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(1));
    const death = shop.line.breakAt('capture', 'caller dies before');
    void shop.placeOrder.execute(command);
    await death;
    shop.pass(40 * DAY);
    expect(await shop.reaper.tick()).to.equal(0);
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('201 PAID');
    expect((await shop.store.orders.list({}, { limit: 9 })).items).to.have.length(1);
  });

  it('says that it has done something, so that the next round comes at once', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(0);
    for (let carts = 0; carts < 3; carts += 1) await shop.placeOrder.execute(await shop.order(mugs));
    shop.pass(4 * DAY);
    expect(await shop.reaper.tick()).to.equal(3);
    expect(await shop.reaper.tick()).to.equal(0);
  });
});
