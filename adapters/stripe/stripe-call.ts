import type Stripe from 'stripe';
import type { PaymentId } from '../../domain/shared/ids.ts';
import { madeAt } from '../../domain/shared/made-at.ts';
import { LineFailed } from './bounded-http-client.ts';
import { type Intent, INTENT_ID, readIntent, readList, readRefund, type StripeRefund } from './stripe-answers.ts';
import { refusalOf } from './stripe-errors.ts';

/** Search may lag behind by an hour while Stripe has trouble; an hour and some minutes for clocks that differ. */
const SEARCH_LAG_SECONDS = 3900;
/** Stripe forgets keys after 24 hours at the earliest; the rest is for clocks that differ. */
const KEYS_LAST_MS = 20 * 3_600_000;
const LISTED_AT_ONCE = 50;
const MOST_PAGES = 6;

const WITH_CHARGE = { expand: ['latest_charge'] };

interface CallSettings {
  readonly ref: PaymentId;
  /** What the shop knows its own payments by. */
  readonly mark: string | undefined;
  readonly now: Date;
  readonly timeoutMs: number;
}

/** All that one call of the shop about one payment asks Stripe for, one after the other, within one deadline. */
export class StripeCall {
  readonly #stripe: Stripe;
  readonly #ref: PaymentId;
  readonly #mark: string | undefined;
  readonly #now: number;
  readonly #deadline: number;

  constructor(stripe: Stripe, { ref, mark, now, timeoutMs }: CallSettings) {
    this.#stripe = stripe;
    this.#ref = ref;
    this.#mark = mark;
    this.#now = now.getTime();
    this.#deadline = performance.now() + timeoutMs;
  }

  /** The reference was made, by time, before anything was asked under it. */
  get keysMayBeForgotten(): boolean {
    return this.#now - (madeAt(this.#ref)?.getTime() ?? 0) > KEYS_LAST_MS;
  }

  /** At most one by the key, while that lasts. */
  async create(params: Omit<Stripe.PaymentIntentCreateParams, 'metadata'>): Promise<Intent> {
    const metadata = { ref: this.#ref, ...(this.#mark !== undefined && { shop: this.#mark }) };
    return this.#intent(
      await this.#stripe.paymentIntents.create({ ...params, metadata }, this.#options(`${this.#ref}:intent`)),
    );
  }

  async confirm(id: string, params: Stripe.PaymentIntentConfirmParams, key: string): Promise<Intent> {
    return this.#intent(await this.#stripe.paymentIntents.confirm(id, params, this.#options(key)));
  }

  async capture(id: string, params: Stripe.PaymentIntentCaptureParams, key: string): Promise<Intent> {
    return this.#intent(await this.#stripe.paymentIntents.capture(id, params, this.#options(key)));
  }

  async cancel(id: string): Promise<Intent> {
    return this.#intent(await this.#stripe.paymentIntents.cancel(id, {}, this.#options()));
  }

  /** How it stands now, and not as some key remembers it. */
  async retrieve(id: string): Promise<Intent> {
    return this.#intent(await this.#stripe.paymentIntents.retrieve(id, WITH_CHARGE, this.#options()));
  }

  /** @returns every refund of the intent, whoever asked for it */
  async refunds(intentId: string): Promise<StripeRefund[]> {
    const answer = await this.#stripe.refunds.list({ payment_intent: intentId, limit: 100 }, this.#options());
    return readList(answer).data.map(refund => readRefund(refund, intentId));
  }

  async refund(intentId: string, amount: number, key: string): Promise<StripeRefund> {
    const params = { payment_intent: intentId, amount, metadata: { ref: this.#ref, key } };
    return readRefund(await this.#stripe.refunds.create(params, this.#options(key)), intentId);
  }

  /**
   * The intents of this payment: one, unless Stripe forgot a key. Search is only eventually consistent, by a minute as a
   * rule; the list is consistent, but long. An intent may escape both for a while in a busy shop.
   */
  async find(): Promise<Intent[]> {
    const searched = await this.#search();
    const ids = searched.length > 0 ? searched : await this.#list();
    const intents: Intent[] = [];
    for (const id of ids) intents.push(await this.retrieve(id));
    return intents;
  }

  /** Finds nothing where Stripe has no search, as in India; nothing is sure there once keys may be forgotten. */
  async #search(): Promise<string[]> {
    try {
      const query = `metadata['ref']:'${this.#ref}'`;
      return this.#ours(await this.#stripe.paymentIntents.search({ query }, this.#options())).ids;
    } catch (error) {
      if (refusalOf(error) && !this.keysMayBeForgotten) return [];
      throw error;
    }
  }

  async #list(): Promise<string[]> {
    const created = { gte: Math.floor(this.#now / 1000) - SEARCH_LAG_SECONDS };
    let after: { starting_after?: string } = {};
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = { created, limit: LISTED_AT_ONCE, ...after };
      const { ids, last } = this.#ours(await this.#stripe.paymentIntents.list(params, this.#options()));
      if (ids.length > 0 || last === undefined) return ids;
      after = { starting_after: last };
    }
    return [];
  }

  /** `last` is where the next page goes on. */
  #ours(answer: unknown): { readonly ids: string[]; readonly last: string | undefined } {
    const { data, has_more } = readList(answer);
    const ids = data.filter(({ id, metadata }) => metadata?.['ref'] === this.#ref && INTENT_ID.test(id));
    return { ids: ids.map(({ id }) => id), last: has_more ? data.at(-1)?.id : undefined };
  }

  #intent(answer: unknown): Intent {
    return readIntent(answer, this.#ref);
  }

  #options(idempotencyKey?: string): Stripe.RequestOptions {
    const timeout = Math.floor(this.#deadline - performance.now());
    if (timeout < 1) throw new LineFailed('no time left for another request');
    return idempotencyKey === undefined ? { timeout } : { timeout, idempotencyKey };
  }
}
