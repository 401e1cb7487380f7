import Stripe from 'stripe';
import { LineFailed } from './bounded-http-client.ts';
import { UnreadableAnswer } from './stripe-answers.ts';

const { StripeError, StripeCardError, StripeInvalidRequestError, StripeIdempotencyError } = Stripe.errors;

/** Stripe's definite no: nothing was done. Undefined for everything else, where nobody can know. */
export function refusalOf(error: unknown): { readonly by: 'card' | 'stripe'; readonly reason: string } | undefined {
  if (error instanceof StripeCardError && error.rawType === 'card_error')
    return { by: 'card', reason: error.decline_code || error.code || 'card_declined' };
  if (error instanceof StripeInvalidRequestError && error.rawType === 'invalid_request_error')
    return { by: 'stripe', reason: error.code ?? 'invalid_request' };
  return undefined;
}

/** The key was used before, to ask for something else. */
export const isKeyConflict = (error: unknown): boolean => error instanceof StripeIdempotencyError;

/** For the log: what kind of failure, and where Stripe's support finds it. Messages may quote what we sent. */
export function factsOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof StripeError))
    return { kind: error instanceof Error ? error.name : typeof error, ...whyOf(error) };
  const { type, code, statusCode, requestId, detail } = error;
  return { kind: type, code, http: statusCode, requestId, ...whyOf(detail) };
}

const whyOf = (error: unknown): { readonly why?: string } =>
  error instanceof LineFailed || error instanceof UnreadableAnswer ? { why: error.message } : {};
