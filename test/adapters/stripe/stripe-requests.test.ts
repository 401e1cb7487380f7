import { expect } from 'chai';
import { Currency } from '../../../domain/shared/currency.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { nextId, usd } from '../../support/builders.ts';
import { wrongFields } from '../../support/stripe-fields.ts';
import { aStripe } from './stripe-harness.ts';

type Stripe = Awaited<ReturnType<typeof aStripe>>;

function aRequest(amount = usd(4350), method = 'pm_card_visa') {
  const ref = PaymentId(nextId());
  return { ref, amount, method, key: `${ref}:auth` };
}

const fieldsSent = ({ server }: Stripe, endpoint: string): object[] =>
  server.requests.filter(request => request.endpoint === endpoint).map(({ fields }) => Object.fromEntries(fields));

describe('what Stripe is asked', () => {
  let stripe: Stripe;

  beforeEach(async () => {
    stripe = await aStripe();
  });

  afterEach(async () => {
    await stripe.server.close();
    expect(stripe.server.complaints).to.deep.equal([]);
  });

  it('is to make an intent, and then to confirm it, each under its own key', async () => {
    const request = aRequest();
    await stripe.gateway.authorize(request);
    expect(fieldsSent(stripe, 'create')).to.deep.equal([
      {
        amount: '4350',
        currency: 'usd',
        capture_method: 'manual',
        'allowed_payment_method_types[0]': 'card',
        'metadata[ref]': request.ref,
        'metadata[shop]': 'this shop',
      },
    ]);
    expect(fieldsSent(stripe, 'confirm')).to.deep.equal([{ payment_method: 'pm_card_visa', use_stripe_sdk: 'true' }]);
    const keys = stripe.server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).to.deep.equal([`${request.ref}:intent`, `${request.ref}:auth`]);
  });

  it('is asked in the version that the answers are read as', async () => {
    await stripe.gateway.lookup(aRequest().ref);
    for (const { headers } of stripe.server.requests) expect(headers['stripe-version']).to.equal('2026-10-28.endive');
    expect(stripe.server.requests).to.have.length.above(0);
  });

  const ON_THE_WIRE: readonly (readonly [decimal: string, currency: string, units: string])[] = [
    ['500', 'JPY', '500'],
    ['500.00', 'MGA', '500'],
    ['50', 'ISK', '5000'],
    ['5000', 'UGX', '500000'],
    ['5.120', 'KWD', '5120'],
    ['43.50', 'EUR', '4350'],
  ];
  for (const [decimal, currency, units] of ON_THE_WIRE)
    it(`takes ${decimal} ${currency}, and gives half of it back, as ${units}`, async () => {
      const amount = Money.fromDecimal(decimal, Currency(currency))!;
      const { ref, ...request } = aRequest(amount);
      const authorized = await stripe.gateway.authorize({ ref, ...request });
      if (authorized.outcome !== 'authorized') throw new Error(authorized.outcome);
      expect(authorized.amount).to.deep.equal(amount);
      const { authorizationId } = authorized;
      const captured = await stripe.gateway.capture({ ref, authorizationId, amount, key: `${ref}:capture` });
      expect(captured).to.have.property('amount').that.deep.equals(amount);
      const half = Money.of(amount.amount / 2, amount.currency);
      const refund = { ref, captureId: authorizationId, amount: half, key: `${ref}:refund:1` };
      expect(await stripe.gateway.refund(refund)).to.deep.equal({ outcome: 'refunded' });
      expect(fieldsSent(stripe, 'create')[0]).to.include({ amount: units, currency: currency.toLowerCase() });
      expect(fieldsSent(stripe, 'capture')).to.deep.equal([{ amount_to_capture: units }]);
      expect(fieldsSent(stripe, 'refund')[0]).to.include({ amount: String(Number(units) / 2), 'metadata[ref]': ref });
    });

  it('is nothing when the amount cannot be expressed', async () => {
    const amount = Money.of(5124, Currency('KWD'));
    const { ref, ...request } = aRequest(amount);
    const reason = 'amount_not_expressible';
    expect(await stripe.gateway.authorize({ ref, ...request })).to.deep.equal({ outcome: 'declined', reason });
    const later = { ref, amount, key: 'any' };
    expect(await stripe.gateway.capture({ ...later, authorizationId: 'pi_1' })).to.include({
      outcome: 'refused',
      reason,
    });
    expect(await stripe.gateway.refund({ ...later, captureId: 'pi_1' })).to.include({ outcome: 'refused', reason });
    expect(stripe.server.requests).to.deep.equal([]);
  });

  it('is no strange path, whatever the ids are', async () => {
    const { ref, amount } = aRequest();
    for (const id of ['', '../refunds', 'pi_1/cancel', 'pi_1?a', 'ch_1']) {
      expect(await stripe.gateway.capture({ ref, authorizationId: id, amount, key: 'k' })).to.include({
        outcome: 'refused',
      });
      expect(await stripe.gateway.refund({ ref, captureId: id, amount, key: 'k' })).to.include({ outcome: 'refused' });
    }
    expect(stripe.server.requests).to.deep.equal([]);
  });

  const DECLINED: Readonly<Record<string, string>> = {
    pm_card_chargeDeclined: 'generic_decline',
    pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
    pm_nobody_knows: 'resource_missing',
    '': 'resource_missing',
  };
  for (const [method, reason] of Object.entries(DECLINED))
    it(`declines "${method}" because of ${reason}`, async () => {
      const request = aRequest(usd(4350), method);
      expect(await stripe.gateway.authorize(request)).to.deep.equal({ outcome: 'declined', reason });
    });

  it('declines what is too little, or too much', async () => {
    const little = await stripe.gateway.authorize(aRequest(usd(49)));
    expect(little).to.deep.equal({ outcome: 'declined', reason: 'amount_too_small' });
    const much = await stripe.gateway.authorize(aRequest(usd(100_000_000)));
    expect(much).to.deep.equal({ outcome: 'declined', reason: 'amount_too_large' });
  });
});

describe('the fields that Stripe takes', () => {
  const wrong = (name: string, fields: Record<string, string>) => wrongFields(name, new Map(Object.entries(fields)));

  it('are those that its library declares', () => {
    const right = { amount: '1', currency: 'usd', capture_method: 'manual', 'expand[0]': 'latest_charge' };
    expect(wrong('PaymentIntentCreateParams', right)).to.deep.equal([]);
    expect(wrong('PaymentIntentListParams', { 'created[gte]': '1', limit: '3', starting_after: 'pi_1' })).to.deep.equal(
      [],
    );
  });

  const WRONG: readonly (readonly [string, Record<string, string>, string])[] = [
    ['PaymentIntentCreateParams', { currency: 'usd' }, 'amount is missing'],
    [
      'PaymentIntentCreateParams',
      { amount: '1', currency: 'usd', payment_method_types: 'card' },
      'has no payment_method_types',
    ],
    ['PaymentIntentCreateParams', { amount: '1.5', currency: 'usd' }, 'amount is no number'],
    ['PaymentIntentCreateParams', { amount: '1', currency: 'usd', capture_method: 'later' }, 'capture_method is no'],
    ['PaymentIntentConfirmParams', { use_stripe_sdk: 'yes' }, 'use_stripe_sdk is no boolean'],
    ['PaymentIntentCaptureParams', { amount: '1' }, 'has no amount'],
    ['RefundCreateParams', { reference: 'x' }, 'has no reference'],
    ['PaymentIntentListParams', { 'created[after]': '1' }, 'created is no'],
  ];
  for (const [name, fields, complaint] of WRONG)
    it(`are not ${JSON.stringify(fields)} in ${name}`, () => {
      expect(wrong(name, fields)).to.have.length(1);
      expect(wrong(name, fields)[0]).to.include(complaint);
    });
});
