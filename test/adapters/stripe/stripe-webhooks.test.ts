import { expect } from 'chai';
import Stripe from 'stripe';
import { StripeWebhooks } from '../../../adapters/stripe/stripe-webhooks.ts';
import { gatewayWebhooksContract, type WebhooksHarness } from '../../contracts/gateway-webhooks.contract.ts';
import { NOON } from '../../support/builders.ts';

const sign = (payload: string, secret: string, at: Date): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: at.getTime() / 1000 });

const harness: WebhooksHarness = {
  name: 'Stripe',
  header: 'stripe-signature',
  reader: secrets => new StripeWebhooks({ secrets }),
  sign,
  body: ({ id, type, ref }) =>
    JSON.stringify({
      id,
      object: 'event',
      type,
      livemode: false,
      data: {
        object: {
          id: 'pi_1',
          object: 'payment_intent',
          status: 'succeeded',
          amount: 4350,
          currency: 'usd',
          receipt_email: 'ann@example.com',
          client_secret: 'pi_1_secret_hush',
          metadata: ref === undefined ? {} : { ref },
        },
      },
    }),
};

gatewayWebhooksContract(harness);

describe('Stripe webhooks, for people who look into trouble,', () => {
  it('tell what it is about, and nothing about the customer', () => {
    const body = harness.body({ id: 'evt_1', type: 'payment_intent.succeeded' });
    const headers = { 'stripe-signature': sign(body, 'whsec_1', NOON) };
    expect(harness.reader(['whsec_1']).read(Buffer.from(body), headers, NOON)?.facts).to.deep.equal({
      livemode: false,
      object: 'payment_intent',
      objectId: 'pi_1',
      status: 'succeeded',
      amount: 4350,
      currency: 'usd',
    });
  });

  it('read thin events, which carry no object', () => {
    const body = JSON.stringify({ id: 'evt_thin', object: 'v2.core.event', type: 'v2.core.account.updated' });
    const headers = { 'stripe-signature': sign(body, 'whsec_1', NOON) };
    const notice = harness.reader(['whsec_1']).read(Buffer.from(body), headers, NOON);
    expect(notice).to.deep.equal({ eventId: 'evt_thin', type: 'v2.core.account.updated', ref: null, facts: {} });
  });
});
