import type { Logger } from '../../application/ports/logger.ts';
import type {
  AuthorizeAnswer,
  CaptureAnswer,
  ListAnswer,
  LookupAnswer,
  PaymentGateway,
  RefundAnswer,
  Unknown,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import { type Agents, exchange, ExchangeFailed } from './json-exchange.ts';
import { type Answers, readAnswer, type Requests } from './sandbox-wire.ts';

export interface RemoteSandboxSettings {
  /** Of a `SandboxServer`. */
  readonly url: string;
  readonly logger: Logger;
  /** Unset: lines that nobody guards. */
  readonly agents?: Agents;
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

const LONGEST_ANSWER = 65_536;

/** The sandbox bank in another process, which goes on living when the shop dies. */
export class RemoteSandboxGateway implements PaymentGateway {
  readonly #settings: RemoteSandboxSettings;

  constructor(settings: RemoteSandboxSettings) {
    this.#settings = settings;
  }

  authorize(request: Requests['authorize']): Promise<AuthorizeAnswer> {
    return this.#ask('authorize', request);
  }

  capture(request: Requests['capture']): Promise<CaptureAnswer> {
    return this.#ask('capture', request);
  }

  void(ref: PaymentId): Promise<VoidAnswer> {
    return this.#ask('void', { ref });
  }

  refund(request: Requests['refund']): Promise<RefundAnswer> {
    return this.#ask('refund', request);
  }

  lookup(ref: PaymentId): Promise<LookupAnswer> {
    return this.#ask('lookup', { ref });
  }

  list(request: Requests['list']): Promise<ListAnswer> {
    return this.#ask('list', request);
  }

  async #ask<Ask extends keyof Answers>(ask: Ask, request: Requests[Ask]): Promise<Answers[Ask] | Unknown> {
    requireOutsideUnitOfWork('The payment gateway');
    const { url, logger, agents, timeoutMs = 8000, connectTimeoutMs = 2000 } = this.#settings;
    const bounds = { connectTimeoutMs, timeoutMs, longestAnswer: LONGEST_ANSWER };
    const about = { call: ask, ...('ref' in request && { ref: request.ref }) };
    try {
      const said = await exchange(new URL(ask, `${url}/`), JSON.stringify(request), bounds, { agents });
      const answer = readAnswer(ask, said);
      if (answer) return answer;
      logger.warn('The sandbox bank gave no clear answer', about);
    } catch (error) {
      const why = error instanceof ExchangeFailed ? error.message : String(error);
      logger.warn('The sandbox bank gave no clear answer', { ...about, why });
    }
    return { outcome: 'unknown' };
  }
}
