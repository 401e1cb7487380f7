import { expect } from 'chai';
import type { HeldPayment, ListAnswer } from '../../../application/ports/payment-gateway.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { nextId, NOON, usd } from '../../support/builders.ts';
import { type CheckoutShop, openCheckoutShop } from '../../support/checkout-shop.ts';
import { times } from '../../support/waiting.ts';

/** A little more than a quarter of an hour. */
const QUARTER = 901;
const NOON_IN_HEX = NOON.getTime().toString(16).padStart(12, '0');

/** What the bank did for an order that the database has lost with all that came after it. */
function lose(shop: CheckoutShop, how: 'held' | 'taken' | 'given back in part'): PaymentId {
  const ref = PaymentId(`${NOON_IN_HEX.slice(0, 8)}-${NOON_IN_HEX.slice(8)}${nextId().slice(13)}`);
  const amount = usd(4350);
  const { answer } = shop.bank.authorize({ ref, amount, method: 'tok_ok', key: `${ref}:auth` });
  if (how === 'held' || answer.outcome !== 'authorized') return ref;
  const { authorizationId } = answer;
  const capture = shop.bank.capture({ ref, authorizationId, amount, key: `${ref}:capture` }).answer;
  if (how === 'taken' || capture.outcome !== 'captured') return ref;
  shop.bank.refund({ ref, captureId: capture.captureId, amount: usd(1000), key: `${ref}:refund:1` });
  return ref;
}

const sell = async (shop: CheckoutShop): Promise<void> =>
  void (await shop.placeOrder.execute(await shop.order(await shop.stock(1))));

const statementOf = ({ bank }: CheckoutShop, ref: PaymentId): string =>
  bank
    .movements(ref)
    .map(({ kind, amount }) => `${kind} ${amount.amount}`)
    .join(', ');

const FOUND = 'money of a lost order was found';
const TOO_NEW = 'payments have no order, and none has been placed since';
const TOO_MANY = 'too many payments have no order: is this the right database?';

describe('Money of an order that the database has lost', () => {
  for (const [how, ends] of [
    ['held', 'held 4350, released 4350'],
    ['taken', 'held 4350, captured 4350, refunded 4350'],
    ['given back in part', 'held 4350, captured 4350, refunded 1000, refunded 3350'],
  ] as const)
    it(`goes back when it is ${how}, once, and the log says so`, async () => {
      const shop = openCheckoutShop();
      const ref = lose(shop, how);
      await sell(shop);
      shop.pass(QUARTER);
      for (let rounds = 0; rounds < 2; rounds += 1) await shop.reconciler.tick();
      expect(statementOf(shop, ref)).to.equal(ends);
      expect(shop.statement(await shop.lastOrder())).to.equal('held 2999, captured 2999');
      const left = how === 'given back in part' ? 3350 : 4350;
      expect(shop.said).to.have.length(1);
      expect(shop.said[0]).to.deep.include({ level: 'warn', message: FOUND });
      expect(shop.said[0]!.fields).to.deep.include({ ref, amount: { amount: left, currency: 'USD' } });
    });

  it('is left alone for a quarter of an hour', async () => {
    const shop = openCheckoutShop();
    const ref = lose(shop, 'held');
    await sell(shop);
    shop.pass(QUARTER - 2);
    await shop.reconciler.tick();
    expect(statementOf(shop, ref)).to.equal('held 4350');
    expect(shop.said).to.deep.equal([]);
  });

  it('is not looked for after two days, nor where the reference is none that we could have made', async () => {
    const shop = openCheckoutShop();
    const [old, random] = [lose(shop, 'held'), PaymentId('5f0c9a52-1c1e-4d0e-9c55-0a8f3ad3f1aa')];
    shop.bank.authorize({ ref: random, amount: usd(1), method: 'tok_ok', key: 'random' });
    shop.pass(48 * 3600 + 1);
    await sell(shop);
    await shop.reconciler.tick();
    expect([old, random].map(ref => statementOf(shop, ref))).to.deep.equal(['held 4350', 'held 1']);
  });

  it('is not touched by a copy of the database, which has taken no order since', async () => {
    const shop = openCheckoutShop();
    await sell(shop);
    const ref = lose(shop, 'taken');
    shop.pass(QUARTER);
    await shop.reconciler.tick();
    expect(statementOf(shop, ref)).to.equal('held 4350, captured 4350');
    expect(shop.saidAt('warn')).to.deep.equal([TOO_NEW]);
    await sell(shop);
    await shop.reconciler.tick();
    expect(statementOf(shop, ref)).to.equal('held 4350, captured 4350, refunded 4350');
  });

  it('is not touched where many orders are missing: a person is told', async () => {
    const shop = openCheckoutShop();
    const refs = times(11, () => lose(shop, 'held'));
    await sell(shop);
    shop.pass(QUARTER);
    await shop.reconciler.tick();
    expect(refs.map(ref => statementOf(shop, ref))).to.deep.equal(refs.map(() => 'held 4350'));
    expect(shop.said).to.deep.equal([{ level: 'error', message: TOO_MANY, fields: { payments: 11, of: 12 } }]);
  });

  it('is found on any page of a long list', async () => {
    const shop = openCheckoutShop();
    const ref = lose(shop, 'held');
    const mugs = await shop.stock(150);
    for (let orders = 0; orders < 150; orders += 1) await shop.placeOrder.execute(await shop.order(mugs));
    shop.pass(QUARTER);
    await shop.reconciler.tick();
    expect(shop.line.calls.filter(call => call === 'list')).to.have.length(2);
    expect(statementOf(shop, ref)).to.equal('held 4350, released 4350');
    expect(await shop.levelOf(mugs)).to.deep.equal({ onHand: 0, reserved: 0 });
  });

  for (const call of ['void', 'refund'] as const)
    it(`goes back in the next round when the gateway does not answer to: ${call}`, async () => {
      const shop = openCheckoutShop();
      const ref = lose(shop, 'taken');
      await sell(shop);
      shop.pass(QUARTER);
      void shop.line.breakAt(call, 'answer lost');
      await shop.reconciler.tick();
      await shop.reconciler.tick();
      expect(statementOf(shop, ref)).to.equal('held 4350, captured 4350, refunded 4350');
      expect(shop.saidAt('error')).to.deep.equal([]);
    });

  it('does not keep that of the others when one of them meets with trouble', async () => {
    const shop = openCheckoutShop();
    const refs = [lose(shop, 'held'), lose(shop, 'held')];
    await sell(shop);
    shop.pass(QUARTER);
    void shop.line.breakAt('void', 'fails');
    await shop.reconciler.tick();
    expect(refs.map(ref => statementOf(shop, ref))).to.deep.equal(['held 4350, released 4350', 'held 4350']);
    expect(shop.saidAt('error')).to.deep.equal(['money of a lost order could not be returned']);
  });

  it('is a matter for a person when the gateway refuses to return it', async () => {
    const shop = openCheckoutShop();
    const ref = lose(shop, 'taken');
    await sell(shop);
    shop.pass(QUARTER);
    shop.bank.refund({ ref, captureId: 'another', amount: usd(1), key: `${ref}:refund:lost` });
    await shop.reconciler.tick();
    expect(shop.said.map(({ message, fields }) => [message, fields.ref, fields.reason])).to.deep.equal([
      ['money of a lost order could not be returned', ref, 'key_reused'],
    ]);
  });

  const page = (next?: string): ListAnswer => ({ outcome: 'listed', payments: [] as HeldPayment[], next });
  for (const [what, list] of [
    ['does not answer', () => ({ outcome: 'unknown' }) as const],
    ['lists for ever', () => page('1')],
  ] as const)
    it(`is not touched while the gateway ${what}`, async () => {
      const shop = openCheckoutShop();
      const ref = lose(shop, 'held');
      shop.line.list = () => Promise.resolve(list());
      await sell(shop);
      shop.pass(QUARTER);
      await shop.reconciler.tick();
      expect(statementOf(shop, ref)).to.equal('held 4350');
      expect(shop.saidAt('warn')).to.deep.equal(['the gateway did not list all that it holds']);
    });
});
