import { expect } from 'chai';
import { SIGNATURE_HEADER, signatureOf } from '../../adapters/payments/notice-signature.ts';
import { WORKERS } from '../../config/tokens.ts';
import { type Api, dataOf, outcome } from './api.ts';
import { bought } from './buying.ts';
import { shopSuite } from './harness.ts';
import type { Order, Receipt } from './shapes.ts';
import { BANK_SECRET, fresh, type Shop } from './shop.ts';

const JSON_BODY = { 'Content-Type': 'application/json' };

const notify = (api: Api, body: string, signature = signatureOf(body, BANK_SECRET, new Date()), gateway = 'sandbox') =>
  api.send({
    method: 'POST',
    path: `/payments/webhooks/${gateway}`,
    headers: { ...JSON_BODY, [SIGNATURE_HEADER]: signature },
    body,
  });

const work = async (shop: Shop, name: string) => {
  const worker = shop.app.container.get(WORKERS).find(candidate => candidate.name === name)!;
  while ((await worker.tick()) > 0);
};

const notice = (facts: object = {}) => JSON.stringify({ id: fresh('evt'), type: 'payment.changed', ...facts });

export const noticesSuite = shopSuite('A notice of the bank', it => {
  it('is taken when it is signed, as often as it comes and whatever it speaks of', async shop => {
    const body = notice({ ref: 'nobody-knows', type: 'something.new' });
    for (let i = 0; i < 2; i += 1) expect(outcome(await notify(shop.anonymous, body))).to.equal('204');
    await work(shop, 'inbox');
  });

  it('is refused when nobody has signed these bytes lately', async shop => {
    const body = notice();
    const long = 301_000;
    const again = JSON.stringify(JSON.parse(body), null, 1);
    for (const [what, signature, sent] of [
      ['nothing', '', body],
      ['another secret', signatureOf(body, 'another-secret-of-a-bank', new Date()), body],
      ['long ago', signatureOf(body, BANK_SECRET, new Date(Date.now() - long)), body],
      ['in the future', signatureOf(body, BANK_SECRET, new Date(Date.now() + long)), body],
      ['other bytes', signatureOf(body, BANK_SECRET, new Date()), again],
    ] as const)
      expect(outcome(await notify(shop.anonymous, sent, signature)), what).to.equal('400 SIGNATURE_INVALID');
    expect(outcome(await notify(shop.anonymous, ''))).to.equal('400 SIGNATURE_INVALID');
    expect(outcome(await notify(shop.anonymous, body, undefined, 'nobody'))).to.equal('404 NOT_FOUND');
  });

  it('is refused when it cannot be kept as it is', async shop => {
    for (const facts of [{ id: 'evt\u0000' }, { type: 'payment\u0000changed' }, { id: '\ud800' }])
      expect(outcome(await notify(shop.anonymous, notice(facts)))).to.equal('400 SIGNATURE_INVALID');
  });

  it('that is too large is not read to its end', async shop => {
    const body = notice({ padding: 'x'.repeat(300_000) });
    expect(outcome(await notify(shop.anonymous, body))).to.equal('413 PAYLOAD_TOO_LARGE');
  });

  it('leaves it to the bank whether the order is paid: a customer who confirms is served', async shop => {
    const customer = await shop.customer();
    const receipt = await bought(customer, await shop.variant(), { payment_method: 'tok_requires_action' });
    expect(receipt.status).to.equal('PENDING');
    const path = `/payments/sandbox/${receipt.order_id}/confirm`;
    expect(dataOf(await shop.anonymous.post<Receipt>(path)).status).to.equal('PAID');
    expect(dataOf(await customer.get<Order>(`/orders/${receipt.order_id}`)).status).to.equal('PAID');
    expect(
      outcome(await shop.anonymous.post(`/payments/sandbox/00000000-0000-7000-8000-000000000000/confirm`)),
    ).to.equal('404 NOT_FOUND');
  });
});
