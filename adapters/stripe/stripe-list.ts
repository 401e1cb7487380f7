import type Stripe from 'stripe';
import type { HeldPayment, ListAnswer, PaymentGateway } from '../../application/ports/payment-gateway.ts';
import { PaymentId } from '../../domain/shared/ids.ts';
import { heldOf, readIntent, readList } from './stripe-answers.ts';

/** An intent with its charge is longer than one alone, and an answer has a size that it may not exceed. */
const LISTED_AT_ONCE = 50;

type ListRequest = Parameters<PaymentGateway['list']>[0];

/** One page of what this shop has with Stripe; `marks` are those that it wrote, or writes, on its payments. */
export async function listHeld(
  stripe: Stripe,
  { since, after, limit }: ListRequest,
  { marks, timeout }: { readonly marks: readonly string[]; readonly timeout: number },
): Promise<ListAnswer> {
  const params = {
    created: { gte: Math.floor(since.getTime() / 1000) },
    limit: Math.min(limit, LISTED_AT_ONCE),
    expand: ['data.latest_charge'],
    ...(after !== undefined && { starting_after: after }),
  };
  const { data, has_more } = readList(await stripe.paymentIntents.list(params, { timeout }));
  const ours = data.filter(({ metadata }) => marks.includes(String(metadata?.['shop'])));
  const last = has_more ? data.at(-1) : undefined;
  return { outcome: 'listed', payments: ours.flatMap(heldIn), ...(last && { next: last.id }) };
}

/** @throws when it is marked as ours and cannot be read all the same */
function heldIn(listed: { readonly metadata?: Readonly<Record<string, unknown>> | null }): HeldPayment[] {
  const ref = PaymentId(String(listed.metadata?.['ref']));
  const held = heldOf(readIntent(listed, ref));
  return held ? [{ ref, ...held }] : [];
}
