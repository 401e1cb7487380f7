import type {
  AuthorizeAnswer,
  CaptureAnswer,
  HeldPayment,
  ListAnswer,
  LookupAnswer,
  PaymentGateway,
  RefundAnswer,
  Unknown,
  VoidAnswer,
} from '../../application/ports/payment-gateway.ts';
import { Currency } from '../../domain/shared/currency.ts';
import { PaymentId } from '../../domain/shared/ids.ts';
import { madeAt } from '../../domain/shared/made-at.ts';
import { Money } from '../../domain/shared/money.ts';
import { type Movement, SandboxAccount } from './sandbox-account.ts';
import { SandboxJournal } from './sandbox-journal.ts';

type AuthorizeRequest = Parameters<PaymentGateway['authorize']>[0];
type CaptureRequest = Parameters<PaymentGateway['capture']>[0];
type ListRequest = Parameters<PaymentGateway['list']>[0];
type RefundRequest = Parameters<PaymentGateway['refund']>[0];

/** What the bank says and what becomes of it on the way: it arrives, it takes its time, or nobody ever hears it. */
export interface Reply<Answer> {
  readonly answer: Answer;
  readonly line: 'clear' | 'slow' | 'dead';
}

const ASKS = ['authorize', 'capture', 'refund', 'void', 'confirm', 'fail'] as const;

/** One thing that the bank was asked to do: a line of its journal. */
interface Entry {
  readonly ask: (typeof ASKS)[number];
  readonly ref: string;
  readonly amount?: { readonly amount: number; readonly currency: string };
  /** The method, the authorisation or the capture that it is about. */
  readonly about?: string;
  readonly key?: string;
}

/** What was first asked for under a key, and what was answered. */
type Answers<Answer> = Map<string, { readonly asked: string; readonly answer: Answer }>;

const UNKNOWN: Unknown = { outcome: 'unknown' };
const KEY_REUSED = { outcome: 'refused', reason: 'key_reused' } as const;

/**
 * A bank that plays by the rules and moves no money. What it does depends on the payment method alone:
 *
 * - `tok_ok`: pays. `tok_decline`, `tok_insufficient_funds` and every unknown method: declined.
 * - `tok_requires_action`: waits for the customer, see `confirm` and `fail`.
 * - `tok_timeout`, `tok_capture_timeout`: the first authorisation, or capture, takes effect and its answer is lost.
 * - `tok_lost`: no authorisation ever arrives. `tok_slow`: it takes effect at once, the answer comes late.
 * - `tok_capture_refused`: authorised, and never captured.
 *
 * A key is remembered for ever. Asked again under it, the bank gives the first answer, even when things have moved on.
 * Asked for something else under it, it does nothing: a capture or refund is refused, but an authorisation is answered
 * `unknown`, because a shop that is told "declined" forgets the money that the first one may hold.
 *
 * Without a journal it forgets everything with the process; then an order that was authorised before cannot be captured
 * after, is refused and cancelled. With one it does again what it was asked before, in that order, and so knows what it
 * knew: no answer depends on the time or on chance. One process at a time may use a journal.
 */
export class SandboxBank {
  readonly #accounts = new Map<PaymentId, SandboxAccount>();
  /** In the order in which they came. */
  readonly #refs: PaymentId[] = [];
  readonly #authorizations: Answers<AuthorizeAnswer> = new Map();
  readonly #captures: Answers<CaptureAnswer> = new Map();
  readonly #refunds: Answers<RefundAnswer> = new Map();
  #journal: SandboxJournal | undefined;

  /** @param journal the path of a file, made when it is not there */
  constructor({ journal }: { readonly journal?: string } = {}) {
    if (journal === undefined) return;
    const opened = SandboxJournal.open(journal, isEntry);
    for (const entry of opened.entries) this.#repeat(entry);
    this.#journal = opened.journal;
  }

  authorize({ ref, amount, method, key }: AuthorizeRequest): Reply<AuthorizeAnswer> {
    if (method === 'tok_lost') return { answer: UNKNOWN, line: 'dead' };
    const entry: Entry = { ask: 'authorize', ref, amount: amount.toJSON(), about: method, key };
    const { answer, first } = this.#once(this.#authorizations, entry, key, UNKNOWN, () =>
      this.#account(ref).authorize(amount, method),
    );
    if (first && method === 'tok_timeout') return { answer, line: 'dead' };
    return { answer, line: first && method === 'tok_slow' ? 'slow' : 'clear' };
  }

  capture({ ref, authorizationId, amount, key }: CaptureRequest): Reply<CaptureAnswer> {
    const entry: Entry = { ask: 'capture', ref, amount: amount.toJSON(), about: authorizationId, key };
    const account = this.#account(ref);
    const { answer, first } = this.#once(this.#captures, entry, key, KEY_REUSED, () =>
      account.capture(authorizationId, amount),
    );
    const lost = first && account.methodOf(authorizationId) === 'tok_capture_timeout';
    return { answer, line: lost ? 'dead' : 'clear' };
  }

  refund({ ref, captureId, amount, key }: RefundRequest): Reply<RefundAnswer> {
    const entry: Entry = { ask: 'refund', ref, amount: amount.toJSON(), about: captureId, key };
    const { answer } = this.#once(this.#refunds, entry, key, KEY_REUSED, () =>
      this.#account(ref).refund(captureId, amount),
    );
    return { answer, line: 'clear' };
  }

  void(ref: PaymentId): Reply<VoidAnswer> {
    this.#journal?.append({ ask: 'void', ref } satisfies Entry);
    return { answer: this.#account(ref).void(), line: 'clear' };
  }

  lookup(ref: PaymentId): Reply<LookupAnswer> {
    return { answer: this.#accounts.get(ref)?.lookup() ?? { outcome: 'not_found' }, line: 'clear' };
  }

  /** The bank has no clock: it goes by the time that each reference tells. A position counts the references before it. */
  list({ since, after, limit }: ListRequest): Reply<ListAnswer> {
    const payments: HeldPayment[] = [];
    let position = after === undefined ? this.#refs.length : Number(after);
    while (position > 0 && payments.length < limit) {
      position -= 1;
      const ref = this.#refs[position]!;
      const held = this.#accounts.get(ref)!.held;
      if (held && (madeAt(ref) ?? 0) >= since) payments.push(held);
    }
    const next = position > 0 ? { next: String(position) } : {};
    return { answer: { outcome: 'listed', payments, ...next }, line: 'clear' };
  }

  /** The customer does what the bank asked for. False when it asked for nothing. */
  confirm(ref: PaymentId): boolean {
    return this.#answerAction('confirm', ref);
  }

  /** The customer fails to do what the bank asked for, and is declined. False when it asked for nothing. */
  fail(ref: PaymentId): boolean {
    return this.#answerAction('fail', ref);
  }

  /** Every reference that it was ever asked to do something under. */
  get refs(): readonly PaymentId[] {
    return this.#refs;
  }

  /** What was done to the customer's money under this reference, from the first to the last. */
  movements(ref: PaymentId): readonly Movement[] {
    return this.#accounts.get(ref)?.movements ?? [];
  }

  /** Lets go of the journal; the bank forgets nothing, but writes nothing down any more. */
  close(): void {
    this.#journal?.close();
    this.#journal = undefined;
  }

  #answerAction(ask: 'confirm' | 'fail', ref: PaymentId): boolean {
    this.#journal?.append({ ask, ref } satisfies Entry);
    return this.#account(ref).answerAction(ask === 'confirm');
  }

  #account(ref: PaymentId): SandboxAccount {
    const known = this.#accounts.get(ref);
    if (known) return known;
    const account = new SandboxAccount(ref);
    this.#accounts.set(ref, account);
    this.#refs.push(ref);
    return account;
  }

  /** Written down first: what the journal refuses is not done. */
  #once<Answer>(answers: Answers<Answer>, entry: Entry, key: string, reused: Answer, act: () => Answer) {
    const asked = JSON.stringify(entry);
    const known = answers.get(key);
    if (known) return { answer: known.asked === asked ? known.answer : reused, first: false };
    this.#journal?.append(entry);
    const answer = act();
    answers.set(key, { asked, answer });
    return { answer, first: true };
  }

  #repeat({ ask, ref: text, amount, about = '', key = '' }: Entry): void {
    const ref = PaymentId(text);
    const money = Money.of(amount?.amount ?? 0, Currency(amount?.currency ?? 'USD'));
    if (ask === 'authorize') this.authorize({ ref, amount: money, method: about, key });
    if (ask === 'capture') this.capture({ ref, amount: money, authorizationId: about, key });
    if (ask === 'refund') this.refund({ ref, amount: money, captureId: about, key });
    if (ask === 'void') this.void(ref);
    if (ask === 'confirm' || ask === 'fail') this.#answerAction(ask, ref);
  }
}

const isEntry = (line: unknown): line is Entry =>
  typeof line === 'object' && line !== null && 'ref' in line && 'ask' in line && ASKS.some(ask => ask === line.ask);
