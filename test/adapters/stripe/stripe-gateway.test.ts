import { paymentGatewayContract } from '../../contracts/payment-gateway.contract.ts';
import { DAYS_LATER, SOON_AFTER, stripeHarness } from './stripe-harness.ts';

paymentGatewayContract(
  stripeHarness('Stripe, while search lags behind,', { at: SOON_AFTER, searchLag: 3600, timeoutMs: 500 }, 'lost'),
);
paymentGatewayContract(stripeHarness('Stripe, with keys that it may have forgotten,', { at: DAYS_LATER }, 'cut'));
