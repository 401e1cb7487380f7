import { expect } from 'chai';
import { OnceOnly } from '../../../application/idempotency/once-only.ts';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { nextId, usd } from '../../support/builders.ts';
import { type CheckoutShop, LEASE_SECONDS, openCheckoutShop } from '../../support/checkout-shop.ts';
import { mortal } from '../../support/gateway-line.ts';
import { refusalOf } from '../../support/waiting.ts';

const DAY = 24 * 3600;
const CLAIM = { owner: 'user:staff', key: 'refund-1', fingerprint: 'the same', requestId: 'request-1' };

async function afterASale(): Promise<{ shop: CheckoutShop; order: OrderSnapshot }> {
  const shop = openCheckoutShop();
  await shop.placeOrder.execute(await shop.order(await shop.stock(1)));
  return { shop, order: await shop.lastOrder() };
}

/** One process that is asked to give a dollar back; it answers with all the refunds that there are. */
function staffedBy(shop: CheckoutShop, { id: orderId }: OrderSnapshot, store: UnitOfWork = shop.store.unitOfWork) {
  const onceOnly = new OnceOnly({ unitOfWork: store, leaseSeconds: LEASE_SECONDS });
  const { refundOrder } = shop.startProcess(onceOnly.unitOfWork);
  const command = { orderId, by: UserId(nextId()), amount: usd(100), reason: null, restock: false };
  const told = ({ payment: { refunds } }: OrderSnapshot) => ({
    status: 200,
    body: refunds.map(({ state }) => state).join(', '),
  });
  const attempt = async () => told(await refundOrder.execute(command));
  return { refund: () => onceOnly.run(CLAIM, attempt, async () => told(await shop.find(orderId))) };
}

/** Its process has given the money back, or promised it, and died before the answer was kept. */
async function whoseAnswerIsLost(commits: number) {
  const { shop, order } = await afterASale();
  const { unitOfWork, death } = mortal(shop.store.unitOfWork, 'after', commits);
  void staffedBy(shop, order, unitOfWork).refund();
  await death;
  return { shop, order, ...staffedBy(shop, order) };
}

describe('A request that is done only once', () => {
  for (const [commits, told] of [
    [1, 'PENDING'],
    [2, 'DONE'],
  ] as const)
    it(`and whose answer was lost is answered with how things are now (${told}), and that is kept`, async () => {
      const { shop, order, refund } = await whoseAnswerIsLost(commits);
      expect((await refusalOf(refund())).code).to.equal('IDEMPOTENCY_IN_PROGRESS');
      shop.pass(LEASE_SECONDS + 1);
      const answer = { status: 200, body: told };
      expect(await refund()).to.deep.equal({ answer, replayed: true });
      await shop.recovery.tick();
      expect(await refund()).to.deep.equal({ answer, replayed: true });
      expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 100');
    });

  it('has one answer, also when its first runner was only slow', async () => {
    const { shop, order } = await afterASale();
    const slow = staffedBy(shop, order);
    let meanwhile: unknown;
    shop.line.meanwhile('refund', async () => {
      shop.pass(LEASE_SECONDS + 1);
      meanwhile = (await staffedBy(shop, order).refund()).answer;
    });
    expect((await slow.refund()).answer).to.deep.equal({ status: 200, body: 'PENDING' });
    expect(meanwhile).to.deep.equal({ status: 200, body: 'PENDING' });
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 100');
  });

  it('and is asked for no more is forgotten in the end, like every other', async () => {
    const { shop, order, refund } = await whoseAnswerIsLost(2);
    shop.pass(DAY);
    expect(await shop.reaper.tick(), 'within a day').to.equal(0);
    shop.pass(LEASE_SECONDS + 1);
    expect(await shop.reaper.tick()).to.equal(1);
    const { answer, replayed } = await refund();
    expect([answer.status, JSON.parse(answer.body), replayed]).to.deep.equal([
      409,
      { code: 'IDEMPOTENCY_ANSWER_LOST', details: {}, requestId: 'request-1' },
      true,
    ]);
    shop.pass(3 * DAY + 1);
    // The key of the sale is as old.
    expect(await shop.reaper.tick()).to.equal(2);
    expect([...shop.store.tables.idempotency.values()]).to.deep.equal([]);
    expect(shop.statement(order)).to.equal('held 2999, captured 2999, refunded 100');
  });
});
