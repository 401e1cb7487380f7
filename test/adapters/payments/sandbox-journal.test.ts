import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { SandboxBank } from '../../../adapters/payments/sandbox-bank.ts';
import { SandboxGateway } from '../../../adapters/payments/sandbox-gateway.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { paymentGatewayContract } from '../../contracts/payment-gateway.contract.ts';
import { nextId, usd } from '../../support/builders.ts';
import { times } from '../../support/waiting.ts';
import { sandboxHarness, SILENT } from './sandbox-harness.ts';

const PRICE = usd(2999);

function authorize(bank: SandboxBank, method = 'tok_ok'): PaymentId {
  const ref = PaymentId(nextId());
  bank.authorize({ ref, amount: PRICE, method, key: `${ref}:auth` });
  return ref;
}

const capture = (bank: SandboxBank, ref: PaymentId) =>
  bank.capture({ ref, authorizationId: `sandbox_auth_${ref}_1`, amount: PRICE, key: `${ref}:capture` });

const refund = (bank: SandboxBank, ref: PaymentId) =>
  bank.refund({ ref, captureId: `sandbox_capture_${ref}_1`, amount: PRICE, key: `${ref}:refund:1` });

describe('the sandbox bank with a journal', () => {
  let folder: string;
  let journal: string;
  let open: SandboxBank[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pannier-bank-'));
    journal = join(folder, 'data', 'sandbox.jsonl');
    open = [];
  });

  afterEach(() => {
    for (const bank of open) bank.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function aBank(): SandboxBank {
    const bank = new SandboxBank({ journal });
    open.push(bank);
    return bank;
  }

  function restarted(): SandboxBank {
    open.at(-1)?.close();
    return aBank();
  }

  it('captures after a restart what was authorised before', () => {
    const ref = authorize(aBank());
    expect(capture(restarted(), ref).answer).to.include({ outcome: 'captured' });
  });

  it('knows after a restart all that it knew', () => {
    const bank = aBank();
    const refs = ['tok_ok', 'tok_decline', 'tok_timeout', 'tok_requires_action', 'tok_capture_refused', 'tok_lost'].map(
      method => authorize(bank, method),
    );
    const [confirmed, failed] = [authorize(bank, 'tok_requires_action'), authorize(bank, 'tok_requires_action')];
    bank.confirm(confirmed);
    bank.fail(failed);
    const [captured, refunded, voided] = [authorize(bank), authorize(bank), authorize(bank)];
    capture(bank, captured);
    capture(bank, refunded);
    refund(bank, refunded);
    bank.void(voided);
    const all = [...refs, confirmed, failed, captured, refunded, voided];
    const known = all.map(ref => [bank.lookup(ref), bank.movements(ref)]);
    const after = restarted();
    expect(all.map(ref => [after.lookup(ref), after.movements(ref)])).to.deep.equal(known);
  });

  it('gives after a restart the same answers under the same keys, and has no second effect', () => {
    const bank = aBank();
    const ref = authorize(bank);
    const answer = capture(bank, ref).answer;
    const after = restarted();
    expect(capture(after, ref).answer).to.deep.equal(answer);
    expect(after.movements(ref)).to.have.length(2);
  });

  it('remembers a tombstone of a payment that it never saw', () => {
    const ref = PaymentId(nextId());
    aBank().void(ref);
    const late = restarted().authorize({ ref, amount: PRICE, method: 'tok_ok', key: `${ref}:auth` });
    expect(late.answer).to.deep.equal({ outcome: 'declined', reason: 'voided' });
  });

  it('writes nothing down when it is only looked at or asked again', () => {
    const bank = aBank();
    const ref = authorize(bank);
    const size = statSync(journal).size;
    bank.lookup(ref);
    bank.authorize({ ref, amount: PRICE, method: 'tok_ok', key: `${ref}:auth` });
    expect(statSync(journal).size).to.equal(size);
  });

  it('writes no secret down, and for its owner only', () => {
    const ref = authorize(aBank());
    const entry = { ask: 'authorize', ref, amount: { amount: 2999, currency: 'USD' }, about: 'tok_ok' };
    expect(JSON.parse(readFileSync(journal, 'utf8'))).to.deep.equal({ ...entry, key: `${ref}:auth` });
    expect(statSync(journal).mode & 0o777).to.equal(0o600);
  });

  it('survives a line that was cut off when the process was killed, and goes on after it', () => {
    const first = authorize(aBank());
    appendFileSync(journal, '{"ask":"authorize","ref":"019ca');
    const second = authorize(restarted());
    const bank = restarted();
    for (const ref of [first, second]) expect(bank.lookup(ref).answer).to.include({ outcome: 'authorized' });
  });

  for (const line of ['not JSON', '{"ask":"authorize"}', '{"ask":"rob","ref":"x"}', '7'])
    it(`does not start with a journal that says ${line}`, () => {
      authorize(aBank());
      writeFileSync(journal, `${line}\n${readFileSync(journal, 'utf8')}`);
      expect(() => restarted()).to.throw('sandbox.jsonl:1 is no entry');
    });

  it('has lost nothing that it answered when the process is killed', async () => {
    const authorized = await authorizedByAnother(journal, { payments: 3 });
    const bank = aBank();
    expect(authorized).to.have.length(3);
    for (const ref of authorized) expect(capture(bank, ref).answer).to.include({ outcome: 'captured' });
  });

  it('has done nothing that it could not write down, and is whole when there is room again', async () => {
    const authorized = await authorizedByAnother(journal, { payments: 60, kilobytes: 4 });
    expect(authorized.length).to.be.within(5, 59);
    const content = readFileSync(journal, 'utf8');
    expect(content.endsWith('\n')).to.equal(true);
    expect(content.split('\n')).to.have.length(authorized.length + 1);
    const bank = aBank();
    for (const ref of [...authorized, authorize(bank)])
      expect(capture(bank, ref).answer).to.include({ outcome: 'captured' });
  });

  paymentGatewayContract({
    name: 'sandbox with a journal',
    open: async () => {
      const home = mkdtempSync(join(tmpdir(), 'pannier-bank-'));
      const bank = new SandboxBank({ journal: join(home, 'sandbox.jsonl') });
      return {
        ...(await sandboxHarness.open()),
        gateway: new SandboxGateway({ bank, logger: SILENT }),
        movements: ref => Promise.resolve(bank.movements(ref)),
        customer: async (ref, does) => void bank[does](ref),
        close: async () => {
          bank.close();
          rmSync(home, { recursive: true });
        },
      };
    },
  });
});

const urlOf = (path: string): string => new URL(`../../../${path}${extname(import.meta.url)}`, import.meta.url).href;

/**
 * The payments that a process of its own could authorise, which then kills itself at once.
 * Its files may grow to so many kilobytes, as if the disk were full then.
 */
async function authorizedByAnother(
  journal: string,
  { payments, kilobytes }: { payments: number; kilobytes?: number },
): Promise<PaymentId[]> {
  const script = `
    import { writeSync } from 'node:fs';
    import { SandboxBank } from ${JSON.stringify(urlOf('adapters/payments/sandbox-bank'))};
    import { Money } from ${JSON.stringify(urlOf('domain/shared/money'))};
    const bank = new SandboxBank({ journal: ${JSON.stringify(journal)} });
    for (const ref of ${JSON.stringify(times(payments, nextId))}) {
      try {
        bank.authorize({ ref, amount: Money.of(2999, 'USD'), method: 'tok_ok', key: ref + ':auth' });
        writeSync(1, ref + ' ');
      } catch {}
    }
    process.kill(process.pid, 'SIGKILL');`;
  const limited = `ulimit -f ${kilobytes === undefined ? 'unlimited' : kilobytes * 2}; exec "$@"`;
  const node = [process.execPath, ...process.execArgv, '--input-type=module', '--eval', script];
  const child = spawn('sh', ['-c', limited, 'sh', ...node], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [told, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(signal).to.equal('SIGKILL');
  return told
    .trim()
    .split(' ')
    .map(ref => PaymentId(ref));
}
