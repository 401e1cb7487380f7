import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type Stripe from 'stripe';
import { OutgoingRefused } from '../../application/ports/outbound.ts';

type Send = Stripe.HttpClient['makeRequest'];

export interface Bounds {
  readonly connectTimeoutMs: number;
  /** A longer answer is none. */
  readonly longestAnswer: number;
  /** What opens the lines; unset, nobody guards them. */
  readonly agents?: { readonly http: http.Agent; readonly https: https.Agent };
}

/** The line to Stripe failed. It has no `code`, for by that the library would tell that it should try once more. */
export class LineFailed extends Error {
  override readonly name = 'LineFailed';
}

/**
 * What the library sends its requests with. Its own client waits for silence instead of the end, believes redirects to
 * be answers and reads whatever comes; this one keeps to the deadline of the whole request and to a size.
 */
export class BoundedHttpClient implements Stripe.HttpClient {
  readonly #bounds: Bounds;
  readonly #http: http.Agent;
  readonly #https: https.Agent;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.#http = bounds.agents?.http ?? new http.Agent({ keepAlive: true });
    this.#https = bounds.agents?.https ?? new https.Agent({ keepAlive: true });
  }

  getClientName(): string {
    return 'node';
  }

  /** @param args host, port, path, method, headers, body, protocol and the milliseconds for all of it */
  async makeRequest(...args: Parameters<Send>): ReturnType<Send> {
    const deadline = performance.now() + args[7];
    try {
      return await this.#send(args, deadline);
    } catch (error) {
      // Stripe closes idle connections when it likes. Every request that changes something carries a key.
      if (error instanceof StaleConnection) return this.#send(args, deadline);
      throw error;
    }
  }

  #send([host, port, path, method, headers, body, protocol]: Parameters<Send>, deadline: number): ReturnType<Send> {
    const plain = protocol === 'http';
    const agent = plain ? this.#http : this.#https;
    return new Promise<Stripe.HttpClientResponse>((resolve, reject) => {
      const request = (plain ? http : https).request({ host, port, path, method, headers, agent });
      const giveUp = (why: string): void => {
        reject(new LineFailed(why));
        request.destroy();
      };
      const timer = setTimeout(giveUp, Math.max(deadline - performance.now(), 0), 'no answer within the deadline');
      limitConnecting(request, this.#bounds.connectTimeoutMs, () => giveUp('no connection in time'));
      let answered = false;
      request.once('response', response => {
        answered = true;
        this.#read(response).then(resolve, reject);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const why = error instanceof OutgoingRefused ? error.message : (error.code ?? error.name);
        reject(request.reusedSocket && !answered ? new StaleConnection(why) : new LineFailed(why));
      });
      request.once('close', () => clearTimeout(timer));
      request.end(body);
    });
  }

  async #read(response: IncomingMessage): ReturnType<Send> {
    const code = response.statusCode ?? 0;
    const parts: Buffer[] = [];
    let length = 0;
    try {
      for await (const part of response as AsyncIterable<Buffer>) {
        length += part.length;
        if (length > this.#bounds.longestAnswer) throw new LineFailed('the answer is too long');
        parts.push(part);
      }
    } catch (error) {
      throw error instanceof LineFailed ? error : new LineFailed('the answer was cut off');
    }
    if (code < 200 || (code >= 300 && code < 400)) throw new LineFailed(`answered with ${code}`);
    const text = Buffer.concat(parts).toString();
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    return {
      getStatusCode: () => code,
      getHeaders: () => headers,
      getRawResponse: () => ({}),
      toStream: () => {
        throw new LineFailed('answers are not streamed');
      },
      toJSON: async () => objectIn(text),
    };
  }
}

class StaleConnection extends LineFailed {}

/** The library would take any other JSON for an answer, or stumble over it. */
function objectIn(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LineFailed('no JSON object');
  return value;
}

function limitConnecting(request: ClientRequest, timeoutMs: number, giveUp: () => void): void {
  request.once('socket', socket => {
    if (!socket.connecting) return;
    const timer = setTimeout(giveUp, timeoutMs);
    const stop = (): void => clearTimeout(timer);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', stop);
    request.once('close', stop);
  });
}
