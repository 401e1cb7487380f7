import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { StripeBank, type StripeMovement, StripeRefusal, written } from './stripe-bank.ts';
import { wrongFields } from './stripe-fields.ts';

export type StripeEndpoint =
  'create' | 'confirm' | 'capture' | 'cancel' | 'retrieve' | 'list' | 'search' | 'refund' | 'refunds';

/** What becomes of a request or of its answer. `lost` ones hang, `cut` ones break the connection. */
export type StripeFault =
  | 'request lost'
  | 'answer lost'
  | 'request cut'
  | 'answer cut'
  | 'half an answer'
  | 'HTTP 500'
  | 'HTTP 302'
  | 'HTTP 429'
  | 'HTTP 409'
  | 'HTTP 403'
  | 'no such feature'
  | 'another use of the key'
  | 'garbage'
  | 'null'
  | 'another payment'
  | 'a megabyte';

const BEFORE_ITS_EFFECT: readonly StripeFault[] = [
  'request lost',
  'request cut',
  'HTTP 403',
  'HTTP 409',
  'HTTP 429',
  'no such feature',
  'another use of the key',
];

interface Injected {
  readonly fault: StripeFault;
  readonly on: StripeEndpoint;
  readonly method: string | undefined;
  times: number;
}

export interface StripeRequest {
  readonly endpoint: StripeEndpoint;
  readonly fields: ReadonlyMap<string, string>;
  readonly headers: IncomingMessage['headers'];
}

interface Answer {
  readonly code: number;
  readonly body: string;
}

const ROUTES: readonly (readonly [RegExp, StripeEndpoint, fields: string])[] = [
  [/^POST \/v1\/payment_intents$/, 'create', 'PaymentIntentCreateParams'],
  [/^POST \/v1\/payment_intents\/([^/]+)\/confirm$/, 'confirm', 'PaymentIntentConfirmParams'],
  [/^POST \/v1\/payment_intents\/([^/]+)\/capture$/, 'capture', 'PaymentIntentCaptureParams'],
  [/^POST \/v1\/payment_intents\/([^/]+)\/cancel$/, 'cancel', 'PaymentIntentCancelParams'],
  [/^GET \/v1\/payment_intents\/search$/, 'search', 'PaymentIntentSearchParams'],
  [/^GET \/v1\/payment_intents\/([^/]+)$/, 'retrieve', 'PaymentIntentRetrieveParams'],
  [/^GET \/v1\/payment_intents$/, 'list', 'PaymentIntentListParams'],
  [/^POST \/v1\/refunds$/, 'refund', 'RefundCreateParams'],
  [/^GET \/v1\/refunds$/, 'refunds', 'RefundListParams'],
];

const KEYS_LAST_SECONDS = 24 * 3600;

export interface StripeServerOptions {
  readonly secretKey?: string;
  /** In seconds since 1970. */
  readonly now?: () => number;
  /** How long search lags behind, in those seconds. */
  readonly searchLag?: number;
}

/** A server of its own that speaks as Stripe does, as far as the shop talks with it. It minds every field. */
export class StripeServer {
  readonly bank: StripeBank;
  readonly requests: StripeRequest[] = [];
  searchLag: number;
  /** Fields that Stripe does not know, headers that it misses: what no request should have had. */
  readonly complaints: string[] = [];
  readonly #options: StripeServerOptions;
  readonly #now: () => number;
  readonly #answers = new Map<string, { readonly asked: string; readonly at: number; answer: Answer | undefined }>();
  readonly #faults: Injected[] = [];
  readonly #server = http.createServer((request, response) => void this.#serve(request, response));

  private constructor(options: StripeServerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Math.floor(Date.now() / 1000));
    this.searchLag = options.searchLag ?? 0;
    this.bank = new StripeBank(this.#now);
  }

  static async start(options: StripeServerOptions = {}): Promise<StripeServer> {
    const server = new StripeServer(options);
    await new Promise<void>(resolve => server.#server.listen(0, '127.0.0.1', resolve));
    // A test that fails before it closes this must not keep the others waiting for ever.
    server.#server.unref();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next so many requests to it meet this; `method` is that of the payment. */
  inject(
    on: StripeEndpoint,
    fault: StripeFault,
    { times = 1, method }: { times?: number; method?: string } = {},
  ): void {
    this.#faults.push({ on, fault, times, method });
  }

  /** No more trouble. */
  heal(): void {
    this.#faults.length = 0;
  }

  movements(ref: string): StripeMovement[] {
    return this.bank.movements(ref);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const isPost = request.method === 'POST';
    const body = await text(request);
    const fields = new Map(isPost ? new URLSearchParams(body) : searchParams);
    const route = ROUTES.find(([pattern]) => pattern.test(`${request.method} ${pathname}`));
    if (!route) return this.#send(response, refusal(new StripeRefusal(404, 'invalid_request_error', 'url_invalid')));
    const [pattern, endpoint, params] = route;
    const id = pattern.exec(`${request.method} ${pathname}`)?.[1] ?? '';
    this.requests.push({ endpoint, fields, headers: request.headers });
    const fault = this.#faultOf(endpoint, fields);
    if (fault && BEFORE_ITS_EFFECT.includes(fault)) return this.#spoil(response, fault, undefined);
    const answer =
      this.#complain(request, params, fields) ??
      (await this.#onceByKey(isPost ? request.headers['idempotency-key'] : undefined, `${pathname} ${body}`, () =>
        this.#act(endpoint, id, fields),
      ));
    return fault ? this.#spoil(response, fault, answer) : this.#send(response, answer);
  }

  /** What Stripe finds before it does anything. */
  #complain({ headers, method }: IncomingMessage, params: string, fields: StripeRequest['fields']): Answer | undefined {
    const { secretKey } = this.#options;
    if (secretKey && headers.authorization !== `Bearer ${secretKey}`)
      return refusal(new StripeRefusal(401, 'invalid_request_error', 'api_key_invalid'));
    const wrong = wrongFields(params, fields);
    if (!headers['stripe-version']) wrong.push('no Stripe-Version');
    if (headers['x-stripe-client-telemetry']) wrong.push('telemetry');
    if (method === 'POST' && headers['content-type'] !== 'application/x-www-form-urlencoded') wrong.push('no form');
    if (method === 'POST' && !headers['idempotency-key']) wrong.push('no Idempotency-Key');
    this.complaints.push(...wrong);
    return wrong.length > 0
      ? refusal(new StripeRefusal(400, 'invalid_request_error', 'parameter_unknown', { param: wrong[0] }))
      : undefined;
  }

  async #onceByKey(key: string | string[] | undefined, asked: string, act: () => Answer): Promise<Answer> {
    if (typeof key !== 'string') return act();
    const known = this.#answers.get(key);
    if (known && this.#now() - known.at < KEYS_LAST_SECONDS) {
      if (known.asked !== asked) return refusal(new StripeRefusal(400, 'idempotency_error', 'idempotency_key_reused'));
      return known.answer ?? refusal(new StripeRefusal(409, 'invalid_request_error', 'idempotency_key_in_use'));
    }
    const record = { asked, at: this.#now(), answer: undefined as Answer | undefined };
    this.#answers.set(key, record);
    await sleep(1);
    record.answer = act();
    return record.answer;
  }

  #act(endpoint: StripeEndpoint, id: string, fields: StripeRequest['fields']): Answer {
    try {
      return { code: 200, body: JSON.stringify(this.#do(endpoint, id, fields)) };
    } catch (error) {
      if (error instanceof StripeRefusal) return refusal(error);
      throw error;
    }
  }

  #do(endpoint: StripeEndpoint, id: string, fields: StripeRequest['fields']): object {
    const { bank } = this;
    switch (endpoint) {
      case 'create':
        return written(bank.create(fields), false);
      case 'confirm':
        return written(bank.confirm(bank.find(id), fields), false);
      case 'capture':
        return written(bank.capture(bank.find(id), fields), false);
      case 'cancel':
        return written(bank.cancel(bank.find(id)), false);
      case 'retrieve':
        return written(bank.find(id), fields.get('expand[0]') === 'latest_charge');
      case 'list':
        return this.#list(fields);
      case 'search':
        return this.#search(fields);
      case 'refund':
        return bank.refund(fields);
      case 'refunds':
        return { object: 'list', data: bank.refundsOf(fields.get('payment_intent') ?? ''), has_more: false };
    }
  }

  #list(fields: StripeRequest['fields']): object {
    const after = fields.get('starting_after');
    const recent = this.bank.intents.filter(({ created }) => created >= Number(fields.get('created[gte]') ?? 0));
    const start = after ? recent.findIndex(({ id }) => id === after) + 1 : 0;
    const limit = Number(fields.get('limit') ?? 10);
    const expand = fields.get('expand[0]') === 'data.latest_charge';
    const page = recent.slice(start, start + limit);
    const has_more = start + limit < recent.length;
    return { object: 'list', url: '/v1/payment_intents', data: page.map(one => written(one, expand)), has_more };
  }

  /** Late, and then with what was true when the intent was made. */
  #search(fields: StripeRequest['fields']): object {
    const ref = /^metadata\['ref'\]:'([\w-]+)'$/.exec(fields.get('query') ?? '')?.[1];
    const old = this.#now() - this.searchLag;
    const found = this.bank.intents.filter(({ metadata, created }) => metadata['ref'] === ref && created <= old);
    const data = found.map(one => ({ ...written(one, false), status: 'requires_payment_method' }));
    return { object: 'search_result', url: '/v1/payment_intents/search', data, has_more: false, next_page: null };
  }

  #faultOf(endpoint: StripeEndpoint, fields: StripeRequest['fields']): StripeFault | undefined {
    const given = fields.get('payment_method');
    const fault = this.#faults.find(
      ({ on, times, method }) => on === endpoint && times > 0 && (method === undefined || method === given),
    );
    if (fault) fault.times -= 1;
    return fault?.fault;
  }

  #spoil(response: ServerResponse, fault: StripeFault, answer: Answer | undefined): void {
    const json = answer?.body ?? '{}';
    if (fault === 'HTTP 302') response.setHeader('Location', `${this.url}/v1/elsewhere`);
    if (fault === 'request lost' || fault === 'answer lost') return;
    if (fault === 'request cut' || fault === 'answer cut') return void response.destroy();
    if (fault === 'half an answer')
      return void response
        .writeHead(200, { 'Content-Length': json.length })
        .write(json.slice(0, 20), () => response.destroy());
    const spoilt: Record<Exclude<StripeFault, `${string}${'lost' | 'cut'}` | 'half an answer'>, Answer> = {
      'HTTP 500': refusal(new StripeRefusal(500, 'api_error', 'internal')),
      'HTTP 429': refusal(new StripeRefusal(429, 'invalid_request_error', 'lock_timeout')),
      'HTTP 409': refusal(new StripeRefusal(409, 'invalid_request_error', 'idempotency_key_in_use')),
      'HTTP 403': refusal(new StripeRefusal(403, 'invalid_request_error', 'more_permissions_required')),
      'no such feature': refusal(new StripeRefusal(400, 'invalid_request_error', 'search_not_available')),
      'another use of the key': refusal(new StripeRefusal(400, 'idempotency_error', 'idempotency_key_reused')),
      'HTTP 302': { code: 302, body: json },
      garbage: { code: 200, body: '<html>Welcome to the coffee shop</html>' },
      null: { code: 200, body: 'null' },
      'another payment': {
        code: 200,
        body: json.replace(/"ref":"[^"]+"/, '"ref":"somebody else"').replace(/"payment_intent":"pi_/, '$&another_'),
      },
      'a megabyte': { code: 200, body: json.replace('{', `{"padding":"${'x'.repeat(1_048_576)}",`) },
    };
    this.#send(response, spoilt[fault]);
  }

  #send(response: ServerResponse, { code, body }: Answer): void {
    response
      .writeHead(code, { 'Content-Type': 'application/json', 'Request-Id': `req_${this.requests.length}` })
      .end(body);
  }
}

const refusal = ({ httpCode, facts }: StripeRefusal): Answer => ({
  code: httpCode,
  body: JSON.stringify({ error: facts }),
});
