import { expect } from 'chai';
import { dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';

interface Backlog {
  readonly orders: { readonly waiting: number; readonly oldest_seconds: number; readonly parked: number };
  readonly events: { readonly waiting: number };
  readonly notices: { readonly waiting: number };
}

export const backlogSuite = shopSuite('The backlog', it => {
  it('is shown to administrators, and counts what waits', async shop => {
    const admin = await shop.admin();
    const look = async (): Promise<Backlog> => dataOf(await admin.get<Backlog>('/admin/backlog'));
    const before = await look();
    await bought(await shop.customer(), await shop.variant(), { payment_method: 'tok_requires_action' });
    const after = await look();
    expect(after.orders.waiting).to.equal(before.orders.waiting + 1);
    expect(after.events.waiting).to.be.above(before.events.waiting);
    expect(after.orders.oldest_seconds).to.be.within(0, 3600);
  });

  it('is nothing for the rest of the staff', async shop => {
    expect(outcome(await (await shop.staff()).get('/admin/backlog'))).to.equal('403 FORBIDDEN');
  });
});
