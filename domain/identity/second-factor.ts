import { DomainError } from '../shared/domain-error.ts';
import type { UserId } from '../shared/ids.ts';

export const RECOVERY_CODES = 10;

export interface SecondFactorSnapshot {
  readonly userId: UserId;
  /** What the codes of the authenticator are made from. */
  readonly secret: string;
  /** Null until a first code has shown that the authenticator holds the secret. */
  readonly confirmedAt: Date | null;
  /** The time step of the latest code that was taken: none of it or before is taken again. */
  readonly lastStep: number | null;
  /** Of the recovery codes that are left. */
  readonly recoveryHashes: readonly string[];
}

/** Something that a user has, beside the password that they know: an authenticator, and recovery codes on paper. */
export class SecondFactor {
  #state: SecondFactorSnapshot;

  private constructor(state: SecondFactorSnapshot) {
    this.#state = state;
  }

  static enrol(facts: { userId: UserId; secret: string }): SecondFactor {
    return new SecondFactor({ ...facts, confirmedAt: null, lastStep: null, recoveryHashes: [] });
  }

  static restore(snapshot: SecondFactorSnapshot): SecondFactor {
    return new SecondFactor(snapshot);
  }

  snapshot(): SecondFactorSnapshot {
    return this.#state;
  }

  get isOn(): boolean {
    return this.#state.confirmedAt !== null;
  }

  /** From now on it is asked for. */
  confirm({ step, recoveryHashes }: { step: number; recoveryHashes: readonly string[] }, now: Date): void {
    if (this.isOn) throw alreadyOn();
    this.#state = { ...this.#state, confirmedAt: now, lastStep: step, recoveryHashes };
  }

  /** False for the code of a step that was taken before, or of an earlier one. */
  takeStep(step: number): boolean {
    if (!this.isOn || step <= this.#state.lastStep!) return false;
    this.#state = { ...this.#state, lastStep: step };
    return true;
  }

  /** False for a recovery code that is none, or was used. */
  takeRecoveryCode(hash: string): boolean {
    if (!this.#state.recoveryHashes.includes(hash)) return false;
    this.#state = { ...this.#state, recoveryHashes: this.#state.recoveryHashes.filter(one => one !== hash) };
    return true;
  }
}

export const alreadyOn = (): DomainError =>
  new DomainError('conflict', 'INVALID_TRANSITION', 'The second factor is on already: remove it first.');
