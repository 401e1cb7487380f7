import { expect } from 'chai';
import { ACT } from '../../support/builders.ts';
import { type CheckoutShop, HOLD_SECONDS, openCheckoutShop } from '../../support/checkout-shop.ts';

const MINUTE = 60;

/** What is said of the backlog from now on, in as many rounds as asked for. */
async function heard(shop: CheckoutShop, rounds = 1) {
  const before = shop.said.length;
  for (let round = 0; round < rounds; round += 1) await shop.lookout.tick();
  return shop.said.slice(before);
}

describe('The lookout', () => {
  it('says nothing in a shop where the work is done', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    await shop.relay.tick();
    shop.pass(24 * 60 * MINUTE);
    expect(await heard(shop)).to.deep.equal([]);
  });

  it('says nothing while a customer may still be at the bank', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_requires_action' }));
    await shop.relay.tick();
    shop.pass(HOLD_SECONDS + 14 * MINUTE);
    expect(await heard(shop)).to.deep.equal([]);
  });

  it('says in every round how much waits, while an order waits for longer than it ever should', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method: 'tok_requires_action' }));
    await shop.relay.tick();
    shop.pass(HOLD_SECONDS + 16 * MINUTE);
    const said = await heard(shop, 2);
    const fields = {
      ...{ orders: 1, oldest_order_seconds: HOLD_SECONDS + 16 * MINUTE },
      ...{ events: 0, oldest_event_seconds: 0, notices: 0, oldest_notice_seconds: 0 },
    };
    const line = { level: 'warn', message: 'work waits for too long', fields };
    expect(said).to.deep.equal([line, line]);
  });

  it('says so when events are not delivered for minutes', async () => {
    const shop = openCheckoutShop();
    await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
    shop.pass(1 * MINUTE);
    expect(await heard(shop)).to.deep.equal([]);
    shop.pass(2 * MINUTE);
    const [line] = await heard(shop);
    expect(line?.fields).to.deep.include({ orders: 0, events: 2, oldest_event_seconds: 3 * MINUTE });
  });

  it('says what waits for a person once, and again when that changes', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(2);
    const parkOne = async () => {
      await shop.placeOrder.execute(await shop.order(mugs, { method: 'tok_lost' }));
      const { id } = await shop.lastOrder();
      await shop.run(async ({ orders }) => {
        const order = (await orders.find(id))!;
        order.park('another amount', ACT);
        await orders.save(order);
      });
      await shop.relay.tick();
    };
    const about = (orders: number) => ({
      level: 'warn',
      message: 'work waits for a person',
      fields: { orders, events: 0, notices: 0 },
    });
    await parkOne();
    expect(await heard(shop, 3)).to.deep.equal([about(1)]);
    await parkOne();
    expect(await heard(shop, 3)).to.deep.equal([about(2)]);
  });
});
