import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { aServer, STRANGE } from '../support/strange-server.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, buy, cancel, checkOut } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart, Order, Product, StockRow } from './shapes.ts';
import type { Shop } from './shop.ts';

const stockOf = async (shop: Shop, { variants }: Product): Promise<StockRow> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variants[0]!.id}`))[0]!;
};

const linesOf = async (shopper: Api): Promise<number> => dataOf(await shopper.get<Cart>('/carts/me')).items.length;

export const paymentsSuite = shopSuite('A payment', it => {
  for (const [method, reason] of [
    ['tok_decline', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_capture_refused', 'capture_refused'],
    ['tok_nobody_knows', 'unknown_payment_method'],
  ])
    it(`with ${method} is declined, and gives stock and cart back`, async shop => {
      const [customer, bowl] = [await shop.customer(), await shop.product({ stock: 5 })];
      const declined = await buy(customer, bowl.variants[0]!.id, { quantity: 2, payment_method: method });
      expect(outcome(declined)).to.equal('402 PAYMENT_DECLINED');
      expect(declined.body.error.details).to.include({ reason });
      expect(await stockOf(shop, bowl)).to.include({ on_hand: 5, reserved: 0, available: 5 });
      expect(await linesOf(customer)).to.equal(1);
      const id = String(declined.body.error.details['order_id']);
      expect(dataOf(await customer.get<Order>(`/orders/${id}`)).status).to.equal('CANCELLED');
      expect(outcome(await checkOut(customer))).to.equal('201');
      expect(await stockOf(shop, bowl)).to.include({ on_hand: 3, reserved: 0 });
    });

  it('that is declined gives a guest the cart back, too', async shop => {
    const guest = await shop.guest();
    const email = { email: 'guest@example.com' };
    const declined = await buy(guest, await shop.variant(), { ...email, payment_method: 'tok_decline' });
    expect(outcome(declined)).to.equal('402 PAYMENT_DECLINED');
    expect(dataOf(await guest.get<Cart>('/carts/me'))).to.include({ status: 'OPEN' });
    expect(outcome(await checkOut(guest, email))).to.equal('201');
  });

  for (const [method, payment, pinned] of [
    ['tok_requires_action', 'NEW', 'three_d_secure'],
    ['tok_timeout', 'NEW', undefined],
    ['tok_lost', 'NEW', undefined],
    ['tok_slow', 'NEW', undefined],
    ['tok_capture_timeout', 'AUTHORIZED', undefined],
  ] as const)
    it(`with ${method} leaves the order PENDING, and its stock reserved`, async shop => {
      const [customer, bowl] = [await shop.customer(), await shop.product({ stock: 5 })];
      const receipt = await bought(customer, bowl.variants[0]!.id, { quantity: 2, payment_method: method });
      expect(receipt.status).to.equal('PENDING');
      expect(receipt.payment.status).to.equal(payment);
      expect(receipt.payment.action?.type).to.equal(pinned);
      expect(await stockOf(shop, bowl)).to.include({ on_hand: 5, reserved: 2, available: 3 });
      expect(dataOf(await customer.get<Order>(`/orders/${receipt.order_id}`)).status).to.equal('PENDING');
      const admin = await shop.admin();
      expect(outcome(await admin.post(`/admin/orders/${receipt.order_id}/ship`, {}))).to.equal(
        '409 INVALID_TRANSITION',
      );
    });

  for (const method of ['tok_requires_action', 'tok_timeout', 'tok_lost'])
    it(`with ${method} can be called off while nothing is decided`, async shop => {
      const [customer, bowl] = [await shop.customer(), await shop.product({ stock: 5 })];
      const { order_id: id } = await bought(customer, bowl.variants[0]!.id, { quantity: 2, payment_method: method });
      const cancelled = await cancel<Order>(customer, `/orders/${id}`);
      expect(cancelled.body.data).to.deep.include({ status: 'CANCELLED', cancel_reason: 'cancelled_by_customer' });
      expect(cancelled.body.data.payment.status).to.equal('VOIDED');
      expect(await stockOf(shop, bowl)).to.include({ on_hand: 5, reserved: 0 });
      expect(await linesOf(customer)).to.equal(1);
    });

  it('is pending while the bank answers with nothing that makes sense, and no such answer is believed', async (_, street) => {
    let answerStrangely: RequestListener = () => {};
    const bank = await aServer((request, response) => answerStrangely(request, response));
    const shop = await street.another({ environment: { SANDBOX_URL: bank.url } });
    for (const [what, listener] of Object.entries(STRANGE)) {
      answerStrangely = listener;
      const [customer, variant] = [await shop.customer(), await shop.variant({ stock: 5 })];
      const receipt = await bought(customer, variant, { payment_method: 'tok_ok' });
      expect([receipt.status, receipt.payment.status], what).to.deep.equal(['PENDING', 'NEW']);
      const cancelled = await cancel<Order>(customer, `/orders/${receipt.order_id}`);
      expect([cancelled.body.data.status, cancelled.body.data.payment.status], what).to.deep.equal([
        'CANCELLED',
        'NEW',
      ]);
      expect(dataOf(await customer.get<Cart>('/carts/me')).items, what).to.have.length(1);
    }
    await bank.close();
  });
});
