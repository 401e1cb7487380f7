import type { UserId } from '../shared/ids.ts';

export type TokenPurpose = 'password-reset' | 'email-verification';

/** How long each is good for, in milliseconds. */
export const TOKEN_LIFE_MS: Readonly<Record<TokenPurpose, number>> = {
  'password-reset': 3600_000,
  'email-verification': 24 * 3600_000,
};

export interface OneTimeTokenSnapshot {
  readonly tokenHash: string;
  readonly userId: UserId;
  readonly purpose: TokenPurpose;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

/** Proves once, and for a while, that somebody reads the mail of a user. */
export class OneTimeToken {
  #state: OneTimeTokenSnapshot;

  private constructor(state: OneTimeTokenSnapshot) {
    this.#state = state;
  }

  static issue(facts: { tokenHash: string; userId: UserId; purpose: TokenPurpose }, now: Date): OneTimeToken {
    const expiresAt = new Date(now.getTime() + TOKEN_LIFE_MS[facts.purpose]);
    return new OneTimeToken({ ...facts, expiresAt, usedAt: null });
  }

  static restore(snapshot: OneTimeTokenSnapshot): OneTimeToken {
    return new OneTimeToken(snapshot);
  }

  snapshot(): OneTimeTokenSnapshot {
    return this.#state;
  }

  isGoodFor(purpose: TokenPurpose, now: Date): boolean {
    return this.#state.purpose === purpose && this.#state.usedAt === null && now < this.#state.expiresAt;
  }

  /** It has served, or is not to serve any more. */
  spend(now: Date): void {
    this.#state = { ...this.#state, usedAt: this.#state.usedAt ?? now };
  }
}
