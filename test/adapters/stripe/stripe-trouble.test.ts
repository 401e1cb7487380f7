import { expect } from 'chai';
import { redactedFields } from '../../../adapters/observability/redaction.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { StripeEndpoint, StripeFault } from '../../support/stripe-server.ts';
import { aServer, STRANGE } from '../../support/strange-server.ts';
import { aPayment, aStripe, SECRET_KEY } from './stripe-harness.ts';

const UNKNOWN = { outcome: 'unknown' };

type Payment = ReturnType<typeof aPayment>;

/** Each request of the adapter, by what comes before it and the call of the shop that makes it. */
const CALLS: Readonly<Record<StripeEndpoint, readonly [before: 'nothing' | 'authorized' | 'captured', keyof Calls]>> = {
  create: ['nothing', 'authorize'],
  confirm: ['nothing', 'authorize'],
  capture: ['authorized', 'capture'],
  cancel: ['authorized', 'void'],
  retrieve: ['authorized', 'lookup'],
  search: ['nothing', 'lookup'],
  list: ['nothing', 'lookup'],
  refund: ['captured', 'refund'],
  refunds: ['captured', 'refund'],
};

type Calls = Pick<Payment, 'authorize' | 'capture' | 'void' | 'lookup' | 'refund'>;

const FAULTS: readonly StripeFault[] = [
  'request lost',
  'answer lost',
  'half an answer',
  'HTTP 500',
  'HTTP 302',
  'HTTP 403',
  'HTTP 409',
  'HTTP 429',
  'garbage',
  'null',
  'a megabyte',
];

describe('trouble with Stripe', () => {
  for (const [endpoint, [before, call]] of Object.entries(CALLS) as [StripeEndpoint, (typeof CALLS)['create']][])
    it(`is unknown, in time, wherever it strikes: ${endpoint}`, async () => {
      const { gateway, server } = await aStripe();
      const hurried = await aStripe({ apiBase: server.url, timeoutMs: 40 });
      for (const fault of FAULTS) {
        const payment = aPayment(gateway);
        const id = before === 'nothing' ? '' : await payment.authorized();
        if (before === 'captured') await payment.capture(id);
        server.inject(endpoint, fault, { times: 2 });
        const start = performance.now();
        expect(await payment.by(hurried.gateway)[call](id), fault).to.deep.equal(UNKNOWN);
        expect(performance.now() - start, fault).to.be.lessThan(1000);
        server.heal();
      }
      await Promise.all([server.close(), hurried.server.close()]);
      expect(server.complaints).to.deep.equal([]);
    });

  for (const [what, listener] of Object.entries(STRANGE))
    it(`is unknown when Stripe answers with ${what}`, async () => {
      const { url, close } = await aServer(listener);
      const { gateway, server } = await aStripe({ apiBase: url, timeoutMs: 40 });
      const payment = aPayment(gateway);
      expect(await payment.authorize()).to.deep.equal(UNKNOWN);
      expect(await payment.capture('pi_1')).to.deep.equal(UNKNOWN);
      expect(await payment.void()).to.deep.equal(UNKNOWN);
      expect(await payment.refund('pi_1')).to.deep.equal(UNKNOWN);
      expect(await payment.lookup()).to.deep.equal(UNKNOWN);
      await close();
      await server.close();
    });

  it('is unknown when nobody is there', async () => {
    const { gateway, server } = await aStripe();
    await server.close();
    expect(await aPayment(gateway).authorize()).to.deep.equal(UNKNOWN);
  });

  it('is unknown when the answer is about another payment', async () => {
    const { gateway, server } = await aStripe();
    server.inject('confirm', 'another payment');
    expect(await aPayment(gateway).authorize()).to.deep.equal(UNKNOWN);
    const payment = aPayment(gateway);
    const id = await payment.authorized();
    server.inject('capture', 'another payment');
    expect(await payment.capture(id)).to.deep.equal(UNKNOWN);
    server.inject('refund', 'another payment');
    expect(await payment.refund(id)).to.deep.equal(UNKNOWN);
    expect(await payment.refund(id)).to.deep.equal({ outcome: 'refunded' });
    await server.close();
  });

  it('does not reach the customer when Stripe has only closed an idle connection', async () => {
    const { gateway, server } = await aStripe();
    await aPayment(gateway).lookup();
    const payment = aPayment(gateway);
    server.inject('confirm', 'answer cut');
    expect(await payment.authorize()).to.include({ outcome: 'authorized' });
    expect(server.movements(payment.ref)).to.have.length(1);
    const confirmed = server.requests.filter(({ endpoint }) => endpoint === 'confirm');
    expect(confirmed.map(({ headers }) => headers['idempotency-key'])).to.deep.equal(
      [1, 2].map(() => `${payment.ref}:auth`),
    );
    await server.close();
  });

  it('is in the log, by payment and kind, and no secret is', async () => {
    const lines: unknown[][] = [];
    const note = (...line: unknown[]): void => void lines.push(line);
    const logger: Logger = { error: note, warn: note, info: note, debug: note };
    const { gateway, server } = await aStripe({ logger, timeoutMs: 100 });
    const payment = aPayment(gateway, 'pm_card_authenticationRequired');
    await payment.authorize();
    for (const fault of FAULTS) {
      server.inject('search', fault, { times: 2 });
      await payment.lookup();
      server.heal();
    }
    const other = await aStripe({ logger, apiBase: server.url, secretKey: 'sk_live_wrong_key' });
    await aPayment(other.gateway).authorize();
    expect(lines).to.have.length(FAULTS.length + 1);
    for (const [, fields] of lines) expect(fields).to.include.keys('call', 'ref', 'kind');
    const written = JSON.stringify(lines.map(([message, fields]) => [message, redactedFields(fields as object, true)]));
    expect(JSON.stringify(lines)).not.to.match(/sk_|pm_card|_secret_|Bearer|coffee/);
    expect(written).to.include(payment.ref).and.include('HTTP'.toLowerCase()).and.not.include(SECRET_KEY);
    await Promise.all([server.close(), other.server.close()]);
  });
});
