import { expect } from 'chai';
import { LogSales } from '../../../application/events/log-sales.ts';
import { openCheckoutShop, type Said } from '../../support/checkout-shop.ts';

/** A shop in which one order was placed, and each event delivered. */
async function aSale(method = 'tok_ok') {
  const lines: Said[] = [];
  const say =
    (level: Said['level']) =>
    (message: string, fields: Said['fields'] = {}) =>
      void lines.push({ level, message, fields });
  const logger = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
  const shop = openCheckoutShop({ consumers: [new LogSales(logger)] });
  await shop.placeOrder.execute(await shop.order(await shop.stock(1), { method }));
  const tell = async () => void (await shop.relay.tick());
  await tell();
  return { shop, lines, tell };
}

describe('The log of sales', () => {
  it('says that an order was created and paid, by whom and for how much', async () => {
    const { shop, lines } = await aSale();
    const { id, number, userId, totals } = await shop.lastOrder();
    expect(lines.map(({ level, message }) => [level, message])).to.deep.equal([
      ['info', 'Order created'],
      ['info', 'Order paid'],
    ]);
    for (const { fields } of lines) expect(fields).to.include({ order_id: id, order_number: number, user_id: userId });
    expect(lines[0]!.fields).to.deep.include({ event: 'order.created', total: totals.total.toJSON() });
    expect(lines[1]!.fields['event_id']).to.be.a('string').and.not.equal(lines[0]!.fields['event_id']);
  });

  it('says that an order came to nothing', async () => {
    const { lines } = await aSale('tok_decline');
    expect(lines.map(({ message }) => message)).to.deep.equal(['Order created', 'Order cancelled']);
  });

  it('says each thing once', async () => {
    const { lines, tell } = await aSale();
    await tell();
    expect(lines).to.have.length(2);
  });

  it('raises its voice for an order that needs a person', async () => {
    const { shop, lines, tell } = await aSale('tok_lost');
    await shop.run(async ({ orders, outbox }) => {
      const order = (await orders.find((await shop.lastOrder()).id))!;
      order.park('unsettled for 72 hours', { at: new Date(0), by: null });
      await orders.save(order);
      await outbox.add(order.events());
    });
    await tell();
    expect(lines.at(-1)).to.include({ level: 'error', message: 'Order needs a person' });
  });
});
