import type { Movement } from '../../adapters/payments/sandbox-account.ts';
import { type Reply, SandboxBank } from '../../adapters/payments/sandbox-bank.ts';
import type { PaymentGateway } from '../../application/ports/payment-gateway.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import type { PaymentId } from '../../domain/shared/ids.ts';
import type { Money } from '../../domain/shared/money.ts';
import type { Process } from './process.ts';
import { type Actor, Box } from './scheduler.ts';
import type { World } from './world.ts';

/** The gateway's deadline of a call. */
const DEADLINE_MS = 8_000;

type Verb = keyof PaymentGateway;

/** Whoever wants to know what happens at the bank. */
export interface BankWatcher {
  moved(ref: PaymentId, movement: Movement): void;
  /** The bank would tell the shop so by a webhook. */
  announced(ref: PaymentId, type: string): void;
}

/** The sandbox bank, at the other end of a bad line. It outlives every process of the shop. */
export class Bank {
  readonly #bank = new SandboxBank();
  readonly #world: World;
  readonly #clerk: Actor;
  readonly #cardholder: Actor;
  readonly #asked = new Set<PaymentId>();
  /** What the bank names a wrong amount at, by payment. */
  readonly #mistakes = new Map<PaymentId, 'authorize' | 'capture' | 'nothing'>();
  watcher: BankWatcher | undefined;
  #underWay = 0;

  constructor(world: World) {
    this.#world = world;
    this.#clerk = world.actor('the bank');
    this.#cardholder = world.actor('a cardholder');
  }

  /** Whether no message is on its way to it. */
  get idle(): boolean {
    return this.#underWay === 0;
  }

  movements(ref: PaymentId): readonly Movement[] {
    return this.#bank.movements(ref);
  }

  /** The sum of all movements of these kinds, in minor units. */
  sum(ref: PaymentId, ...kinds: readonly Movement['kind'][]): number {
    let sum = 0;
    for (const { kind, amount } of this.#bank.movements(ref)) if (kinds.includes(kind)) sum += amount.amount;
    return sum;
  }

  /** Held and not yet captured or released. */
  outstanding(ref: PaymentId): number {
    return this.sum(ref, 'held') - this.sum(ref, 'released') - this.sum(ref, 'captured');
  }

  /** Whether it ever named a wrong amount: then nobody but a person may go on. */
  isMistakenAbout(ref: PaymentId): boolean {
    return (this.#mistakes.get(ref) ?? 'nothing') !== 'nothing';
  }

  lineOf(process: Process): PaymentGateway {
    const ask = <Answer>(verb: Verb, ref: PaymentId | undefined, question: (bank: SandboxBank) => Reply<Answer>) =>
      this.#send(process, verb, ref, question);
    return {
      authorize: request => ask('authorize', request.ref, bank => bank.authorize(request)),
      capture: request => ask('capture', request.ref, bank => bank.capture(request)),
      refund: request => ask('refund', request.ref, bank => bank.refund(request)),
      void: ref => ask('void', ref, bank => bank.void(ref)),
      lookup: ref => ask('lookup', ref, bank => bank.lookup(ref)),
      list: request => ask('list', undefined, bank => bank.list(request)),
    };
  }

  /** The message is on its way before the process can die of waiting: what it asks for happens all the same. */
  async #send<Answer>(
    process: Process,
    verb: Verb,
    ref: PaymentId | undefined,
    question: (bank: SandboxBank) => Reply<Answer>,
  ) {
    requireOutsideUnitOfWork('The payment gateway');
    const { scheduler, faults } = this.#world;
    await process.turn();
    const { arrivals, replyLost } = faults.message();
    const box = new Box<Answer>();
    this.#world.tell(process.name, `asks the bank to ${verb}${arrivals.length === 0 ? ', in vain' : ''}`, ref);
    this.#underWay += arrivals.length;
    for (const delay of arrivals)
      this.#world.spawn(this.#clerk, async () => {
        if (delay > 0) await scheduler.sleep(this.#clerk, delay);
        const answer = ref ? this.#carryOut(verb, ref, question) : question(this.#bank).answer;
        this.#underWay -= 1;
        if (!replyLost) box.fill(answer);
      });
    const answer = await box.wait(scheduler, process, DEADLINE_MS);
    if (!answer) this.#world.tell(process.name, `gives up waiting for the bank to ${verb}`, ref);
    return answer ?? { outcome: 'unknown' as const };
  }

  #carryOut<Answer>(verb: Verb, ref: PaymentId, question: (bank: SandboxBank) => Reply<Answer>): Answer {
    const { answer } = this.#watched(ref, () => question(this.#bank));
    const { outcome } = answer as { outcome: string };
    if (outcome === 'requires_action') this.#askCardholder(ref);
    const wrong = this.#misquoted(verb, ref, answer);
    this.#world.tell('the bank', `answers ${verb}: ${outcome}${wrong ? ', of a wrong amount' : ''}`, ref);
    return wrong ?? answer;
  }

  /** The answer as the bank gives it that mistakes one unit for another, wherever it names the amount again. */
  #misquoted<Answer>(verb: Verb, ref: PaymentId, answer: Answer): Answer | undefined {
    const { amount } = answer as { amount?: Money };
    if (!amount) return undefined;
    const { faults, chance } = this.#world;
    const mistake =
      this.#mistakes.get(ref) ?? (faults.happens(faults.misquote) ? chance.pick(['authorize', 'capture']) : 'nothing');
    this.#mistakes.set(ref, mistake);
    const applies = mistake === verb || (mistake === 'authorize' && verb === 'lookup');
    return applies ? { ...answer, amount: amount.times(100) } : undefined;
  }

  #askCardholder(ref: PaymentId): void {
    if (this.#asked.has(ref)) return;
    this.#asked.add(ref);
    const { chance, scheduler, plan } = this.#world;
    const will = plan.scene === 'checkout, never paid' ? 'forget' : plan.quiet ? 'confirm' : chance.pick(WILLS);
    if (will === 'forget') return;
    const delay = chance.between(0, 200_000);
    this.#world.spawn(this.#cardholder, async () => {
      await scheduler.sleep(this.#cardholder, plan.quiet ? 1000 : delay);
      this.#world.tell('cardholder', `${will}s the payment`, ref);
      this.#watched(ref, () => this.#bank[will](ref));
      this.watcher?.announced(ref, `payment.${will}ed`);
    });
  }

  #watched<Result>(ref: PaymentId, act: () => Result): Result {
    const before = this.#bank.movements(ref).length;
    const result = act();
    for (const movement of this.#bank.movements(ref).slice(before)) {
      this.#world.tell('the bank', `money ${movement.kind}: ${movement.amount.toDecimal()}`, ref);
      this.watcher?.moved(ref, movement);
      this.watcher?.announced(ref, `payment.${movement.kind}`);
    }
    return result;
  }
}

const WILLS = ['confirm', 'confirm', 'confirm', 'fail', 'forget'] as const;
