import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { isSignedBy, signatureOf } from '../../adapters/payments/notice-signature.ts';
import { SandboxWebhooks } from '../../adapters/payments/sandbox-webhooks.ts';
import type { GatewayNotice, GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import { gatewayWebhooksContract, type WebhooksHarness } from './gateway-webhooks.contract.ts';
import { verdictOf } from './verdict.ts';

const HEADER = 'sandbox-signature';

const harness = (reader: WebhooksHarness['reader']): WebhooksHarness => ({
  name: 'these',
  header: HEADER,
  reader,
  sign: signatureOf,
  body: facts => JSON.stringify(facts),
});

type Check = (body: Buffer, signature: string, now: Date) => Parameters<typeof isSignedBy> | boolean;

/** Reads as the sandbox does, once `check` has let the notice in. */
const lettingIn =
  (check: (secrets: readonly string[]) => Check) =>
  (secrets: readonly string[]): GatewayWebhooks => ({
    gateway: 'sandbox',
    read: (body, headers, now) => {
      const signature = headers[HEADER];
      if (typeof signature !== 'string') return undefined;
      const verdict = check(secrets)(body, signature, now);
      if (!(typeof verdict === 'boolean' ? verdict : isSignedBy(...verdict))) return undefined;
      return signedAnew(body, now);
    },
  });

/** What a sound reader makes of these bytes, once they are believed. */
function signedAnew(body: Buffer, now: Date): GatewayNotice | undefined {
  return new SandboxWebhooks({ secrets: ['s'] }).read(body, { [HEADER]: signatureOf(body, 's', now) }, now);
}

const timeIn = (signature: string): Date => new Date(Number(/t=(\d+)/.exec(signature)?.[1] ?? 0) * 1000);

const anyTime: Check = (body, signature) => [['whsec_of_this_year'], body, signature, timeIn(signature)];

const BELIEVE = 'believe no signature but a current one of exactly these bytes';

const BROKEN: readonly (readonly [what: string, reader: WebhooksHarness['reader'], breaks: string])[] = [
  ['believe everybody', lettingIn(() => () => true), BELIEVE],
  ['never look at the time', lettingIn(() => anyTime), BELIEVE],
  [
    'sign the JSON instead of the bytes',
    lettingIn(secrets => (body, signature, now) => {
      try {
        return [secrets, Buffer.from(JSON.stringify(JSON.parse(body.toString()))), signature, now];
      } catch {
        return false;
      }
    }),
    BELIEVE,
  ],
  [
    'sign the body without the time',
    lettingIn(
      secrets => (body, signature) =>
        secrets.some(secret => signature.includes(createHmac('sha256', secret).update(body).digest('hex'))),
    ),
    'tell which event it is, and of which payment it speaks',
  ],
  [
    'know only one secret',
    lettingIn(([first = '']) => (body, signature, now) => [[first], body, signature, now]),
    'may be signed with any current secret, and by several at once, while secrets are changed',
  ],
  [
    'take an empty secret for one',
    lettingIn(secrets => (body, signature, now) => {
      const [, hex] = signature.split(',v1=');
      const seconds = Math.floor(timeIn(signature).getTime() / 1000);
      const signed = secrets.some(
        secret => createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex') === hex,
      );
      return signed && Math.abs(now.getTime() - seconds * 1000) <= 300_000;
    }),
    'are never believed by a shop without a secret',
  ],
  [
    'drop what they do not know',
    secrets => {
      const sound = new SandboxWebhooks({ secrets });
      const read: GatewayWebhooks['read'] = (...given) => {
        const notice = sound.read(...given);
        return notice?.type.startsWith('payment.') ? notice : undefined;
      };
      return { gateway: 'sandbox', read };
    },
    'read events of a type that nobody knows, and of no payment or a strange one',
  ],
];

describe('the contract of gateway webhooks', () => {
  it('accepts sound ones', async () => {
    const sound = harness(secrets => new SandboxWebhooks({ secrets }));
    const { passed, failed } = await verdictOf(api => gatewayWebhooksContract(sound, api));
    expect(failed).to.deep.equal([]);
    for (const [what, , breaks] of BROKEN)
      expect(
        passed.filter(title => title.endsWith(breaks)),
        what,
      ).to.have.length(1);
  });

  for (const [what, reader, breaks] of BROKEN)
    it(`refuses those that ${what}`, async () => {
      const { passed, failed } = await verdictOf(api => gatewayWebhooksContract(harness(reader), api), [breaks]);
      expect(passed).to.deep.equal([]);
      expect(failed).to.have.length(1);
    });
});
