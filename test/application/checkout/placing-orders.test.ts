import { expect } from 'chai';
import type { Patience } from '../../../application/ports/patience.ts';
import { openCheckoutShop, toldTo } from '../../support/checkout-shop.ts';
import { codeOf } from '../../support/refusing.ts';
import { aGate, refusalOf, times } from '../../support/waiting.ts';

describe('A checkout', () => {
  it('holds the stock, takes the money once and tells of it', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(3);
    const { answer, replayed } = await shop.placeOrder.execute(await shop.order(mugs, { quantity: 2 }));
    expect([toldTo({ answer, replayed }), replayed]).to.deep.equal(['201 PAID', false]);
    const order = await shop.lastOrder();
    expect(shop.statement(order)).to.equal('held 5998, captured 5998');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    expect(await shop.cartStatus(order)).to.equal('CONVERTED');
    expect(shop.events()).to.deep.equal(['order.created', 'order.paid']);
    expect(shop.line.calls, 'a new payment needs no looking up').to.deep.equal(['authorize', 'capture']);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  for (const method of ['tok_decline', 'tok_insufficient_funds', 'tok_from_nowhere'])
    it(`with ${method} is declined: stock and cart are as before, and nothing is owed`, async () => {
      const shop = openCheckoutShop();
      const mugs = await shop.stock(1);
      expect(toldTo(await shop.placeOrder.execute(await shop.order(mugs, { method })))).to.equal(
        '402 PAYMENT_DECLINED',
      );
      const order = await shop.lastOrder();
      expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
      expect(shop.statement(order)).to.equal('');
      expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
      expect(await shop.cartStatus(order)).to.equal('OPEN');
      expect(shop.events()).to.deep.equal(['order.created', 'order.cancelled']);
      expect(await shop.store.ledgers.drift()).to.deep.equal([]);
    });

  it('whose capture is refused gives stock, cart and the held money back', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    const command = await shop.order(mugs, { method: 'tok_capture_refused' });
    expect(toldTo(await shop.placeOrder.execute(command))).to.equal('402 PAYMENT_DECLINED');
    const order = await shop.lastOrder();
    expect(order).to.include({ state: 'CANCELLED', saga: 'CANCELLED' });
    expect(shop.statement(order)).to.equal('held 2999, released 2999');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 1, reserved: 0 });
    expect(await shop.cartStatus(order)).to.equal('OPEN');
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('that takes too long is answered as PENDING, and is paid all the same', async () => {
    const enough = aGate();
    let settling: Promise<unknown> | undefined;
    const patience: Patience = {
      waitFor: async work => {
        settling = work;
        await enough.opened;
        return undefined;
      },
    };
    const shop = openCheckoutShop({ patience });
    const captured = aGate();
    shop.line.meanwhile('capture', () => {
      enough.open();
      return captured.opened;
    });
    const command = await shop.order(await shop.stock(1));
    const answered = await shop.placeOrder.execute(command);
    expect(toldTo(answered)).to.equal('201 PENDING');

    captured.open();
    await settling;
    const order = await shop.lastOrder();
    expect(order).to.include({ state: 'PAID' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999');
    expect(await shop.placeOrder.execute(command)).to.deep.equal({ answer: answered.answer, replayed: true });
  });

  it('of the last mug succeeds for one of twenty; the others keep their carts and are charged nothing', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(1);
    const commands = await Promise.all(times(20, () => shop.order(mugs)));
    const told = await Promise.all(commands.map(async command => toldTo(await shop.placeOrder.execute(command))));
    expect(told.toSorted()).to.deep.equal(['201 PAID', ...times(19, () => '409 INSUFFICIENT_STOCK')]);
    const { items } = await shop.store.orders.list({}, { limit: 100 });
    expect(items.map(order => shop.statement(order))).to.deep.equal(['held 2999, captured 2999']);
    const open = [...shop.store.tables.carts.values()].filter(cart => cart.status === 'OPEN');
    expect(open).to.have.length(19);
    expect(await shop.store.ledgers.drift()).to.deep.equal([]);
  });

  it('that is sent twenty times at once under one key is done once', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(100));
    const results = await Promise.allSettled(times(20, () => shop.placeOrder.execute(command)));
    const told = results.map(result =>
      result.status === 'fulfilled'
        ? toldTo(result.value)
        : codeOf(() => {
            throw result.reason;
          }),
    );
    expect(told.toSorted()).to.deep.equal(['201 PAID', ...times(19, () => 'IDEMPOTENCY_IN_PROGRESS')]);
    expect((await shop.store.orders.list({}, { limit: 9 })).items).to.have.length(1);
    const again = await shop.placeOrder.execute(command);
    expect([toldTo(again), again.replayed]).to.deep.equal(['201 PAID', true]);
  });

  it('is told the same refusal again, even when it would succeed by now', async () => {
    const shop = openCheckoutShop();
    const mugs = await shop.stock(0);
    const command = await shop.order(mugs);
    const first = await shop.placeOrder.execute(command);
    expect(toldTo(first)).to.equal('409 INSUFFICIENT_STOCK');
    const again = await shop.placeOrder.execute(command);
    expect(again).to.deep.equal({ answer: first.answer, replayed: true });
  });

  it('of a cart that was checked out under another key names the order that it became', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(9));
    await shop.placeOrder.execute(command);
    const claim = { ...command.claim, key: 'another key', fingerprint: 'another body' };
    const second = await shop.placeOrder.execute({ ...command, claim });
    expect(toldTo(second)).to.equal('409 CART_NOT_OPEN');
    expect(JSON.parse(second.answer.body)).to.deep.include({ details: { order_id: (await shop.lastOrder()).id } });
    expect((await shop.store.orders.list({}, { limit: 9 })).items).to.have.length(1);
  });

  it('under a key that came with another request is refused, whatever became of the first', async () => {
    const shop = openCheckoutShop();
    const command = await shop.order(await shop.stock(9));
    await shop.placeOrder.execute(command);
    const other = { ...command, claim: { ...command.claim, fingerprint: 'another body' } };
    expect((await refusalOf(shop.placeOrder.execute(other))).code).to.equal('IDEMPOTENCY_KEY_REUSED');
  });
});
