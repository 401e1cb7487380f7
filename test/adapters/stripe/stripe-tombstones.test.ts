import { expect } from 'chai';
import { aPayment, aStripe, PRICE } from './stripe-harness.ts';
import { times } from '../../support/waiting.ts';
import { usd } from '../../support/builders.ts';

const VOIDED = { outcome: 'voided' };
const UNKNOWN = { outcome: 'unknown' };
const HOURS = 3_600_000;

type Stripe = Awaited<ReturnType<typeof aStripe>>;

const later = ({ time }: Stripe, ms: number): void => {
  time.now = new Date(time.now.getTime() + ms);
};

/** What was done to the money of a payment, such as "held captured". */
const moves = ({ server }: Stripe, { ref }: { ref: string }): string =>
  server
    .movements(ref)
    .map(({ kind }) => kind)
    .join(' ');

const creationOf = (ref: string): Map<string, string> =>
  new Map([
    ['amount', '4350'],
    ['currency', 'usd'],
    ['metadata[ref]', ref],
  ]);

describe('a payment by Stripe', () => {
  let stripe: Stripe;

  beforeEach(async () => {
    stripe = await aStripe({ searchLag: 7200, timeoutMs: 300 });
  });

  afterEach(async () => {
    await stripe.server.close();
    expect(stripe.server.complaints).to.deep.equal([]);
  });

  it('that was voided is declined in another process, too, and leaves one cancelled intent', async () => {
    const { gateway, server } = stripe;
    const another = await aStripe({ apiBase: server.url });
    const payment = aPayment(gateway);
    expect(await payment.void()).to.deep.equal(VOIDED);
    const declined = { outcome: 'declined', reason: 'voided' };
    expect(await payment.by(another.gateway).authorize()).to.deep.equal(declined);
    expect(server.bank.intents.map(({ status }) => status)).to.deep.equal(['canceled']);
    await another.server.close();
  });

  it('whose creation arrived, but not its answer, is found and cancelled', async () => {
    const payment = aPayment(stripe.gateway);
    stripe.server.inject('create', 'answer lost');
    expect(await payment.authorize()).to.deep.equal(UNKNOWN);
    expect(await payment.lookup()).to.deep.equal({ outcome: 'not_found' });
    expect(await payment.void()).to.deep.equal(VOIDED);
    expect(await payment.authorize()).to.include({ outcome: 'declined' });
    expect(moves(stripe, payment)).to.equal('');
  });

  it('is either held or voided when both come at once, and never both', async () => {
    const orders = [
      ['authorize', 'void'],
      ['void', 'authorize'],
    ] as const;
    for (const [first, second] of [...orders, ...orders, ...orders]) {
      const payment = aPayment(stripe.gateway);
      await Promise.all([payment[first](), payment[second]()]);
      expect(await payment.void()).to.deep.equal(VOIDED);
      expect(await payment.lookup()).to.deep.equal(VOIDED);
      expect(moves(stripe, payment)).to.be.oneOf(['', 'held released']);
    }
  });

  it('that neither search nor list can see yet is not voided by mistake, but a little later', async () => {
    const payment = aPayment(stripe.gateway);
    await payment.authorized();
    later(stripe, 1.5 * HOURS);
    expect(await payment.lookup()).to.deep.equal({ outcome: 'not_found' });
    expect(await payment.authorize()).to.include({ outcome: 'authorized' });
    expect(await payment.void()).to.deep.equal(UNKNOWN);
    stripe.server.searchLag = 0;
    expect(await payment.void()).to.deep.equal(VOIDED);
    expect(moves(stripe, payment)).to.equal('held released');
  });

  it('is found among hundreds of newer ones', async () => {
    const payment = aPayment(stripe.gateway);
    await payment.authorized();
    times(120, index => stripe.server.bank.create(creationOf(`order ${index}`)));
    expect(await payment.void()).to.deep.equal(VOIDED);
    expect(moves(stripe, payment)).to.equal('held released');
  });

  it('is voided without search, where Stripe has none, as long as keys are remembered', async () => {
    const [fresh, old] = [aPayment(stripe.gateway), aPayment(stripe.gateway)];
    stripe.server.inject('search', 'no such feature', { times: 99 });
    await fresh.authorized();
    expect(await fresh.void()).to.deep.equal(VOIDED);
    later(stripe, 72 * HOURS);
    expect(await old.authorize()).to.deep.equal(UNKNOWN);
    expect(await old.void()).to.deep.equal(UNKNOWN);
  });

  it('goes on when a newer release asks Stripe in other words', async () => {
    const { gateway, server } = stripe;
    const payment = aPayment(gateway);
    server.bank.create(creationOf(payment.ref));
    server.inject('create', 'another use of the key');
    expect(await payment.authorize()).to.include({ outcome: 'authorized' });
    expect(server.bank.intents).to.have.length(1);
  });

  describe('when Stripe has forgotten its keys', () => {
    const THREE_DAYS = 72 * HOURS;

    beforeEach(() => {
      stripe.server.searchLag = 60;
    });

    it('stays voided', async () => {
      const [never, held] = [aPayment(stripe.gateway), aPayment(stripe.gateway)];
      await held.authorized();
      for (const payment of [never, held]) expect(await payment.void()).to.deep.equal(VOIDED);
      later(stripe, THREE_DAYS);
      for (const payment of [never, held]) {
        expect(await payment.authorize()).to.deep.equal({ outcome: 'declined', reason: 'voided' });
        expect(await payment.void()).to.deep.equal(VOIDED);
      }
      expect(stripe.server.bank.intents).to.have.length(2);
    });

    it('is held once', async () => {
      const payment = aPayment(stripe.gateway);
      await payment.authorized();
      later(stripe, THREE_DAYS);
      expect(await payment.authorize()).to.include({ outcome: 'authorized' });
      expect(moves(stripe, payment)).to.equal('held');
    });

    it('is captured once', async () => {
      const payment = aPayment(stripe.gateway);
      const id = await payment.authorized();
      const first = await payment.capture(id);
      later(stripe, THREE_DAYS);
      expect(await payment.capture(id)).to.deep.equal(first);
      expect(moves(stripe, payment)).to.equal('held captured');
    });

    it('is given back once, although there is enough for twice', async () => {
      const payment = aPayment(stripe.gateway);
      const id = await payment.authorized();
      await payment.capture(id);
      expect(await payment.refund(id, usd(1000))).to.deep.equal({ outcome: 'refunded' });
      later(stripe, THREE_DAYS);
      expect(await payment.refund(id, usd(1000))).to.deep.equal({ outcome: 'refunded' });
      expect(await payment.refund(id, usd(2000))).to.deep.equal({ outcome: 'refused', reason: 'key_reused' });
      expect(moves(stripe, payment)).to.equal('held captured refunded');
      expect(await payment.refund(id, usd(2000), `${payment.ref}:refund:2`)).to.deep.equal({ outcome: 'refunded' });
      expect(moves(stripe, payment)).to.equal('held captured refunded refunded');
      expect(await payment.lookup()).to.include({ outcome: 'captured' });
    });
  });

  it('that was given back is refunded, and its capture stays what it was', async () => {
    const payment = aPayment(stripe.gateway);
    const id = await payment.authorized();
    await payment.capture(id);
    await payment.refund(id);
    expect(await payment.lookup()).to.deep.equal({ outcome: 'refunded' });
    expect(await payment.capture(id)).to.deep.include({ outcome: 'captured', amount: PRICE });
  });
});
