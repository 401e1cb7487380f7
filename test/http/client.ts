import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';

export interface Ask {
  readonly method: string;
  /** With the query, as it goes over the line. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Text and bytes are sent with their length, anything else in chunks. */
  readonly body?: string | Uint8Array | Iterable<Uint8Array>;
  /** Says that the shop's description knows no such operation: a wrong path, method or page. */
  readonly unlisted?: boolean;
}

export interface ShopError {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
  readonly request_id: string;
}

interface Envelope<Data> {
  readonly data: Data;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly links: Readonly<Record<string, string>>;
  readonly error: ShopError;
}

export interface Reply<Data = unknown> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON, if it is any. Which of its parts are there is up to the status. */
  readonly body: Envelope<Data>;
}

/** Hears of every answer, and throws when there is something wrong with it. */
export type Listener = (ask: Ask, reply: Reply) => void;

/** Asks over connections that stay open. Unlike `fetch` it adds no header that speaks of caches. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #url: string;
  readonly #listener: Listener;

  constructor(url: string, listener: Listener) {
    this.#url = url;
    this.#listener = listener;
  }

  async send<Data = unknown>(ask: Ask): Promise<Reply<Data>> {
    const reply = await this.#exchange(ask);
    this.#listener(ask, reply);
    return reply as Reply<Data>;
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(ask: Ask): Promise<Reply> {
    const { method, path, headers = {}, body } = ask;
    const sized = typeof body === 'string' || body instanceof Uint8Array;
    const length = sized ? { 'Content-Length': Buffer.byteLength(body) } : {};
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { agent: this.#agent, method, path, headers: { ...length, ...headers } });
      let answered = false;
      sent.once('response', answer => {
        answered = true;
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode!, headers: answer.headers, text, body: jsonOf(text, answer.headers) });
        });
      });
      // A server that has heard enough may hang up on the rest of what is being sent.
      sent.on('error', error => {
        if (answered) return;
        // The server had closed an idle line in the moment in which it was used again: nothing of this was heard.
        const stale = sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (stale && (body === undefined || sized)) resolve(this.#exchange(ask));
        else reject(error);
      });
      if (body === undefined || sized) sent.end(body);
      else Readable.from(body, { objectMode: false }).pipe(sent);
    });
  }
}

function jsonOf(text: string, headers: IncomingHttpHeaders): Envelope<unknown> {
  const json = headers['content-type']?.startsWith('application/json') && text !== '';
  return (json ? JSON.parse(text) : {}) as Envelope<unknown>;
}
