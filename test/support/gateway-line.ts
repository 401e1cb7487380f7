import type { PaymentGateway, Unknown } from '../../application/ports/payment-gateway.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';

type Call = keyof PaymentGateway;

/** What happens to calls: they never arrive, their answers never do, or whoever asks dies before or after. */
type Fault = 'request lost' | 'answer lost' | 'caller dies before' | 'caller dies after' | 'fails';

const UNKNOWN: Unknown = { outcome: 'unknown' };

/** The line to a gateway, which breaks when the test wants it to. */
export class GatewayLine implements PaymentGateway {
  readonly #gateway: PaymentGateway;
  readonly #faults = new Map<Call, { readonly fault: Fault; times: number; readonly struck: () => void }>();
  /** Runs once, after a call of this kind has been answered and before whoever asked hears of it. */
  readonly #interruptions = new Map<Call, () => Promise<unknown>>();
  #voidsToForget = 0;
  /** What was asked, in order, such as "authorize". */
  readonly calls: Call[] = [];

  constructor(gateway: PaymentGateway) {
    this.#gateway = gateway;
  }

  /** Resolves when the fault strikes for the first time. */
  breakAt(call: Call, fault: Fault, times = 1): Promise<void> {
    return new Promise(struck => this.#faults.set(call, { fault, times, struck }));
  }

  /** Every call comes to nothing. */
  breakDown(): void {
    for (const call of ['authorize', 'capture', 'void', 'refund', 'lookup', 'list'] as const)
      void this.breakAt(call, 'request lost', Number.POSITIVE_INFINITY);
  }

  mend(): void {
    this.#faults.clear();
  }

  /** The next void is confirmed and not carried out: a gateway that breaks its promise. */
  forgetNextVoid(): void {
    this.#voidsToForget += 1;
  }

  meanwhile(call: Call, happens: () => Promise<unknown>): void {
    this.#interruptions.set(call, happens);
  }

  authorize(request: Parameters<PaymentGateway['authorize']>[0]) {
    return this.#pass('authorize', () => this.#gateway.authorize(request));
  }

  capture(request: Parameters<PaymentGateway['capture']>[0]) {
    return this.#pass('capture', () => this.#gateway.capture(request));
  }

  void(ref: Parameters<PaymentGateway['void']>[0]) {
    return this.#pass('void', () => {
      if (this.#voidsToForget === 0) return this.#gateway.void(ref);
      this.#voidsToForget -= 1;
      return Promise.resolve({ outcome: 'voided' } as const);
    });
  }

  refund(request: Parameters<PaymentGateway['refund']>[0]) {
    return this.#pass('refund', () => this.#gateway.refund(request));
  }

  lookup(ref: Parameters<PaymentGateway['lookup']>[0]) {
    return this.#pass('lookup', () => this.#gateway.lookup(ref));
  }

  list(request: Parameters<PaymentGateway['list']>[0]) {
    return this.#pass('list', () => this.#gateway.list(request));
  }

  async #pass<Answer>(call: Call, ask: () => Promise<Answer>): Promise<Answer | Unknown> {
    this.calls.push(call);
    const fault = this.#strike(call);
    if (fault === 'fails') throw new Error('The gateway library fell over.');
    if (fault === 'request lost') return UNKNOWN;
    if (fault === 'caller dies before') return never();
    const answer = await ask();
    if (fault === 'caller dies after') return never();
    const interruption = this.#interruptions.get(call);
    this.#interruptions.delete(call);
    await interruption?.();
    return fault === 'answer lost' ? UNKNOWN : answer;
  }

  #strike(call: Call): Fault | undefined {
    const found = this.#faults.get(call);
    if (!found || found.times <= 0) return undefined;
    found.times -= 1;
    found.struck();
    return found.fault;
  }
}

/** Runs units of work like the one given, until the process dies before, or after, so many of them. */
export function mortal(store: Pick<UnitOfWork, 'run'>, when: 'before' | 'after', count: number) {
  let died!: () => void;
  const death = new Promise<void>(resolve => (died = resolve));
  let runs = 0;
  const unitOfWork: UnitOfWork = {
    run: async work => {
      runs += 1;
      const isLast = runs === count;
      const result = isLast && when === 'before' ? undefined : { of: await store.run(work) };
      if (result && !isLast) return result.of;
      died();
      return never();
    },
  };
  return { unitOfWork, death };
}

/** A process that was killed runs no `catch` and no `finally`. */
export const never = <Result>(): Promise<Result> => new Promise(() => {});
