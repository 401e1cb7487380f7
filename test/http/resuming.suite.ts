import { expect } from 'chai';
import { SettleOrder } from '../../application/checkout/settle-order.ts';
import { SANDBOX_BANK, STORE } from '../../config/tokens.ts';
import { OrderId } from '../../domain/shared/ids.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Cart, Order, StockRow } from './shapes.ts';
import { fresh, type Shop } from './shop.ts';

interface StaffOrder extends Order {
  readonly needs_review: string | null;
  readonly resumed: { readonly review: string; readonly reason: string; readonly by: string } | null;
}

const BODY = { reason: 'spoke to the bank' };

const resume = (admin: Api, id: string, body: object = BODY, headers: Record<string, string> = {}) =>
  admin.post<StaffOrder>(`/admin/orders/${id}/resume`, body, headers);

/** An order of two, put aside because the bank holds another amount; `mend` makes the bank hold nothing. */
async function parked(shop: Shop) {
  const [admin, customer] = [await shop.admin(), await shop.customer()];
  const bowl = await shop.product({ stock: 5 });
  const facts = { quantity: 2, payment_method: 'tok_lost' };
  const { order_id: id } = await bought(customer, bowl.variants[0]!.id, facts);
  const { container } = shop.app;
  const order = (await container.get(STORE).orders.find(OrderId(id)))!;
  const { id: ref, amount } = order.payment;
  const bank = container.get(SANDBOX_BANK);
  bank.authorize({ ref, amount: amount.split([1, 2])[0]!, method: 'tok_ok', key: fresh('by hand') });
  await container.get(SettleOrder).settle(order);
  const find = async () => dataOf(await admin.get<StaffOrder>(`/admin/orders/${id}`));
  const reserved = async () =>
    dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${bowl.variants[0]!.id}`))[0]!.reserved;
  expect((await find()).needs_review).to.equal('authorised amount differs from the total');
  expect(await reserved()).to.equal(2);
  return { admin, customer, id, find, reserved, mend: () => void bank.void(ref) };
}

export const resumingSuite = shopSuite('An order that waits for a person', it => {
  it('goes on when an administrator says so, and tells who that was and why', async shop => {
    const { admin, id, mend, reserved, find } = await parked(shop);
    mend();
    const resumed = dataOf(await resume(admin, id));
    expect(resumed).to.include({ status: 'CANCELLED', cancel_reason: 'payment_declined', needs_review: null });
    const { id: by } = dataOf(await admin.get<{ id: string }>('/users/me'));
    const review = 'authorised amount differs from the total';
    expect((await find()).resumed).to.include({ review, reason: 'spoke to the bank', by });
    expect(await reserved()).to.equal(0);
    expect(outcome(await resume(admin, id))).to.equal('409 INVALID_TRANSITION');
  });

  it('is put aside again while nothing has changed', async shop => {
    const { admin, id, reserved } = await parked(shop);
    const resumed = await resume(admin, id);
    expect(resumed.status).to.equal(200);
    expect(dataOf(resumed).needs_review).to.equal('authorised amount differs from the total');
    expect(await reserved()).to.equal(2);
  });

  it('gives back what it holds where that is asked for', async shop => {
    const { admin, customer, id, reserved } = await parked(shop);
    const given = dataOf(await resume(admin, id, { ...BODY, give_back: true }));
    expect(given).to.include({ status: 'CANCELLED', cancel_reason: 'spoke to the bank', needs_review: null });
    expect(given.payment.status).to.equal('VOIDED');
    expect(await reserved()).to.equal(0);
    expect(dataOf(await customer.get<Cart>('/carts/me')).items.map(({ quantity }) => quantity)).to.deep.equal([2]);
    expect(outcome(await resume(admin, id, { ...BODY, give_back: true }))).to.equal('409 INVALID_TRANSITION');
  });

  it('goes on once for one key, and only at the version that is named', async shop => {
    const { admin, id, find } = await parked(shop);
    const { version } = await find();
    const stale = await resume(admin, id, BODY, { 'If-Match': `"${version - 1}"` });
    expect(outcome(stale)).to.equal('412 PRECONDITION_FAILED');
    const headers = { 'If-Match': `"${version}"`, 'Idempotency-Key': fresh('resume') };
    const give = { ...BODY, give_back: true };
    const replies = [await resume(admin, id, give, headers), await resume(admin, id, give, headers)];
    expect(replies.map(outcome)).to.deep.equal(['200', '200']);
    expect(replies[1]!.text).to.equal(replies[0]!.text);
    expect(replies[1]!.headers['idempotency-replayed']).to.equal('true');
  });

  it('is not for the rest of the staff, needs a reason, and is no other order', async shop => {
    const { admin, customer, id } = await parked(shop);
    for (const somebody of [customer, await shop.staff()])
      expect(outcome(await resume(somebody, id))).to.equal('403 FORBIDDEN');
    for (const body of [{}, { reason: ' ' }, { reason: 'why', give_back: 'yes' }])
      expect(outcome(await resume(admin, id, body))).to.equal('400 VALIDATION_ERROR');
    const { order_id: other } = await bought(customer, await shop.variant());
    for (const give_back of [false, true])
      expect(outcome(await resume(admin, other, { ...BODY, give_back }))).to.equal('409 INVALID_TRANSITION');
    expect(outcome(await resume(admin, '00000000-0000-7000-8000-000000000000'))).to.equal('404 NOT_FOUND');
  });
});
