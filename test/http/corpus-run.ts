import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AnswerCheck, type Description } from './answer-check.ts';
import { dataOf } from './api.ts';
import { buy } from './buying.ts';
import { type Ask, HttpClient, type Reply } from './client.ts';
import type { Caller, Described, Known, Malformed } from './corpus-requests.ts';
import type { Cart } from './shapes.ts';
import type { Shop } from './shop.ts';

/** What a body must never say: where it broke, in which file, by which library or statement. */
const LEAKS = [
  /\n\s+at /,
  /node_modules|node:internal|\bdist\/|\.[jt]s:\d+/,
  /\b(?:knex|bookshelf|koa|ioredis|libpq|winston)\b/i,
  /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) .+ (?:FROM|VALUES|SET|WHERE)\b/,
  /\brelation "|\bcolumn "|invalid input syntax|duplicate key|violates/,
  /\b(?:TypeError|ReferenceError|RangeError|SyntaxError)\b/,
  /\bv?20\.\d+\.\d+\b/,
];

const SLOWEST_MS = 1000;
const AT_ONCE = 8;

/** Sends malformed requests to a shop as four callers, and notes what is wrong with the answers. */
export class CorpusRun {
  readonly #shop: Shop;
  readonly #client: HttpClient;
  readonly #check: AnswerCheck;
  readonly #callers = new Map<Caller, Promise<Record<string, string>>>();
  readonly problems: string[] = [];
  readonly statuses = new Map<number, number>();
  slowestMs = 0;

  private constructor(shop: Shop, description: Description) {
    this.#shop = shop;
    this.#client = new HttpClient(shop.url, () => {});
    this.#check = new AnswerCheck(description);
  }

  static async on(shop: Shop): Promise<{ run: CorpusRun; description: Described; known: Known }> {
    const description = (await shop.root.get('/openapi.json')).body as unknown as Description & Described;
    return { run: new CorpusRun(shop, description), description, known: await thingsOf(shop) };
  }

  async send(requests: readonly Malformed[]): Promise<void> {
    const queue = requests.filter(request => !signsEverybodyOut(request)).values();
    const worker = async (): Promise<void> => {
      for (const request of queue) await this.#one(request);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  close(): void {
    this.#client.close();
  }

  async #one({ caller, operation, ...ask }: Malformed): Promise<void> {
    const own = await this.#headersOf(caller);
    const sent = { ...ask, headers: { ...own, ...ask.headers } };
    const started = performance.now();
    const reply = await this.#client.send(sent).catch((error: unknown) => error as Error);
    const ms = performance.now() - started;
    this.slowestMs = Math.max(this.slowestMs, ms);
    const complain = (what: string): void => {
      const body = Buffer.isBuffer(ask.body) ? ask.body.toString().slice(0, 200) : '';
      this.problems.push(
        `${operation}: ${caller} ${ask.method} ${ask.path.slice(0, 200)} ${JSON.stringify(ask.headers).slice(0, 200)} ${body} → ${what}`,
      );
    };
    if (reply instanceof Error) return complain(reply.message);
    this.statuses.set(reply.status, (this.statuses.get(reply.status) ?? 0) + 1);
    if (ms > SLOWEST_MS) complain(`${Math.round(ms)} ms`);
    if (reply.status >= 500) complain(reply.text);
    const leak = LEAKS.find(pattern => pattern.test(reply.text));
    if (leak && reply.status >= 400) complain(`${leak} in ${reply.text.slice(0, 500)}`);
    if (ask.method !== 'HEAD') this.#examine(ask, reply, complain);
    // A caller whom a request has signed out comes back.
    if (reply.status === 401 && own['Authorization'] && sent.headers['Authorization'] === own['Authorization'])
      this.#callers.delete(caller);
  }

  #examine(ask: Ask, reply: Reply, complain: (what: string) => void) {
    if (reply.status < 400) return;
    const error = reply.body.error as Reply['body']['error'] | undefined;
    if (!error || typeof error.code !== 'string' || error.request_id !== reply.headers['x-request-id'])
      return complain(`no envelope: ${reply.text.slice(0, 200)}`);
    try {
      this.#check.examine(ask, reply);
    } catch (problem) {
      // What no row of the table answers has to have the form of an error, and has it.
      const { message } = problem as Error;
      if (!message.includes('no such operation is listed')) complain(message.slice(0, 300));
    }
  }

  #headersOf(caller: Caller): Promise<Record<string, string>> {
    const known = this.#callers.get(caller) ?? this.#signIn(caller);
    this.#callers.set(caller, known);
    return known;
  }

  async #signIn(caller: Caller): Promise<Record<string, string>> {
    if (caller === 'anonymous') return {};
    if (caller === 'guest')
      return { 'X-Cart-Token': dataOf(await this.#shop.anonymous.post<Cart>('/carts')).cart_token! };
    const person = await this.#shop.account();
    if (caller === 'customer') return { Authorization: `Bearer ${person.tokens.access_token}` };
    // Another administrator than the one who runs the test: their account may end.
    const keeper = await this.#shop.admin();
    dataOf(await keeper.patch(`/admin/users/${person.id}`, { role: 'admin' }));
    return { Authorization: `Bearer ${(await this.#shop.signIn(person)).tokens.access_token}` };
  }
}

/** Done in earnest it would end the sessions of all callers, again and again; what is sent along still has to be refused. */
function signsEverybodyOut({ operation, caller, body }: Malformed): boolean {
  if (operation !== 'revokeSessionsOfEverybody' || caller !== 'administrator') return false;
  const text = Buffer.isBuffer(body) ? body.toString() : '';
  return text === '' || /^\s*\{\s*(?:"issued_before"[^,]*)?\}\s*$/.test(text);
}

/** Things that are there, so that requests get further than to "there is no such thing". */
async function thingsOf(shop: Shop): Promise<Known> {
  const product = await shop.product({ stock: 1_000_000 });
  const person = await shop.account();
  const placed = await buy(person.api, product.variants[0]!.id);
  const address = { name: 'A', line1: 'B', city: 'C', postal_code: '1', country: 'PT' };
  const saved = dataOf(await person.api.post<{ id: string }>('/users/me/addresses', address));
  const things: Readonly<Record<string, string>> = {
    variant_id: product.variants[0]!.id,
    category_id: product.category_id,
    slug: product.slug,
    gateway: 'sandbox',
  };
  const ids: readonly (readonly [RegExp, string])[] = [
    [/\/variants\/\{id\}/, product.variants[0]!.id],
    [/\/products\/\{id\}/, product.id],
    [/\/categories\/\{id\}/, product.category_id],
    [/\/orders\/\{id\}/, dataOf(placed).order_id],
    [/\/users\/\{id\}/, person.id],
    [/\/addresses\/\{id\}/, saved.id],
  ];
  return (place, name) => (name === 'id' ? ids.find(([pattern]) => pattern.test(place))?.[1] : things[name]);
}

/** What is in use once all that is not has been let go. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
