import { expect } from 'chai';
import { SandboxBank } from '../../../adapters/payments/sandbox-bank.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { paymentGatewayContract } from '../../contracts/payment-gateway.contract.ts';
import { nextId, usd } from '../../support/builders.ts';
import { aSandbox, sandboxHarness, SILENT } from './sandbox-harness.ts';

paymentGatewayContract(sandboxHarness);

const PRICE = usd(2999);

/** What `authorize` is asked for a new payment by that method. */
function aRequest(method: string) {
  const ref = PaymentId(nextId());
  return { ref, amount: PRICE, method, key: `${ref}:auth` };
}

const movesOf = (bank: SandboxBank, ref: PaymentId): string =>
  bank
    .movements(ref)
    .map(({ kind }) => kind)
    .join(' ');

const slowGateway = (settings: { slowMs: number; deadlineMs: number }) => {
  const waits: number[] = [];
  const delay = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
  return { ...aSandbox({ ...settings, delay }), waits };
};

describe('the sandbox gateway', () => {
  const DECLINED: Readonly<Record<string, string>> = {
    tok_decline: 'card_declined',
    tok_insufficient_funds: 'insufficient_funds',
    tok_unheard_of: 'unknown_payment_method',
    '4111111111111111': 'unknown_payment_method',
    ['__proto__']: 'unknown_payment_method',
    '': 'unknown_payment_method',
  };
  for (const [method, reason] of Object.entries(DECLINED))
    it(`declines "${method}" because of ${reason}`, async () => {
      expect(await aSandbox().gateway.authorize(aRequest(method))).to.deep.equal({ outcome: 'declined', reason });
    });

  it('names holds and captures after the payment that they belong to', async () => {
    const { gateway } = aSandbox();
    const request = aRequest('tok_ok');
    const { ref } = request;
    const authorizationId = `sandbox_auth_${ref}_1`;
    expect(await gateway.authorize(request)).to.have.property('authorizationId', authorizationId);
    const captured = await gateway.capture({ ref, authorizationId, amount: PRICE, key: `${ref}:capture` });
    expect(captured).to.have.property('captureId', `sandbox_capture_${ref}_1`);
  });

  it('asks the customer for 3-D Secure', async () => {
    const { gateway } = aSandbox();
    const request = aRequest('tok_requires_action');
    expect(await gateway.authorize(request)).to.deep.equal({
      outcome: 'requires_action',
      action: { type: 'three_d_secure', clientSecret: `sandbox_auth_${request.ref}_1_secret`, url: null },
    });
  });

  it('takes the answer of a customer once, and of nobody else', async () => {
    const { gateway, bank } = aSandbox();
    const request = aRequest('tok_requires_action');
    expect(bank.confirm(request.ref)).to.equal(false);
    await gateway.authorize(request);
    expect(bank.confirm(request.ref)).to.equal(true);
    expect(bank.fail(request.ref)).to.equal(false);
    expect(await gateway.lookup(request.ref)).to.include({ outcome: 'authorized' });
  });

  it('gives the first answer under a key even when things have moved on', async () => {
    const { gateway, bank } = aSandbox();
    const request = aRequest('tok_requires_action');
    const first = await gateway.authorize(request);
    bank.confirm(request.ref);
    expect(await gateway.authorize(request)).to.deep.equal(first);
  });

  it('answers the second time what was lost the first time', async () => {
    const { gateway, bank } = aSandbox();
    const request = aRequest('tok_timeout');
    expect(await gateway.authorize(request)).to.deep.equal({ outcome: 'unknown' });
    expect(await gateway.authorize(request)).to.include({ outcome: 'authorized' });
    expect(movesOf(bank, request.ref)).to.equal('held');
  });

  it('holds the money a second time for a shop that forgets its key', async () => {
    const { gateway, bank } = aSandbox();
    const request = aRequest('tok_ok');
    await gateway.authorize(request);
    await gateway.authorize({ ...request, key: 'another key' });
    expect(movesOf(bank, request.ref)).to.equal('held held');
    await gateway.void(request.ref);
    expect(movesOf(bank, request.ref)).to.equal('held held released released');
  });

  it('is captured once, even for a shop that forgets its key', async () => {
    const { gateway, bank } = aSandbox();
    const request = aRequest('tok_ok');
    const { ref } = request;
    await gateway.authorize(request);
    const capture = { ref, authorizationId: `sandbox_auth_${ref}_1`, amount: PRICE };
    const first = await gateway.capture({ ...capture, key: 'one' });
    expect(await gateway.capture({ ...capture, key: 'other' })).to.deep.equal(first);
    expect(movesOf(bank, ref)).to.equal('held captured');
  });

  describe('with a slow line', () => {
    it('answers late, but in time', async () => {
      const { gateway, waits } = slowGateway({ slowMs: 1500, deadlineMs: 8000 });
      expect(await gateway.authorize(aRequest('tok_slow'))).to.include({ outcome: 'authorized' });
      expect(waits).to.deep.equal([1500]);
    });

    it('is unknown after the deadline, although the money is held', async () => {
      const { gateway, waits } = slowGateway({ slowMs: 9000, deadlineMs: 8000 });
      const request = aRequest('tok_slow');
      expect(await gateway.authorize(request)).to.deep.equal({ outcome: 'unknown' });
      expect(waits).to.deep.equal([8000]);
      expect(await gateway.lookup(request.ref)).to.include({ outcome: 'authorized' });
    });

    it('lets the others pass', async () => {
      const { gateway, waits } = slowGateway({ slowMs: 1500, deadlineMs: 8000 });
      await gateway.authorize(aRequest('tok_ok'));
      await gateway.authorize(aRequest('tok_lost'));
      expect(waits).to.deep.equal([]);
    });
  });

  it('is unknown while the bank is out of order, and says so in the log', async () => {
    const bank = new SandboxBank();
    bank.authorize = () => {
      throw new Error('ENOSPC: no space left on device');
    };
    const problems: unknown[] = [];
    const logger: Logger = { ...SILENT, error: (_message, fields) => void problems.push(fields?.['error']) };
    const { gateway } = aSandbox({ bank, logger });
    expect(await gateway.authorize(aRequest('tok_ok'))).to.deep.equal({ outcome: 'unknown' });
    expect(problems).to.have.length(1);
  });
});
