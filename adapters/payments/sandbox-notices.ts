import { randomUUID } from 'node:crypto';
import type { Logger } from '../../application/ports/logger.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import { exchange } from './json-exchange.ts';
import { SIGNATURE_HEADER, signatureOf } from './notice-signature.ts';

export interface NoticeSettings {
  /** Where the shop listens, such as `http://127.0.0.1:3000/api/v1/payments/webhooks/sandbox`. */
  readonly url: string;
  readonly secret: string;
  readonly logger: Logger;
  /** How long to wait before the second attempt, the third and so on; then it gives up. */
  readonly patienceMs?: readonly number[];
}

/** Tells the shop what has happened to a payment, until the shop has taken it; they may arrive out of order. */
export class SandboxNotices {
  readonly #settings: NoticeSettings;
  readonly #waiting = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(settings: NoticeSettings) {
    this.#settings = settings;
  }

  send(type: string, ref: PaymentId): void {
    const created = Math.floor(Date.now() / 1000);
    const { patienceMs = [500, 2000, 10_000, 60_000] } = this.#settings;
    void this.#attempt(JSON.stringify({ id: `evt_${randomUUID()}`, type, ref, created }), patienceMs);
  }

  /** Those that have not arrived yet never will. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#waiting) clearTimeout(timer);
  }

  async #attempt(body: string, [patience, ...more]: readonly number[]): Promise<void> {
    const { url, secret, logger } = this.#settings;
    const bounds = { connectTimeoutMs: 1000, timeoutMs: 5000, longestAnswer: 65_536 };
    try {
      const headers = { [SIGNATURE_HEADER]: signatureOf(body, secret, new Date()) };
      await exchange(new URL(url), body, bounds, { headers });
    } catch (error) {
      if (this.#closed) return;
      if (patience === undefined) return logger.warn('The shop never took this notice', { error });
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        void this.#attempt(body, more);
      }, patience);
      this.#waiting.add(timer);
    }
  }
}
