import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RemoteSandboxGateway } from '../../../adapters/payments/remote-sandbox-gateway.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { paymentGatewayContract } from '../../contracts/payment-gateway.contract.ts';
import { nextId, NOON, usd } from '../../support/builders.ts';
import { SandboxProcess } from '../../support/sandbox-process.ts';
import { aServer, STRANGE } from '../../support/strange-server.ts';
import { rejectionOf } from '../../support/waiting.ts';
import { aRemoteSandbox, closeSandboxes, remoteSandboxHarness } from './remote-sandbox-harness.ts';
import { SILENT } from './sandbox-harness.ts';

paymentGatewayContract(remoteSandboxHarness);

const PRICE = usd(2999);

function aRequest(method = 'tok_ok') {
  const ref = PaymentId(nextId());
  return { ref, amount: PRICE, method, key: `${ref}:auth` };
}

const captureOf = (ref: PaymentId, authorizationId: string) => ({
  ref,
  authorizationId,
  amount: PRICE,
  key: `${ref}:capture`,
});

describe('the remote sandbox gateway', () => {
  afterEach(closeSandboxes);

  for (const [what, listener] of Object.entries(STRANGE))
    it(`is unknown, and says so in the log, when the answer is ${what}`, async () => {
      const server = await aServer(listener);
      const warnings: unknown[] = [];
      const logger: Logger = { ...SILENT, warn: (_message, fields) => void warnings.push(fields) };
      const gateway = new RemoteSandboxGateway({ url: server.url, logger, timeoutMs: 100 });
      const { ref } = aRequest();
      expect(await gateway.void(ref)).to.deep.equal({ outcome: 'unknown' });
      expect(await gateway.list({ since: NOON, limit: 1 })).to.deep.equal({ outcome: 'unknown' });
      expect(warnings).to.have.length(2);
      expect(warnings[0]).to.include({ call: 'void', ref });
      expect(warnings[1]).to.include({ call: 'list' });
      await server.close();
    });

  it('is unknown when nobody is there', async () => {
    const server = await aServer(() => {});
    await server.close();
    const gateway = new RemoteSandboxGateway({ url: server.url, logger: SILENT });
    expect(await gateway.lookup(aRequest().ref)).to.deep.equal({ outcome: 'unknown' });
  });

  it('waits for an answer that is slow', async () => {
    const { gateway } = await aRemoteSandbox();
    expect(await gateway.authorize(aRequest('tok_slow'))).to.include({ outcome: 'authorized' });
  });
});

describe('the server of the sandbox bank', () => {
  afterEach(closeSandboxes);

  it('shows in its ledger what it did under each reference', async () => {
    const { gateway, server } = await aRemoteSandbox();
    const [paid, given, voided] = [aRequest(), aRequest(), aRequest()];
    for (const request of [paid, given, voided]) {
      const answer = await gateway.authorize(request);
      if (answer.outcome !== 'authorized') throw new Error(answer.outcome);
      if (request !== voided) await gateway.capture(captureOf(request.ref, answer.authorizationId));
    }
    await gateway.refund({ ref: given.ref, captureId: `sandbox_capture_${given.ref}_1`, amount: usd(999), key: 'one' });
    await gateway.void(voided.ref);
    const [once, never] = [
      { count: 1, amount: 2999 },
      { count: 0, amount: 0 },
    ];
    const entry = { currency: 'USD', authorized: once, captured: once, voided: never, refunded: never };
    expect(await ledgerOf(server.url)).to.deep.equal({
      [paid.ref]: { ...entry, state: 'captured' },
      [given.ref]: { ...entry, state: 'captured', refunded: { count: 1, amount: 999 } },
      [voided.ref]: { ...entry, state: 'voided', captured: never, voided: once },
    });
    expect(Object.keys(await ledgerOf(server.url, `?ref=${paid.ref}`))).to.deep.equal([paid.ref]);
  });

  it('lets the customer confirm', async () => {
    const { gateway, server } = await aRemoteSandbox();
    const { ref, ...request } = aRequest('tok_requires_action');
    await gateway.authorize({ ref, ...request });
    expect(await (await post(`${server.url}/confirm`, { ref })).json()).to.deep.equal({ done: true });
    expect(await gateway.lookup(ref)).to.include({ outcome: 'authorized' });
  });

  it('refuses what is no request, and does nothing', async () => {
    const { bank, server } = await aRemoteSandbox();
    const { ref } = aRequest();
    const toVoid = `${server.url}/void`;
    const answers = [
      await post(toVoid, { ref: 'no reference' }),
      await post(toVoid, []),
      await post(`${server.url}/authorize`, {
        ref,
        amount: { amount: 0.5, currency: 'USD' },
        method: 'tok_ok',
        key: 'k',
      }),
      await fetch(toVoid, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' }),
      await fetch(toVoid, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: JSON.stringify({ ref }) }),
      await post(`${server.url}/list`, { since: 'yesterday', limit: 1 }),
      await post(`${server.url}/toString`, { ref }),
      await fetch(toVoid),
    ];
    expect(answers.map(answer => answer.status)).to.deep.equal([400, 400, 400, 400, 415, 400, 404, 404]);
    expect(bank.refs).to.deep.equal([]);
  });
});

describe('a sandbox bank in a process of its own', () => {
  afterEach(() => SandboxProcess.killAll());

  it('is there when it has been killed and started again, and knows what it knew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pannier-bank-'));
    const options = ['--journal', join(folder, 'bank.jsonl')];
    const first = await SandboxProcess.start(options);
    const request = aRequest();
    const before = await new RemoteSandboxGateway({ url: first.url, logger: SILENT }).authorize(request);
    await first.kill();
    const second = await SandboxProcess.start(options);
    const gateway = new RemoteSandboxGateway({ url: second.url, logger: SILENT });
    expect(await gateway.lookup(request.ref)).to.deep.equal(before);
    expect(await gateway.authorize(request)).to.deep.equal(before);
    expect((await ledgerOf(second.url))[request.ref]).to.deep.include({ authorized: { count: 1, amount: 2999 } });
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  it('does not start with what it does not understand', async () => {
    expect(await startProblem('--port', 'seven')).to.include('--port must be a number');
    expect(await startProblem('--notify', 'http://127.0.0.1:1/')).to.include('SANDBOX_WEBHOOK_SECRET is required');
    expect(await startProblem('--speed', '9')).to.include('--speed');
  });
});

const startProblem = async (...options: string[]): Promise<string> =>
  String(await rejectionOf(SandboxProcess.start(options)));

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

const ledgerOf = async (url: string, query = ''): Promise<Record<string, unknown>> =>
  (await (await fetch(`${url}/ledger${query}`)).json()) as Record<string, unknown>;
