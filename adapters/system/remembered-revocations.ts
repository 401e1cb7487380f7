import type { Clock } from '../../application/ports/clock.ts';
import type { IssuedAccessToken, TokenRevocations } from '../../application/ports/revoked-tokens.ts';

/**
 * Revoked tokens that keep coming are refused without asking anybody: no token becomes good again. Those that are good
 * are asked about each time.
 */
export class RememberedRevocations implements TokenRevocations {
  readonly #truth: TokenRevocations;
  readonly #clock: Clock;
  readonly #most: number;
  /** Until when each is worth remembering, the oldest knowledge first. */
  readonly #revoked = new Map<string, Date>();

  constructor({ truth, clock, most = 10_000 }: { truth: TokenRevocations; clock: Clock; most?: number }) {
    this.#truth = truth;
    this.#clock = clock;
    this.#most = most;
  }

  async isRevoked(token: IssuedAccessToken): Promise<boolean> {
    const key = `${token.id}@${token.issuer}`;
    if (this.#revoked.has(key)) return true;
    if (!(await this.#truth.isRevoked(token))) return false;
    this.#forgetOld();
    this.#revoked.set(key, token.expiresAt);
    return true;
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [key, expiresAt] of this.#revoked) {
      if (expiresAt > now && this.#revoked.size < this.#most) return;
      this.#revoked.delete(key);
    }
  }
}
