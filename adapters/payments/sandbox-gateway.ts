import { setTimeout as sleep } from 'node:timers/promises';
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
import type { Reply, SandboxBank } from './sandbox-bank.ts';

export interface SandboxGatewaySettings {
  readonly bank: SandboxBank;
  readonly logger: Logger;
  /** How long a slow answer takes, in milliseconds. */
  readonly slowMs?: number;
  /** After so many milliseconds an answer comes too late. */
  readonly deadlineMs?: number;
  readonly delay?: (ms: number) => Promise<unknown>;
}

/**
 * The gateway of a shop that has no contract with a real one: a bank in this process, and the line to it.
 * An answer that is lost is `unknown` at once; nobody has to sit the deadline out.
 */
export class SandboxGateway implements PaymentGateway {
  readonly #bank: SandboxBank;
  readonly #logger: Logger;
  readonly #slowMs: number;
  readonly #deadlineMs: number;
  readonly #delay: (ms: number) => Promise<unknown>;

  constructor({ bank, logger, slowMs = 1500, deadlineMs = 8000, delay = sleep }: SandboxGatewaySettings) {
    this.#bank = bank;
    this.#logger = logger;
    this.#slowMs = slowMs;
    this.#deadlineMs = deadlineMs;
    this.#delay = delay;
  }

  authorize(request: Parameters<PaymentGateway['authorize']>[0]): Promise<AuthorizeAnswer> {
    return this.#ask(bank => bank.authorize(request));
  }

  capture(request: Parameters<PaymentGateway['capture']>[0]): Promise<CaptureAnswer> {
    return this.#ask(bank => bank.capture(request));
  }

  void(ref: PaymentId): Promise<VoidAnswer> {
    return this.#ask(bank => bank.void(ref));
  }

  refund(request: Parameters<PaymentGateway['refund']>[0]): Promise<RefundAnswer> {
    return this.#ask(bank => bank.refund(request));
  }

  lookup(ref: PaymentId): Promise<LookupAnswer> {
    return this.#ask(bank => bank.lookup(ref));
  }

  list(request: Parameters<PaymentGateway['list']>[0]): Promise<ListAnswer> {
    return this.#ask(bank => bank.list(request));
  }

  async #ask<Answer>(question: (bank: SandboxBank) => Reply<Answer>): Promise<Answer | Unknown> {
    requireOutsideUnitOfWork('The payment gateway');
    const reply = this.#reply(question);
    if (reply.line === 'slow') await this.#delay(Math.min(this.#slowMs, this.#deadlineMs));
    const tooLate = reply.line === 'slow' && this.#slowMs >= this.#deadlineMs;
    return reply.line === 'dead' || tooLate ? { outcome: 'unknown' } : reply.answer;
  }

  /** A bank that cannot write its journal has done nothing, and the shop will ask again. */
  #reply<Answer>(question: (bank: SandboxBank) => Reply<Answer>): Reply<Answer | Unknown> {
    try {
      return question(this.#bank);
    } catch (error) {
      this.#logger.error('The sandbox bank is out of order', { error });
      return { answer: { outcome: 'unknown' }, line: 'dead' };
    }
  }
}
