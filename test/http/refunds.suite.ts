import { expect } from 'chai';
import { SANDBOX_BANK, STORE } from '../../config/tokens.ts';
import { OrderId } from '../../domain/shared/ids.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, cancel } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Product, StockRow } from './shapes.ts';
import { fresh, type Shop, usd } from './shop.ts';

const refund = (admin: Api, id: string, body: object = {}, key = fresh('refund')) =>
  admin.post<Order>(`/admin/orders/${id}/refund`, body, { 'Idempotency-Key': key });

const onHand = async (shop: Shop, { variants }: Product): Promise<number> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variants[0]!.id}`))[0]!.on_hand;
};

/** Somebody at the bank returns all of the money, and nobody tells the shop: what it asks for will be refused. */
async function giveBackByHand(shop: Shop, id: string): Promise<void> {
  const { payment } = (await shop.app.container.get(STORE).orders.find(OrderId(id)))!;
  const { id: ref, captureId, amount } = payment;
  shop.app.container.get(SANDBOX_BANK).refund({ ref, captureId: captureId!, amount, key: 'by hand' });
}

async function sold(shop: Shop): Promise<{ admin: Api; customer: Api; bowl: Product; id: string }> {
  const [admin, customer] = [await shop.admin(), await shop.customer()];
  const bowl = await shop.product({ price: usd(1000), stock: 5 });
  const { order_id: id } = await bought(customer, bowl.variants[0]!.id, { quantity: 2 });
  return { admin, customer, bowl, id };
}

export const refundsSuite = shopSuite('A refund', it => {
  it('gives all of the money back, and leaves the stock where it is', async shop => {
    const { admin, bowl, id } = await sold(shop);
    const refunded = dataOf(await refund(admin, id, { reason: 'arrived broken' }));
    expect(refunded.status).to.equal('REFUNDED');
    expect(refunded.payment).to.deep.include({ status: 'REFUNDED', refunded: usd(2000) });
    expect(await onHand(shop, bowl)).to.equal(3);
    expect(outcome(await refund(admin, id))).to.equal('409 INVALID_TRANSITION');
  });

  it('of the whole order puts the goods back on the shelf where that is asked for', async shop => {
    const { admin, bowl, id } = await sold(shop);
    expect(dataOf(await refund(admin, id, { restock: true })).status).to.equal('REFUNDED');
    expect(await onHand(shop, bowl)).to.equal(5);
  });

  it('that puts the goods back a second time is refused, as is a cancellation, and nothing of either is kept', async shop => {
    const { admin, bowl, id } = await sold(shop);
    await giveBackByHand(shop, id);
    const refused = dataOf(await refund(admin, id, { restock: true }));
    expect(refused.payment.refunds.map(({ status }) => status)).to.deep.equal(['REFUSED']);
    const key = fresh('refund');
    for (const again of [
      await refund(admin, id, { restock: true }, key),
      await refund(admin, id, { restock: true }, key),
      await cancel(admin, `/admin/orders/${id}`, {}),
    ])
      expect(outcome(again)).to.equal('409 INVALID_TRANSITION');
    expect(dataOf(await admin.get<Order>(`/admin/orders/${id}`))).to.deep.equal(refused);
    expect(await onHand(shop, bowl)).to.equal(5);
  });

  it('can be made in parts, and never passes what was paid', async shop => {
    const { admin, customer, id } = await sold(shop);
    const first = dataOf(await refund(admin, id, { amount: usd(500) }));
    expect(first.status).to.equal('PAID');
    expect(first.payment).to.deep.include({ status: 'CAPTURED', refunded: usd(500) });
    const tooMuch = await refund(admin, id, { amount: usd(1501) });
    expect(outcome(tooMuch)).to.equal('422 REFUND_TOO_LARGE');
    expect(tooMuch.body.error.details).to.deep.equal({ refundable: usd(1500) });
    expect(outcome(await refund(admin, id, { amount: usd(0) }))).to.equal('422 REFUND_TOO_LARGE');
    expect(outcome(await refund(admin, id, { amount: usd(500), restock: true }))).to.equal('422 RULE_VIOLATION');
    const rest = dataOf(await refund(admin, id));
    expect(rest.payment).to.deep.include({ status: 'REFUNDED', refunded: usd(2000) });
    expect(rest.payment.refunds.map(({ number, amount }) => [number, amount.amount])).to.deep.equal([
      [1, 500],
      [2, 1500],
    ]);
    expect(dataOf(await customer.get<Order>(`/orders/${id}`)).status).to.equal('REFUNDED');
  });

  it('happens once for one key, however often it is asked for', async shop => {
    const { admin, id } = await sold(shop);
    const key = fresh('refund');
    const replies = [];
    for (let i = 0; i < 3; i += 1) replies.push(await refund(admin, id, { amount: usd(700) }, key));
    expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
    expect(replies[0]!.body.data.payment.refunded).to.deep.equal(usd(700));
    expect(outcome(await refund(admin, id, { amount: usd(800) }, key))).to.equal('422 IDEMPOTENCY_KEY_REUSED');
  });

  it('counts when the rest is cancelled', async shop => {
    const { admin, customer, bowl, id } = await sold(shop);
    await refund(admin, id, { amount: usd(700) });
    const cancelled = dataOf(await cancel<Order>(customer, `/orders/${id}`));
    expect(cancelled.status).to.equal('CANCELLED');
    expect(cancelled.payment).to.deep.include({ status: 'REFUNDED', refunded: usd(2000) });
    expect(await onHand(shop, bowl)).to.equal(5);
  });

  it('is for staff, and for orders that are paid', async shop => {
    const { admin, customer, id } = await sold(shop);
    expect(outcome(await refund(customer, id))).to.equal('403 FORBIDDEN');
    const pending = await bought(customer, await shop.variant(), { payment_method: 'tok_requires_action' });
    expect(outcome(await refund(admin, pending.order_id))).to.equal('409 INVALID_TRANSITION');
    expect(outcome(await admin.post(`/admin/orders/${id}/refund`, {}))).to.equal('400 IDEMPOTENCY_KEY_MISSING');
  });
});
