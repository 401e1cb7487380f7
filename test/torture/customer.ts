import { setTimeout as sleep } from 'node:timers/promises';
import { type Ask, HttpClient, type Reply } from '../http/client.ts';
import { type Journal, outcomeOf, type Receipt } from './journal.ts';

/** The longest that anybody tries to get one thing done. */
const PATIENCE_MS = 120_000;
/** An answer that takes longer is none: a promise of the shop is to answer within its deadlines. */
const LONGEST_ANSWER_MS = 20_000;

const ADDRESS = {
  name: 'Ada Customer',
  line1: '1 Harbour Street',
  city: 'Lisbon',
  postal_code: '1100-001',
  country: 'PT',
};

export interface Line {
  readonly variantId: string;
  readonly quantity: number;
}

interface Order {
  readonly order_id: string;
  readonly status: string;
}

/** Nobody answered for as long as anybody would wait. */
export class NoAnswer extends Error {}

let numbered = 0;

/** Never the same twice, and the same in every run. */
export const fresh = (what: string): string => `${what}-${(numbered += 1)}`;

/**
 * Somebody without an account who behaves as the shop asks its clients to: tries again with the same key when a
 * connection breaks, after 503 and while the same request is still running, and waits for as long as is asked for.
 */
export class Customer {
  readonly #clients: readonly HttpClient[];
  readonly #journal: Journal;
  readonly #tries: number;
  #door: number;
  #token = '';

  /**
   * @param doors where the shop answers; whoever finds one shut goes to the next
   * @param tries how often anything is tried at the most: 1 is somebody who gives up at the first trouble
   */
  constructor(doors: readonly string[], journal: Journal, { tries = Infinity, door = (numbered += 1) } = {}) {
    this.#clients = doors.map(url => new HttpClient(url, () => undefined));
    this.#journal = journal;
    this.#tries = tries;
    this.#door = door;
  }

  leave(): void {
    for (const client of this.#clients) client.close();
  }

  /** Opens a cart and fills it. */
  async fill(lines: readonly Line[]): Promise<void> {
    const opened = await this.post<{ cart_token: string }>('/carts', undefined);
    this.#token = this.#expect(opened, 201).cart_token;
    for (const { variantId, quantity } of lines) await this.#add(variantId, quantity);
  }

  /** Takes the cart to the till. The receipt is also in the journal. */
  async checkOut(method = 'tok_ok', key = fresh('checkout')): Promise<Receipt> {
    const reply = await this.checkOutOnce(method, key, ask => this.ask<Order>(ask));
    const receipt = this.#receipt(reply, key);
    this.#journal.checkedOut(receipt);
    return receipt;
  }

  /** The request of a checkout, sent by whatever means. */
  checkOutOnce<Answer>(method: string, key: string, send: (ask: Ask) => Promise<Answer>): Promise<Answer> {
    const body = { payment_method: method, email: 'ada@example.com', shipping_address: ADDRESS };
    return send(this.#request('/orders', body, { 'Idempotency-Key': key }));
  }

  async post<Data>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply<Data>> {
    return this.ask<Data>(this.#request(path, body, headers));
  }

  /** @throws NoAnswer when there is none that is final, however often it was tried */
  async ask<Data>(ask: Ask): Promise<Reply<Data>> {
    const giveUp = Date.now() + PATIENCE_MS;
    for (let tries = 1; Date.now() < giveUp; tries += 1) {
      const reply = await this.askOnce<Data>(ask);
      const wait = reply ? waitAfter(reply) : 0.05 * tries;
      if (reply && wait === undefined) return reply;
      if (tries >= this.#tries) throw new NoAnswer(`${ask.path}: gave up after ${tries}`);
      await sleep(Math.min((wait ?? 0) * 1000, 2000));
    }
    this.#journal.violated(`${ask.method} ${ask.path} got no final answer within ${PATIENCE_MS / 1000} s`);
    throw new NoAnswer(ask.path);
  }

  /** Undefined when the connection broke, or could not be made. */
  async askOnce<Data>(ask: Ask): Promise<Reply<Data> | undefined> {
    const client = this.#clients[(this.#door += 1) % this.#clients.length]!;
    const late = new AbortController();
    const limit = sleep(LONGEST_ANSWER_MS, 'late' as const, { signal: late.signal }).catch(() => 'late' as const);
    try {
      const reply = await Promise.race([client.send<Data>(ask), limit]);
      if (reply === 'late') {
        this.#journal.violated(`${ask.method} ${ask.path} was not answered within ${LONGEST_ANSWER_MS / 1000} s`);
        return undefined;
      }
      this.#journal.heard(ask, reply);
      return reply;
    } catch {
      this.#journal.broken += 1;
      return undefined;
    } finally {
      late.abort();
    }
  }

  async #add(variantId: string, quantity: number): Promise<void> {
    const key = { 'Idempotency-Key': fresh('add') };
    const added = await this.post('/carts/me/items', { variant_id: variantId, quantity }, key);
    // It was done, but the process died before it could say so; a client reads what it has, and goes on.
    if (outcomeOf(added) !== '409 IDEMPOTENCY_ANSWER_LOST') this.#expect(added, 201);
  }

  #request(path: string, body: unknown, headers: Readonly<Record<string, string>>): Ask {
    return {
      method: 'POST',
      path: `/api/v1${path}`,
      headers: {
        ...(this.#token && { 'X-Cart-Token': this.#token }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
  }

  #receipt(reply: Reply<Order>, key: string): Receipt {
    const { status, text, body } = reply;
    const told = { key, cartToken: this.#token, status, text };
    return status === 201
      ? { ...told, outcome: body.data.status, orderId: body.data.order_id }
      : { ...told, outcome: body.error.code, orderId: undefined };
  }

  #expect<Data>(reply: Reply<Data>, status: number): Data {
    if (reply.status === status) return reply.body.data;
    this.#journal.violated(`A customer was answered ${outcomeOf(reply)} instead of ${status}`);
    throw new NoAnswer(reply.text);
  }
}

/** Seconds; undefined when the answer is final. */
function waitAfter(reply: Reply): number | undefined {
  const running = outcomeOf(reply) === '409 IDEMPOTENCY_IN_PROGRESS';
  return running || reply.status === 503 || reply.status === 429
    ? Number(reply.headers['retry-after'] ?? 1)
    : undefined;
}
