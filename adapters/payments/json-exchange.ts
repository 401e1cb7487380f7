import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { OutgoingRefused } from '../../application/ports/outbound.ts';

export interface ExchangeBounds {
  readonly connectTimeoutMs: number;
  /** For all of it, from the connection to the last byte. */
  readonly timeoutMs: number;
  readonly longestAnswer: number;
}

/** Nobody can know what became of the request. Its message holds nothing of what was sent or answered. */
export class ExchangeFailed extends Error {
  override readonly name = 'ExchangeFailed';
}

/** What opens the lines; the shop's own are guarded. */
export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

const UNGUARDED: Agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

/**
 * Posts JSON and gives back the JSON of the answer, or undefined when it is empty (204). Redirects are not followed, and nothing is sent twice.
 * @throws ExchangeFailed unless an answer with code 200 or 204 came in time
 */
export function exchange(
  url: URL,
  body: string,
  { connectTimeoutMs, timeoutMs, longestAnswer }: ExchangeBounds,
  {
    headers = {},
    agents = UNGUARDED,
  }: { headers?: Readonly<Record<string, string>>; agents?: Agents | undefined } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { request: open, agent } =
      url.protocol === 'https:' ? { ...https, agent: agents.https } : { ...http, agent: agents.http };
    const request = open(url, {
      method: 'POST',
      agent,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers },
    });
    const giveUp = (why: string): void => {
      reject(new ExchangeFailed(why));
      request.destroy();
    };
    const timers = [setTimeout(giveUp, timeoutMs, 'no answer within the deadline')];
    request.once('socket', socket => {
      if (!socket.connecting) return;
      const timer = setTimeout(giveUp, connectTimeoutMs, 'no connection in time');
      timers.push(timer);
      socket.once('connect', () => clearTimeout(timer));
    });
    request.once('response', response => {
      jsonIn(response, longestAnswer).then(resolve, reject);
    });
    request.on('error', (error: NodeJS.ErrnoException) => reject(new ExchangeFailed(reasonOf(error))));
    request.once('close', () => timers.forEach(timer => clearTimeout(timer)));
    request.end(body);
  });
}

const reasonOf = (error: NodeJS.ErrnoException): string =>
  error instanceof OutgoingRefused ? error.message : (error.code ?? error.name);

async function jsonIn(response: IncomingMessage, longest: number): Promise<unknown> {
  if (response.statusCode !== 200) {
    response.resume();
    if (response.statusCode === 204) return undefined;
    throw new ExchangeFailed(`answered with ${response.statusCode}`);
  }
  try {
    return JSON.parse(await textIn(response, longest));
  } catch (error) {
    throw error instanceof ExchangeFailed ? error : new ExchangeFailed('the answer was cut off, or is no JSON');
  }
}

/** @throws ExchangeFailed when it is longer */
export async function textIn(stream: IncomingMessage, longest: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longest) throw new ExchangeFailed('it is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
