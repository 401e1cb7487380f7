import { StripeGateway, type StripeGatewaySettings } from '../../../adapters/stripe/stripe-gateway.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { PaymentGateway } from '../../../application/ports/payment-gateway.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { PaymentId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import type { GatewayHarness } from '../../contracts/gateway-harness.ts';
import { nextId, NOON, usd } from '../../support/builders.ts';
import { StripeServer, type StripeServerOptions } from '../../support/stripe-server.ts';

export const SECRET_KEY = 'sk_test_hush';
/** The references of tests were made at noon: Stripe still remembers their keys. */
export const SOON_AFTER = new Date(NOON.getTime() + 60_000);
/** Now it may have forgotten them. */
export const DAYS_LATER = new Date(NOON.getTime() + 3 * 86_400_000);

const silence = (): void => {};
const SILENT: Logger = { error: silence, warn: silence, info: silence, debug: silence };

interface Setup extends StripeServerOptions, Partial<Omit<StripeGatewaySettings, 'clock'>> {
  readonly at?: Date;
}

/** A gateway and the Stripe that it talks with, on one clock. */
export async function aStripe({ at = SOON_AFTER, searchLag = 0, ...settings }: Setup = {}) {
  const time = { now: at };
  const clock = { now: () => time.now };
  const now = (): number => Math.floor(time.now.getTime() / 1000);
  const server = await StripeServer.start({ secretKey: SECRET_KEY, now, searchLag });
  const gateway = new StripeGateway({
    secretKey: SECRET_KEY,
    apiBase: server.url,
    currency: Currency('USD'),
    marks: ['this shop'],
    timeoutMs: 2000,
    clock,
    logger: SILENT,
    ...settings,
  });
  return { server, gateway, time };
}

export const stripeHarness = (name: string, setup: Setup, how: 'lost' | 'cut'): GatewayHarness => ({
  name,
  open: async () => {
    const { server, gateway } = await aStripe(setup);
    server.inject('confirm', how === 'lost' ? 'answer lost' : 'half an answer', { method: 'pm_card_lostAnswer' });
    server.inject('confirm', how === 'lost' ? 'request cut' : 'HTTP 429', { method: 'pm_card_lostRequest', times: 9 });
    return {
      gateway: {
        authorize: request => gateway.authorize(request),
        lookup: ref => gateway.lookup(ref),
        void: ref => gateway.void(ref),
        refund: request => gateway.refund(request),
        list: request => gateway.list(request),
        capture: async request => {
          const method = server.bank.intents.find(({ id }) => id === request.authorizationId)?.method;
          const first = !server.requests.some(({ headers }) => headers['idempotency-key'] === request.key);
          if (method === 'pm_card_lostCapture' && first)
            server.inject('capture', how === 'lost' ? 'garbage' : 'HTTP 500');
          return gateway.capture(request);
        },
      },
      methods: {
        pays: 'pm_card_visa',
        declined: 'pm_card_chargeDeclined',
        requiresAction: 'pm_card_authenticationRequired',
        answerLost: 'pm_card_lostAnswer',
        requestLost: 'pm_card_lostRequest',
        captureAnswerLost: 'pm_card_lostCapture',
        captureRefused: 'pm_card_captureDeclined',
      },
      movements: async ref =>
        server
          .movements(ref)
          .map(({ kind, amount, currency }) => ({ kind, amount: Money.of(amount, Currency(currency.toUpperCase())) })),
      customer: async (ref, does) => server.bank.authenticate(ref, does === 'confirm'),
      close: async () => {
        await server.close();
        if (server.complaints.length > 0) throw new Error(`Stripe would not take: ${server.complaints.join('; ')}`);
      },
    };
  },
});

export const PRICE = usd(4350);

/** One payment, asked for the way that the shop does it. */
export function aPayment(gateway: PaymentGateway, method = 'pm_card_visa', ref = PaymentId(nextId())) {
  const authorize = () => gateway.authorize({ ref, amount: PRICE, method, key: `${ref}:auth` });
  return {
    ref,
    authorize,
    authorized: async (): Promise<string> => {
      const answer = await authorize();
      if (answer.outcome === 'authorized') return answer.authorizationId;
      throw new Error(`This was expected to be authorised, not ${answer.outcome}.`);
    },
    capture: (authorizationId: string) =>
      gateway.capture({ ref, authorizationId, amount: PRICE, key: `${ref}:capture` }),
    refund: (captureId: string, amount = PRICE, key = `${ref}:refund:1`) =>
      gateway.refund({ ref, captureId, amount, key }),
    void: () => gateway.void(ref),
    lookup: () => gateway.lookup(ref),
    /** The same payment, asked for by another process. */
    by: (other: PaymentGateway) => aPayment(other, method, ref),
  };
}
