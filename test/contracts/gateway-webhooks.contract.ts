import { expect } from 'chai';
import type { GatewayWebhooks } from '../../application/ports/gateway-webhooks.ts';
import { NOON } from '../support/builders.ts';
import { mochaApi, type SuiteApi } from './suite-api.ts';

export interface WebhooksHarness {
  readonly name: string;
  /** In lower case, as Node gives it. */
  readonly header: string;
  reader(secrets: readonly string[]): GatewayWebhooks;
  sign(body: string, secret: string, at: Date): string;
  /** A notice about a payment, or about none. */
  body(facts: { readonly id: string; readonly type: string; readonly ref?: string }): string;
}

const REF = '019cae1f-f000-7000-8000-00000000abcd';
const [OLD, CURRENT, STRANGER] = ['whsec_of_last_year', 'whsec_of_this_year', 'whsec_of_somebody_else'];

/** The same text with one byte that is no UTF-8 where the mark for such bytes was. */
const brokenBytes = (text: string): Buffer =>
  Buffer.from(Buffer.from(text).toString('latin1').replace('\u00EF\u00BF\u00BD', '\u00FF'), 'latin1');

const at = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

/** Everything that the shop expects of what reads the notices of a gateway. */
export function gatewayWebhooksContract(harness: WebhooksHarness, api: SuiteApi = mochaApi): void {
  const { header, sign } = harness;
  const body = harness.body({ id: 'evt_1', type: 'payment.captured', ref: REF });
  const read = (given: string | Buffer, signature: string | string[] | undefined, secrets = [CURRENT]) =>
    harness.reader(secrets).read(Buffer.from(given), { [header]: signature }, NOON);

  api.describe(`${harness.name} webhooks`, () => {
    api.it('tell which event it is, and of which payment it speaks', async () => {
      const notice = read(body, sign(body, CURRENT, NOON));
      expect(notice).to.include({ eventId: 'evt_1', type: 'payment.captured', ref: REF });
    });

    api.it('read events of a type that nobody knows, and of no payment or a strange one', async () => {
      for (const facts of [{}, { ref: 'order 17' }]) {
        const strange = harness.body({ id: 'evt_2', type: 'moon.eclipsed', ...facts });
        const notice = read(strange, sign(strange, CURRENT, NOON));
        expect(notice, JSON.stringify(facts)).to.include({ eventId: 'evt_2', type: 'moon.eclipsed', ref: null });
      }
    });

    api.it('believe no signature but a current one of exactly these bytes', async () => {
      const good = sign(body, CURRENT, NOON);
      const [time = '', hex = ''] = good.split(',');
      const illegible = harness.body({ id: 'evt_1', type: 'payment.\uFFFD' });
      const refused: Readonly<Record<string, [given: string | Buffer, signature: string | string[] | undefined]>> = {
        none: [body, undefined],
        'an empty one': [body, ''],
        'two headers': [body, [good, good]],
        nonsense: [body, 'verily it is I'],
        'no time': [body, hex],
        'no signature': [body, time],
        'another time': [body, `t=${Math.floor(at(1).getTime() / 1000)},${hex}`],
        'two times': [body, `t=1,${good}`],
        'a time that is no number': [body, `t=now,${hex}`],
        'another scheme': [body, good.replace('v1=', 'v0=')],
        'half a signature': [body, good.slice(0, -32)],
        'another secret': [body, sign(body, STRANGER, NOON)],
        'an empty secret': [body, sign(body, ' ', NOON)],
        'ten minutes ago': [body, sign(body, CURRENT, at(-600))],
        'in ten minutes': [body, sign(body, CURRENT, at(600))],
        'another body': [body.replace('evt_1', 'evt_9'), good],
        'the same JSON written again': [JSON.stringify(JSON.parse(body), null, 2), good],
        'a byte order mark before it': [`\uFEFF${body}`, good],
        'a space after it': [`${body} `, good],
        'an empty body': ['', sign('', CURRENT, NOON)],
        'broken bytes that read the same': [brokenBytes(illegible), sign(illegible, CURRENT, NOON)],
        'a very long header': [body, `${good},${'v1=00,'.repeat(2000)}`],
      };
      for (const [name, [given, signature]] of Object.entries(refused))
        expect(read(given, signature), name).to.equal(undefined);
      expect(read(body, good)).to.include({ eventId: 'evt_1' });
    });

    api.it('are good for five minutes, for clocks that differ', async () => {
      for (const seconds of [-299, -30, 30, 299])
        expect(read(body, sign(body, CURRENT, at(seconds))), `${seconds} s`).to.include({ eventId: 'evt_1' });
    });

    api.it('may be signed with any current secret, and by several at once, while secrets are changed', async () => {
      const [time, old] = sign(body, OLD, NOON).split(',');
      const both = `${time},${old},${sign(body, CURRENT, NOON).split(',')[1]}`;
      expect(read(body, sign(body, OLD, NOON), [CURRENT, OLD])).to.include({ eventId: 'evt_1' });
      expect(read(body, both, [CURRENT])).to.include({ eventId: 'evt_1' });
      expect(read(body, both, [OLD])).to.include({ eventId: 'evt_1' });
      expect(read(body, sign(body, OLD, NOON), [CURRENT])).to.equal(undefined);
    });

    api.it('are never believed by a shop without a secret', async () => {
      for (const secrets of [[], [''], [' ']])
        for (const secret of ['', ' ', CURRENT])
          expect(read(body, sign(body, secret || ' ', NOON), secrets)).to.equal(undefined);
    });

    api.it('that are signed, but no event, are refused', async () => {
      for (const given of ['null', '[]', '"evt_1"', '{}', '{"id":1}', 'no JSON'])
        expect(read(given, sign(given, CURRENT, NOON)), given).to.equal(undefined);
    });
  });
}
