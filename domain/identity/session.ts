import type { SessionId, UserId } from '../shared/ids.ts';

export const REFRESH_SLIDING_MS = 7 * 24 * 3600_000;
export const REFRESH_ABSOLUTE_MS = 30 * 24 * 3600_000;

export interface SessionSnapshot {
  readonly id: SessionId;
  readonly userId: UserId;
  /** Hash of the one refresh token that is good now. */
  readonly tokenHash: string;
  /** Hashes of those that were traded in; seeing one again means that somebody copied it. */
  readonly spentHashes: readonly string[];
  /** Access tokens of this session that may not have expired yet, the newest last. */
  readonly accessTokens: readonly AccessTokenRef[];
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

export interface AccessTokenRef {
  readonly id: string;
  readonly expiresAt: Date;
}

export interface IssuedTokens {
  readonly tokenHash: string;
  readonly accessToken: AccessTokenRef;
}

/** One sign-in on one device: a family of refresh tokens, of which exactly one is good at a time. */
export class Session {
  #state: SessionSnapshot;

  private constructor(state: SessionSnapshot) {
    this.#state = state;
  }

  static start(facts: { id: SessionId; userId: UserId } & IssuedTokens, now: Date): Session {
    const { id, userId, tokenHash, accessToken } = facts;
    return new Session({
      id,
      userId,
      tokenHash,
      accessTokens: [accessToken],
      spentHashes: [],
      startedAt: now,
      expiresAt: new Date(now.getTime() + REFRESH_SLIDING_MS),
      endedAt: null,
    });
  }

  static restore(snapshot: SessionSnapshot): Session {
    return new Session(snapshot);
  }

  snapshot(): SessionSnapshot {
    return this.#state;
  }

  /** Trades a refresh token in. `reused` ends the whole family. */
  rotate(presentedHash: string, next: IssuedTokens, now: Date): 'rotated' | 'reused' | 'over' {
    if (this.#state.endedAt || now >= this.#state.expiresAt) return 'over';
    if (presentedHash !== this.#state.tokenHash) {
      this.end(now);
      return 'reused';
    }
    const absoluteEnd = this.#state.startedAt.getTime() + REFRESH_ABSOLUTE_MS;
    this.#state = {
      ...this.#state,
      tokenHash: next.tokenHash,
      accessTokens: [...this.#state.accessTokens.filter(token => token.expiresAt > now), next.accessToken],
      spentHashes: [...this.#state.spentHashes, presentedHash],
      expiresAt: new Date(Math.min(now.getTime() + REFRESH_SLIDING_MS, absoluteEnd)),
    };
    return 'rotated';
  }

  end(now: Date): void {
    this.#state = { ...this.#state, endedAt: this.#state.endedAt ?? now };
  }
}
