import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../application/ports/logger.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import { textIn } from './json-exchange.ts';
import type { Movement } from './sandbox-account.ts';
import type { Reply, SandboxBank } from './sandbox-bank.ts';
import type { SandboxNotices } from './sandbox-notices.ts';
import { REQUESTS, type Requests } from './sandbox-wire.ts';

export interface SandboxServerSettings {
  readonly bank: SandboxBank;
  readonly logger: Logger;
  /** 0 takes any free one. */
  readonly port?: number;
  /** The address to listen on; by default one that only this machine reaches. */
  readonly host?: string;
  readonly notices?: SandboxNotices;
  /** How long a slow answer takes, in milliseconds. */
  readonly slowMs?: number;
}

/** What a sandbox bank has done under one reference, in minor units. */
export interface LedgerEntry {
  readonly state: string;
  readonly currency: string | null;
  readonly authorized: Sum;
  readonly captured: Sum;
  readonly voided: Sum;
  readonly refunded: Sum;
}

interface Sum {
  readonly count: number;
  readonly amount: number;
}

const LONGEST_REQUEST = 65_536;

const ACTS: { readonly [Ask in keyof Requests]: (bank: SandboxBank, request: Requests[Ask]) => Reply<unknown> } = {
  authorize: (bank, request) => bank.authorize(request),
  capture: (bank, request) => bank.capture(request),
  refund: (bank, request) => bank.refund(request),
  void: (bank, { ref }) => bank.void(ref),
  lookup: (bank, { ref }) => bank.lookup(ref),
  list: (bank, request) => bank.list(request),
  confirm: (bank, { ref }) => ({ answer: { done: bank.confirm(ref) }, line: 'clear' }),
  fail: (bank, { ref }) => ({ answer: { done: bank.fail(ref) }, line: 'clear' }),
};

/**
 * A sandbox bank behind a port of this machine: `POST /authorize` and so on with the JSON of `sandbox-wire.ts`, and
 * `GET /ledger` for all that it ever did. An answer that gets lost is a connection that breaks.
 */
export class SandboxServer {
  readonly #settings: SandboxServerSettings;
  readonly #server = http.createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      this.#settings.logger.error('The sandbox bank is out of order', { error });
      response.destroy();
    });
  });

  private constructor(settings: SandboxServerSettings) {
    this.#settings = settings;
  }

  /** @throws when the port is taken */
  static async start(settings: SandboxServerSettings): Promise<SandboxServer> {
    const server = new SandboxServer(settings);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(settings.port ?? 0, settings.host ?? '127.0.0.1', resolve);
    });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#settings.notices?.close();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
    this.#settings.bank.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET' && pathname === '/ledger')
      return send(response, 200, this.#ledger(searchParams.get('ref')));
    const ask = pathname.slice(1);
    if (request.method !== 'POST' || !isAsk(ask)) return send(response, 404, { error: 'There is nothing here.' });
    // A page in somebody's browser cannot send this without asking first.
    if (request.headers['content-type'] !== 'application/json') return send(response, 415, { error: 'Send JSON.' });
    const reply = this.#act(ask, await jsonIn(request));
    if (!reply) return send(response, 400, { error: `This is no request to ${ask}.` });
    if (reply.line === 'dead') return void response.destroy();
    if (reply.line === 'slow') await sleep(this.#settings.slowMs ?? 1500);
    return send(response, 200, reply.answer);
  }

  #act<Ask extends keyof Requests>(ask: Ask, body: unknown): Reply<unknown> | undefined {
    const { bank, notices } = this.#settings;
    const { value, error } = REQUESTS[ask].validate(body, { convert: false, stripUnknown: true });
    if (error) return undefined;
    if (!('ref' in value)) return ACTS[ask](bank, value);
    const before = bank.lookup(value.ref).answer.outcome;
    const reply = ACTS[ask](bank, value);
    const after = bank.lookup(value.ref).answer.outcome;
    if (after !== before) notices?.send(`payment.${after}`, value.ref);
    return reply;
  }

  #ledger(only: string | null): Record<string, LedgerEntry> {
    const { bank } = this.#settings;
    const refs = only === null ? bank.refs : bank.refs.filter(ref => ref === only);
    return Object.fromEntries(refs.map(ref => [ref, entryOf(bank, ref)]));
  }
}

function entryOf(bank: SandboxBank, ref: PaymentId): LedgerEntry {
  const movements = bank.movements(ref);
  return {
    state: bank.lookup(ref).answer.outcome,
    currency: movements[0]?.amount.currency ?? null,
    authorized: sumOf(movements, 'held'),
    captured: sumOf(movements, 'captured'),
    voided: sumOf(movements, 'released'),
    refunded: sumOf(movements, 'refunded'),
  };
}

function sumOf(movements: readonly Movement[], kind: Movement['kind']): Sum {
  const these = movements.filter(movement => movement.kind === kind);
  return { count: these.length, amount: these.reduce((sum, { amount }) => sum + amount.amount, 0) };
}

const isAsk = (name: string): name is keyof Requests => Object.hasOwn(REQUESTS, name);

async function jsonIn(request: IncomingMessage): Promise<unknown> {
  const text = await textIn(request, LONGEST_REQUEST);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, code: number, answer: unknown): void {
  const body = JSON.stringify(answer);
  response.writeHead(code, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
}
