import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStaffAct } from '../../adapters/http/route.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought, buy, cancel } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { ImportReport, Product } from './shapes.ts';
import { fresh, type Shop, usd } from './shop.ts';

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly actor_id: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly hash: string;
}

const logged = async (shop: Shop, query: Readonly<Record<string, string>>): Promise<Entry[]> => {
  const admin = await shop.admin();
  return dataOf(
    await admin.get<Entry[]>(`/admin/audit-log?${new URLSearchParams({ limit: '100', ...query }).toString()}`),
  );
};

/** The oldest first: what was done, and what it changed. */
const story = async (shop: Shop, subject: string) =>
  (await logged(shop, { subject })).map(({ action, before, after }) => ({ action, before, after })).toReversed();

const keyed = <Data>(staff: Api, path: string, body: unknown, key = fresh('act')) =>
  staff.post<Data>(path, body, { 'Idempotency-Key': key });

export const auditSuite = shopSuite('The audit log', it => {
  it('says who did what to what, when and from where, and what was different afterwards', async shop => {
    const account = await shop.account();
    const { id } = account;
    const admin = await shop.admin();
    const changed = await admin.patch(`/admin/users/${id}`, { role: 'staff' }, { 'X-Request-Id': 'promoted-by-hand' });
    expect(changed.status).to.equal(200);
    const me = dataOf(await admin.get<{ id: string }>('/users/me'));
    const [entry] = await logged(shop, { subject: id, action: 'administerUser' });
    expect(entry).to.deep.include({
      actor_id: me.id,
      request_id: 'promoted-by-hand',
      outcome: 'done',
      subject: { type: 'user', id },
      before: { role: 'customer' },
      after: { role: 'staff' },
    });
    expect(entry!.address).to.match(/127\.0\.0\.1|::1/);
    expect(Math.abs(Date.now() - Date.parse(entry!.at))).to.be.below(60_000);
  });

  it('tells the life of an order as far as staff lived it, the money that went back included', async shop => {
    const [staff, customer] = [await shop.staff(), await shop.customer()];
    const variant = await shop.variant();
    const { order_id: id } = await bought(customer, variant, { quantity: 2 });
    expect(await story(shop, id)).to.deep.equal([]);
    await keyed(staff, `/admin/orders/${id}/ship`, { carrier: 'DHL', tracking_number: 'JD0123' });
    await keyed(staff, `/admin/orders/${id}/refund`, { amount: usd(1000), reason: 'Ada complained' });
    const told = await story(shop, id);
    expect(told[0]).to.deep.equal({ action: 'shipOrder', before: { state: 'PAID' }, after: { state: 'SHIPPED' } });
    expect(told.slice(1).map(({ action }) => action)).to.deep.equal(['refundOrder', 'refundOrder']);
    expect(told[1]!.after).to.deep.include({ refunded: usd(1000) });
    expect(told[2]!.after).to.deep.include({ refunds: [{ ...usd(1000), state: 'DONE' }] });
    expect(JSON.stringify(told)).not.to.match(/Ada|DHL|JD0123/);
  });

  it('hears of products, variants, prices, stock and shelves', async shop => {
    const admin = await shop.admin();
    const shelf = await shop.category();
    await admin.patch(`/categories/${shelf.id}`, { name: 'Another name' });
    expect((await story(shop, shelf.id)).at(-1)).to.deep.include({ after: { name: 'Another name' } });
    const product = await shop.product({ stock: 5 });
    const variant = product.variants[0]!.id;
    dataOf(await admin.patch<Product>(`/products/${product.id}`, { price: usd(1999) }));
    await admin.post(`/admin/inventory/${variant}/adjustments`, { delta: -2, reason: 'broken' });
    await admin.delete(`/products/${product.id}`);
    const [created, ...changes] = await story(shop, product.id);
    expect(created).to.deep.include({ action: 'createProduct', before: null });
    expect(changes.map(({ action }) => action)).to.deep.equal(['changeProduct', 'deleteProduct']);
    const price = (change: Entry['after']) => (change![`variant ${variant}`] as { price: unknown }).price;
    expect([price(changes[0]!.before), price(changes[0]!.after)]).to.deep.equal([usd(2999), usd(1999)]);
    expect(changes[1]!.after).to.deep.include({ deleted: true });
    expect((await story(shop, variant)).map(({ before, after }) => [before, after])).to.deep.equal([
      [null, { on_hand: 5, low_stock_threshold: null }],
      [{ on_hand: 5 }, { on_hand: 3 }],
    ]);
  });

  it('has one entry for an import and one for its end, however many rows it has', async shop => {
    const staff = await shop.staff();
    const name = fresh('bulk');
    const rows = Array.from(
      { length: 250 },
      (_, row) => `${name}-${row},Thing ${row},Dogs,Title,Default Title,,shopify,1,1.00,active`,
    );
    const header =
      'Handle,Title,Product Category,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Status';
    const before = (await logged(shop, { limit: '1' }))[0]!.seq;
    const { id } = dataOf(
      await staff.send<ImportReport>({
        method: 'POST',
        path: '/admin/imports/products',
        headers: { 'Content-Type': 'text/csv' },
        body: [header, ...rows].join('\n'),
      }),
    );
    for (let told = 1; told < 2; await sleep(20)) told = (await logged(shop, { subject: id })).length;
    const [begun, ended] = await story(shop, id);
    expect(begun).to.deep.include({ action: 'importProducts' });
    expect(begun!.after).to.deep.include({ status: 'pending', dry_run: false });
    expect(ended!.after).to.deep.include({ status: 'completed', rows: 250, created: 250, failed: 0 });
    expect((await logged(shop, { limit: '1' }))[0]!.seq).to.equal(before + 2);
  });

  it('has an act that changed nothing as well, and what somebody may not do, but no answer that is told again', async shop => {
    const admin = await shop.admin();
    const { id } = await shop.account();
    await admin.patch(`/admin/users/${id}`, { role: 'customer' });
    expect((await story(shop, id)).at(-1)).to.deep.equal({ action: 'administerUser', before: null, after: null });
    const me = dataOf(await admin.get<{ id: string }>('/users/me'));
    expect(outcome(await admin.patch(`/admin/users/${me.id}`, { role: 'customer' }))).to.equal('403 FORBIDDEN');
    const [refused] = await logged(shop, { actor: me.id, outcome: 'refused' });
    expect(refused).to.deep.include({ action: 'access.refused', subject: { type: 'route', id: 'administerUser' } });

    const variant = await shop.variant({ stock: 9 });
    const path = `/admin/inventory/${variant}/adjustments`;
    const key = fresh('once');
    await keyed(admin, path, { delta: 1, reason: 'found' }, key);
    await keyed(admin, path, { delta: 1, reason: 'found' }, key);
    expect(await logged(shop, { subject: variant, action: 'adjustStock' })).to.have.length(1);
  });

  it('leaves out what customers do in the shop, and that it was read', async shop => {
    const customer = await shop.customer();
    const variant = await shop.variant();
    const { order_id: id } = await bought(customer, variant);
    await cancel(customer, `/orders/${id}`);
    await buy(customer, variant, { payment_method: 'tok_declined' });
    await logged(shop, {});
    expect(await logged(shop, { subject: id })).to.deep.equal([]);
    for (const { name: action } of shop.app.routes.filter(row => !isStaffAct(row)))
      expect(await logged(shop, { action }), action).to.deep.equal([]);
  });

  it('is read page by page, and by those alone who may', async shop => {
    const admin = await shop.admin();
    const walked: number[] = [];
    let path = '/admin/audit-log?limit=3';
    for (let pages = 0; pages < 3 && path; pages += 1) {
      const { body } = await admin.get<Entry[]>(path);
      walked.push(...body.data.map(({ seq }) => seq));
      path = (body.links?.['next'] ?? '').replace('/api/v1', '');
    }
    expect(walked).to.deep.equal(walked.map((_, index) => walked[0]! - index));
    expect(outcome(await (await shop.staff()).get('/admin/audit-log'))).to.equal('403 FORBIDDEN');
    expect(outcome(await admin.get('/admin/audit-log?actor=me'))).to.equal('400 VALIDATION_ERROR');
    expect(outcome(await admin.get('/admin/audit-log?from=yesterday'))).to.equal('400 VALIDATION_ERROR');
    expect(await logged(shop, { to: '2000-01-01' })).to.deep.equal([]);
  });
});
