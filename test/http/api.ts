import type { OutgoingHttpHeaders } from 'node:http';
import type { Ask, HttpClient, Reply } from './client.ts';

type Headers = OutgoingHttpHeaders;

/** The shop as one caller sees it: paths as in the contract, and the caller's own headers on every request. */
export class Api {
  readonly #client: HttpClient;
  readonly #base: string;
  readonly headers: Headers;

  constructor(client: HttpClient, base: string, headers: Headers = {}) {
    this.#client = client;
    this.#base = base;
    this.headers = headers;
  }

  /** The same caller, who also says this. */
  with(headers: Headers): Api {
    return new Api(this.#client, this.#base, { ...this.headers, ...headers });
  }

  get<Data = unknown>(path: string, headers: Headers = {}): Promise<Reply<Data>> {
    return this.send({ method: 'GET', path, headers });
  }

  post<Data = unknown>(path: string, body?: unknown, headers: Headers = {}): Promise<Reply<Data>> {
    return this.#say('POST', path, body, headers);
  }

  put<Data = unknown>(path: string, body: unknown, headers: Headers = {}): Promise<Reply<Data>> {
    return this.#say('PUT', path, body, headers);
  }

  patch<Data = unknown>(path: string, body: unknown, headers: Headers = {}): Promise<Reply<Data>> {
    return this.#say('PATCH', path, body, headers);
  }

  delete<Data = unknown>(path: string, headers: Headers = {}): Promise<Reply<Data>> {
    return this.send({ method: 'DELETE', path, headers });
  }

  /** Anything at all, also what no honest client would send. */
  send<Data = unknown>({ path, headers = {}, ...ask }: Ask): Promise<Reply<Data>> {
    return this.#client.send({ ...ask, path: `${this.#base}${path}`, headers: { ...this.headers, ...headers } });
  }

  #say<Data>(method: string, path: string, body: unknown, headers: Headers): Promise<Reply<Data>> {
    if (body === undefined) return this.send({ method, path, headers });
    const json = { 'Content-Type': 'application/json', ...headers };
    return this.send({ method, path, headers: json, body: JSON.stringify(body) });
  }
}

/** "201", or "409 CART_EMPTY": how an answer came out. */
export const outcome = ({ status, body }: Reply): string => (body.error ? `${status} ${body.error.code}` : `${status}`);

/** The data of an answer that went well. @throws with the whole answer when it did not */
export function dataOf<Data>(reply: Reply<Data>): Data {
  if (reply.status >= 300) throw new Error(`This was expected to go well: ${reply.status} ${reply.text}`);
  return reply.body.data;
}
