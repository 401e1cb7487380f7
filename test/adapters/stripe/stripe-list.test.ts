import { expect } from 'chai';
import { shopMarks } from '../../../adapters/stripe/shop-marks.ts';
import type { ListAnswer } from '../../../application/ports/payment-gateway.ts';
import type { StripeFault } from '../../support/stripe-server.ts';
import { aServer, STRANGE } from '../../support/strange-server.ts';
import { aPayment, aStripe, PRICE, SOON_AFTER } from './stripe-harness.ts';

const UNKNOWN = { outcome: 'unknown' };
const FROM_NOW_ON = { since: SOON_AFTER, limit: 100 };

const refsIn = (answer: ListAnswer): string[] => {
  if (answer.outcome === 'unknown') throw new Error('This was expected to be listed.');
  return answer.payments.map(({ ref }) => ref);
};

describe('what Stripe holds', () => {
  let stripe: Awaited<ReturnType<typeof aStripe>>;

  beforeEach(async () => {
    stripe = await aStripe();
  });

  afterEach(() => stripe.server.close());

  it('is listed only where this shop has marked it, with a mark of today or one that is being replaced', async () => {
    const { gateway, server } = stripe;
    const shop = (...marks: string[]) => aStripe({ apiBase: server.url, marks });
    const others = [await shop('another shop'), await shop(), await shop('new mark', 'this shop')];
    const [ours, foreign, unmarked, marked] = [gateway, ...others.map(other => other.gateway)].map(one =>
      aPayment(one),
    );
    for (const payment of [ours!, foreign!, unmarked!, marked!]) await payment.authorized();
    expect(refsIn(await gateway.list(FROM_NOW_ON))).to.deep.equal([ours!.ref]);
    expect(refsIn(await others[0]!.gateway.list(FROM_NOW_ON))).to.deep.equal([foreign!.ref]);
    expect(refsIn(await others[1]!.gateway.list(FROM_NOW_ON)), 'without a mark').to.deep.equal([]);
    expect(refsIn(await others[2]!.gateway.list(FROM_NOW_ON))).to.deep.equal([marked!.ref, ours!.ref]);
    for (const other of others) await other.server.close();
    expect(server.complaints).to.deep.equal([]);
  });

  it('is listed from the very second that it was asked for', async () => {
    const { gateway } = stripe;
    const { ref, authorized } = aPayment(gateway);
    await authorized();
    expect(refsIn(await gateway.list(FROM_NOW_ON))).to.deep.equal([ref]);
    const later = new Date(SOON_AFTER.getTime() + 1000);
    expect(refsIn(await gateway.list({ since: later, limit: 100 }))).to.deep.equal([]);
  });

  it('is listed in pages that are not too long for us, however many are asked for', async () => {
    const { gateway, server } = stripe;
    for (let orders = 0; orders < 51; orders += 1) await aPayment(gateway).authorized();
    const page = await gateway.list(FROM_NOW_ON);
    expect(refsIn(page)).to.have.length(50);
    const { next } = page as { next?: string };
    const rest = await gateway.list({ ...FROM_NOW_ON, after: next });
    expect(refsIn(rest)).to.have.length(1);
    expect(rest).not.to.have.property('next');
    expect(server.complaints).to.deep.equal([]);
  });

  const FAULTS: readonly StripeFault[] = [
    'answer lost',
    'half an answer',
    'HTTP 500',
    'HTTP 302',
    'HTTP 403',
    'garbage',
    'null',
    'a megabyte',
  ];
  for (const fault of FAULTS)
    it(`is unknown when the answer is: ${fault}`, async () => {
      const { gateway, server } = await aStripe({ timeoutMs: 100 });
      await aPayment(gateway).authorized();
      server.inject('list', fault, { times: 2 });
      expect(await gateway.list(FROM_NOW_ON)).to.deep.equal(UNKNOWN);
      server.heal();
      expect(refsIn(await gateway.list(FROM_NOW_ON))).to.have.length(1);
      await server.close();
    });

  for (const [what, listener] of Object.entries(STRANGE))
    it(`is unknown when Stripe answers with ${what}`, async () => {
      const { url, close } = await aServer(listener);
      const { gateway, server } = await aStripe({ apiBase: url, timeoutMs: 40 });
      expect(await gateway.list(FROM_NOW_ON)).to.deep.equal(UNKNOWN);
      await Promise.all([close(), server.close()]);
    });

  it('is unknown when one of ours cannot be read', async () => {
    const { gateway, server } = stripe;
    const payment = aPayment(gateway);
    await payment.capture(await payment.authorized());
    expect(await gateway.list(FROM_NOW_ON)).to.deep.equal({
      outcome: 'listed',
      payments: [{ ref: payment.ref, outcome: 'captured', amount: PRICE }],
    });
    server.inject('list', 'another payment');
    expect(await gateway.list(FROM_NOW_ON)).to.deep.equal(UNKNOWN);
  });
});

describe('the marks of a shop', () => {
  it('are as many as its webhook secrets, differ as they do, and do not tell them', () => {
    const marks = shopMarks(['whsec_one', 'whsec_two']);
    expect(new Set(marks).size).to.equal(2);
    expect(shopMarks(['whsec_two'])).to.deep.equal([marks[1]]);
    for (const mark of marks) expect(mark).to.match(/^[0-9a-f]{16}$/);
  });
});
