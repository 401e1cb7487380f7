import type { Ask, Reply } from '../http/client.ts';

/** How a checkout ended, as its customer was told. */
export interface Receipt {
  readonly key: string;
  readonly cartToken: string;
  readonly status: number;
  /** The error's code, or the state of the order. */
  readonly outcome: string;
  readonly text: string;
  /** Of a 201. */
  readonly orderId: string | undefined;
}

/** What customers heard during one round, and everything that should not have been. */
export class Journal {
  readonly receipts: Receipt[] = [];
  readonly #violations = new Map<string, number>();
  readonly #answers = new Map<string, number>();
  /** Connections that were refused or broke: no answers, so nothing is wrong with them. */
  broken = 0;

  get violations(): readonly string[] {
    return [...this.#violations].map(([what, times]) => (times === 1 ? what : `${what} (${times} times)`));
  }

  violated(what: string): void {
    this.#violations.set(what, (this.#violations.get(what) ?? 0) + 1);
  }

  /** Every answer passes here, also those after which a customer tries again. */
  heard({ method, path }: Ask, reply: Reply): void {
    const said = outcomeOf(reply);
    this.#answers.set(said, (this.#answers.get(said) ?? 0) + 1);
    const waitsFor = reply.headers['retry-after'];
    const away = reply.status === 503 && waitsFor !== undefined;
    if (reply.status >= 500 && !away) this.violated(`${method} ${path} was answered ${said}`);
    if (said === '409 IDEMPOTENCY_IN_PROGRESS' && waitsFor === undefined)
      this.violated('409 IDEMPOTENCY_IN_PROGRESS came without Retry-After');
  }

  checkedOut(receipt: Receipt): void {
    this.receipts.push(receipt);
  }

  count(outcome: string): number {
    return this.receipts.filter(receipt => `${receipt.status} ${receipt.outcome}` === outcome).length;
  }

  answered(said: string): number {
    return this.#answers.get(said) ?? 0;
  }

  /** How the checkouts ended, the most frequent first. */
  summary(): string {
    const counts = new Map<string, number>();
    for (const { status, outcome } of this.receipts)
      counts.set(`${status} ${outcome}`, (counts.get(`${status} ${outcome}`) ?? 0) + 1);
    return [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([outcome, count]) => `${count} × ${outcome}`)
      .join(', ');
  }
}

/** "201", or "409 CART_EMPTY". */
export const outcomeOf = ({ status, body }: Reply): string =>
  body.error ? `${status} ${body.error.code}` : `${status}`;
