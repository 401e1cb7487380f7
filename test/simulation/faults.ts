import type { Chance } from './chance.ts';

/** How a transaction ends: kept; run again after a conflict; refused; broken half way; or kept, and nobody was told. */
export type CommitFate = 'kept' | 'conflict' | 'refused' | 'broken' | 'reply lost';

/** What becomes of one message to the bank. Times are in milliseconds. */
export interface MessageFate {
  /** When it reaches the bank, once for each time that it does. */
  readonly arrivals: readonly number[];
  readonly replyLost: boolean;
}

/**
 * What can go wrong, and how often. Every seed draws its own mix: with one fixed mix some guards could be taken out
 * unnoticed, because what they guard against happens only where something else does not.
 */
export class Faults {
  readonly kill: number;
  readonly refused: number;
  readonly commitReplyLost: number;
  readonly conflict: number;
  readonly drop: number;
  readonly late: number;
  readonly twice: number;
  readonly jump: number;
  /** The share of payments that the bank names a wrong amount for. */
  readonly misquote: number;
  readonly httpReplyLost: number;
  readonly longestSkew: number;
  readonly longestLateness: number;
  #on: boolean;
  readonly #chance: Chance;

  constructor(chance: Chance, quiet: boolean) {
    this.#chance = chance;
    this.#on = !quiet;
    this.kill = chance.pick([0, 0.01, 0.04, 0.12]);
    this.refused = chance.pick([0, 0.02, 0.08]);
    this.commitReplyLost = chance.pick([0, 0.03, 0.12]);
    this.conflict = chance.pick([0, 0.05]);
    this.drop = chance.pick([0, 0.1, 0.3]);
    this.late = chance.pick([0, 0.1, 0.3]);
    this.twice = chance.pick([0, 0.1, 0.4]);
    this.jump = chance.pick([0, 0, 0.004, 0.02]);
    this.misquote = chance.pick([0, 0, 0, 0.1]);
    this.httpReplyLost = chance.pick([0, 0.1]);
    this.longestSkew = chance.pick([0, 300_000]);
    this.longestLateness = chance.pick([20_000, 400_000]);
  }

  get on(): boolean {
    return this.#on;
  }

  stop(): void {
    this.#on = false;
  }

  happens(probability: number): boolean {
    return this.#on && this.#chance.is(probability);
  }

  commit(): CommitFate {
    if (!this.#on) return 'kept';
    if (this.#chance.is(this.refused)) return this.#chance.pick(['refused', 'broken']);
    if (this.#chance.is(this.commitReplyLost)) return 'reply lost';
    return this.#chance.is(this.conflict) ? 'conflict' : 'kept';
  }

  message(): MessageFate {
    if (!this.#on) return { arrivals: [0], replyLost: false };
    if (this.#chance.is(this.drop)) return { arrivals: [], replyLost: true };
    const first = this.#chance.is(this.late) ? this.#lateness() : this.#chance.below(1000);
    const again = this.#chance.is(this.twice) ? [this.#lateness()] : [];
    return { arrivals: [first, ...again], replyLost: this.#chance.is(this.drop) };
  }

  skew(): number {
    return this.#on ? Math.round(this.#chance.between(-1, 1) * this.longestSkew) : 0;
  }

  #lateness(): number {
    return this.#chance.between(0, this.longestLateness);
  }
}
