import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { signatureOf } from '../../../adapters/payments/notice-signature.ts';
import { SandboxNotices } from '../../../adapters/payments/sandbox-notices.ts';
import { SandboxWebhooks } from '../../../adapters/payments/sandbox-webhooks.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { gatewayWebhooksContract } from '../../contracts/gateway-webhooks.contract.ts';
import { nextId, usd } from '../../support/builders.ts';
import { aServer } from '../../support/strange-server.ts';
import { aRemoteSandbox, closeSandboxes } from './remote-sandbox-harness.ts';
import { SILENT } from './sandbox-harness.ts';

gatewayWebhooksContract({
  name: 'sandbox',
  header: 'sandbox-signature',
  reader: secrets => new SandboxWebhooks({ secrets }),
  sign: signatureOf,
  body: facts => JSON.stringify(facts),
});

/** A shop that takes notices, once it has refused the first few. */
async function aShop({ refuses = 0 } = {}) {
  const taken: { body: Buffer; headers: IncomingHttpHeaders }[] = [];
  let left = refuses;
  const server = await aServer((request, response) => {
    void buffer(request).then(body => {
      if (left > 0) {
        left -= 1;
        return response.writeHead(503).end();
      }
      taken.push({ body, headers: request.headers });
      return response.writeHead(204).end();
    });
  });
  const has = async (count: number): Promise<void> => {
    const giveUp = Date.now() + 2000;
    while (taken.length < count && Date.now() < giveUp) await sleep(2);
  };
  return { ...server, taken, has };
}

describe('the notices of a sandbox bank', () => {
  afterEach(closeSandboxes);

  it('tell the shop, signed, of every turn that a payment takes', async () => {
    const shop = await aShop();
    const notices = new SandboxNotices({ url: shop.url, secret: 'whsec_1', logger: SILENT });
    const { gateway, bank } = await aRemoteSandbox({ notices });
    const ref = PaymentId(nextId());
    await gateway.authorize({ ref, amount: usd(500), method: 'tok_requires_action', key: `${ref}:auth` });
    await shop.has(1);
    await gateway.lookup(ref);
    await gateway.void(ref);
    await gateway.void(ref);
    await shop.has(2);
    const webhooks = new SandboxWebhooks({ secrets: ['whsec_1'] });
    const read = shop.taken.map(({ body, headers }) => webhooks.read(body, headers, new Date()));
    expect(read.map(notice => [notice?.type, notice?.ref])).to.deep.equal([
      ['payment.requires_action', ref],
      ['payment.voided', ref],
    ]);
    expect(new Set(read.map(notice => notice?.eventId)).size).to.equal(2);
    expect(bank.refs).to.deep.equal([ref]);
    await shop.close();
  });

  it('come again, as the same event, until the shop takes them', async () => {
    const shop = await aShop({ refuses: 2 });
    const notices = new SandboxNotices({ url: shop.url, secret: 's', logger: SILENT, patienceMs: [1, 1, 1, 1] });
    notices.send('payment.captured', PaymentId(nextId()));
    await shop.has(1);
    await sleep(50);
    expect(shop.taken).to.have.length(1);
    await shop.close();
  });

  it('are given up in the end, which the log says', async () => {
    const shop = await aShop({ refuses: 9 });
    const problems: string[] = [];
    const logger = { ...SILENT, warn: (message: string) => void problems.push(message) };
    const notices = new SandboxNotices({ url: shop.url, secret: 's', logger, patienceMs: [1, 1] });
    notices.send('payment.captured', PaymentId(nextId()));
    const giveUp = Date.now() + 2000;
    while (problems.length === 0 && Date.now() < giveUp) await sleep(2);
    expect(problems).to.deep.equal(['The shop never took this notice']);
    expect(shop.taken).to.deep.equal([]);
    await shop.close();
  });
});
