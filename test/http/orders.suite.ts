import { expect } from 'chai';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, cancel } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Product, StockRow } from './shapes.ts';
import { fresh, type Shop } from './shop.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';

async function ship(shop: Shop, id: string): Promise<Api> {
  const admin = await shop.admin();
  const parcel = { carrier: 'Pigeon Post', tracking_number: 'PP-1' };
  const shipped = await admin.post<Order>(`/admin/orders/${id}/ship`, parcel);
  expect(shipped.body.data).to.deep.include({ status: 'SHIPPED', shipment: parcel });
  return admin;
}

const onHand = async (shop: Shop, { variants }: Product): Promise<StockRow> => {
  const admin = await shop.admin();
  return dataOf(await admin.get<StockRow[]>(`/admin/inventory?variant_id=${variants[0]!.id}`))[0]!;
};

export const ordersSuite = shopSuite('An order', it => {
  it('is listed for its customer, the newest first, and for nobody else', async shop => {
    const [ada, bob] = [await shop.customer(), await shop.customer()];
    const first = await bought(ada, await shop.variant());
    const second = await bought(ada, await shop.variant());
    const listed = await ada.get<Order[]>('/orders?limit=1');
    expect(listed.body.data.map(({ id }) => id)).to.deep.equal([second.order_id]);
    const next = await shop.root.with(ada.headers).get<Order[]>(listed.body.links['next']!);
    expect(next.body.data.map(({ id }) => id)).to.deep.equal([first.order_id]);
    expect(dataOf(await bob.get<Order[]>('/orders'))).to.deep.equal([]);
  });

  it('of somebody else is as good as none', async shop => {
    const [ada, bob] = [await shop.customer(), await shop.customer()];
    const { order_id: id } = await bought(ada, await shop.variant());
    for (const ask of [
      (order: string) => bob.get(`/orders/${order}`),
      (order: string) => cancel(bob, `/orders/${order}`),
    ]) {
      const [foreign, missing] = [await ask(id), await ask(NOWHERE)];
      expect(outcome(foreign)).to.equal('404 NOT_FOUND');
      expect(foreign.body.error.message).to.equal(missing.body.error.message);
      expect(foreign.body.error.details).to.deep.equal(missing.body.error.details);
    }
    expect(dataOf(await ada.get<Order>(`/orders/${id}`)).status).to.equal('PAID');
  });

  it('that is paid can be cancelled: the money and the stock come back, once', async shop => {
    const [customer, bowl] = [await shop.customer(), await shop.product({ stock: 5 })];
    const { order_id: id } = await bought(customer, bowl.variants[0]!.id, { quantity: 2 });
    expect(await onHand(shop, bowl)).to.include({ on_hand: 3 });
    const cancelled = dataOf(await cancel<Order>(customer, `/orders/${id}`));
    expect(cancelled).to.include({ status: 'CANCELLED', cancel_reason: 'cancelled_by_customer' });
    expect(cancelled.payment.status).to.equal('REFUNDED');
    expect(await onHand(shop, bowl)).to.include({ on_hand: 5, reserved: 0 });
    expect(outcome(await cancel(customer, `/orders/${id}`))).to.equal('409 INVALID_TRANSITION');
    expect(await onHand(shop, bowl)).to.include({ on_hand: 5 });
  });

  it('that is cancelled by many at once gives its stock back once', async shop => {
    const [customer, bowl] = [await shop.customer(), await shop.product({ stock: 5 })];
    const { order_id: id } = await bought(customer, bowl.variants[0]!.id, { quantity: 2 });
    const replies = await Promise.all(Array.from({ length: 6 }, () => cancel(customer, `/orders/${id}`)));
    expect(replies.map(outcome).toSorted()).to.deep.equal(['200', ...Array<string>(5).fill('409 INVALID_TRANSITION')]);
    expect(await onHand(shop, bowl)).to.include({ on_hand: 5, reserved: 0 });
  });

  it('that has been shipped is not cancelled any more', async shop => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant());
    const admin = await ship(shop, id);
    for (const reply of [await cancel(customer, `/orders/${id}`), await cancel(admin, `/admin/orders/${id}`, {})])
      expect(outcome(reply)).to.equal('409 INVALID_TRANSITION');
    expect(dataOf(await customer.get<Order>(`/orders/${id}`)).status).to.equal('SHIPPED');
  });

  it('is shipped and then delivered, in this order and once', async shop => {
    const { order_id: id } = await bought(await shop.customer(), await shop.variant());
    const staff = await shop.staff();
    const illegal = '409 INVALID_TRANSITION';
    expect(outcome(await staff.post(`/admin/orders/${id}/deliver`, {}))).to.equal(illegal);
    await ship(shop, id);
    expect(outcome(await staff.post(`/admin/orders/${id}/ship`, {}))).to.equal(illegal);
    const delivered = await staff.post<Order>(`/admin/orders/${id}/deliver`, {});
    expect(delivered.body.data.status).to.equal('DELIVERED');
    expect(outcome(await staff.post(`/admin/orders/${id}/deliver`, {}))).to.equal(illegal);
  });

  it('may leave without a carrier', async shop => {
    const { order_id: id } = await bought(await shop.customer(), await shop.variant());
    const admin = await shop.admin();
    const shipped = await admin.post<Order>(`/admin/orders/${id}/ship`, {});
    expect(shipped.body.data.shipment).to.deep.equal({ carrier: null, tracking_number: null });
  });

  it('is cancelled by staff with a reason that the customer sees', async shop => {
    const customer = await shop.customer();
    const { order_id: id } = await bought(customer, await shop.variant());
    const staff = await shop.staff();
    const reason = 'damaged in the warehouse';
    expect(outcome(await cancel(staff, `/admin/orders/${id}`, { reason }))).to.equal('200');
    expect(dataOf(await customer.get<Order>(`/orders/${id}`))).to.include({
      status: 'CANCELLED',
      cancel_reason: reason,
    });
  });

  it('is found by staff, by state, time, number and address', async shop => {
    const [person, staff] = [await shop.account(), await shop.staff()];
    const mine = await bought(person.api, await shop.variant());
    const guestEmail = `${fresh('guest')}@example.com`;
    const theirs = await bought(await shop.guest(), await shop.variant(), { email: guestEmail });
    await ship(shop, theirs.order_id);
    const found = async (query: string) =>
      dataOf(await staff.get<Order[]>(`/admin/orders?limit=100&${query}`)).map(({ id }) => id);
    expect(await found(`email=${person.email.toUpperCase()}`)).to.deep.equal([mine.order_id]);
    expect(await found(`email=${guestEmail}`)).to.deep.equal([theirs.order_id]);
    expect(await found(`order_number=${mine.order_number.toLowerCase()}`)).to.deep.equal([mine.order_id]);
    expect(await found(`email=${guestEmail}&status=PAID`)).to.deep.equal([]);
    expect(await found(`email=${guestEmail}&status=SHIPPED`)).to.deep.equal([theirs.order_id]);
    const later = new Date(Date.now() + 60_000).toISOString();
    const earlier = new Date(Date.now() - 60_000).toISOString();
    expect(await found(`from=${later}`)).to.deep.equal([]);
    expect(await found(`email=${guestEmail}&from=${earlier}&to=${later}`)).to.deep.equal([theirs.order_id]);
    expect(await found(`to=${earlier}`)).not.to.include(mine.order_id);
    for (const query of ['status=LOST', 'from=yesterday', 'email=nobody', 'to=2026-13-01'])
      expect(outcome(await staff.get(`/admin/orders?${query}`)), query).to.equal('400 VALIDATION_ERROR');
  });

  it('that nobody placed is found by nobody', async shop => {
    const admin = await shop.admin();
    expect(outcome(await admin.get(`/admin/orders/${NOWHERE}`))).to.equal('404 NOT_FOUND');
    for (const move of ['ship', 'deliver'])
      expect(outcome(await admin.post(`/admin/orders/${NOWHERE}/${move}`, {}))).to.equal('404 NOT_FOUND');
    expect(outcome(await cancel(admin, `/admin/orders/${NOWHERE}`, {}))).to.equal('404 NOT_FOUND');
  });
});
