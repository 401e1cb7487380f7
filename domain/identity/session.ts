import type { SessionId, UserId } from '../shared/ids.ts';

export const REFRESH_SLIDING_MS = 7 * 24 * 3600_000;
export const REFRESH_ABSOLUTE_MS = 30 * 24 * 3600_000;
/** How long a renewal may be repeated whose answer was lost. */
export const REPEAT_MS = 60_000;

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
  /** When a refresh token was last traded in; at first when it started. */
  readonly renewedAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
}

/** Ids are unique to who issued them. */
export interface AccessTokenRef {
  readonly issuer: string;
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
      renewedAt: now,
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

  /**
   * Trades a refresh token in. `reused` ends the whole family.
   *
   * A client that has lost the answer may ask again: whoever can name the very successor that was given out, and that
   * nobody has used since, is the one who asked before. Only a successor that was derived can be named again.
   */
  rotate(presentedHash: string, next: IssuedTokens, now: Date): 'rotated' | 'repeated' | 'reused' | 'over' {
    if (this.#state.endedAt || now >= this.#state.expiresAt) return 'over';
    if (this.#isRepeated(presentedHash, next, now)) {
      this.#state = { ...this.#state, accessTokens: this.#accessTokensWith(next, now) };
      return 'repeated';
    }
    if (presentedHash !== this.#state.tokenHash) {
      this.end(now);
      return 'reused';
    }
    const absoluteEnd = this.#state.startedAt.getTime() + REFRESH_ABSOLUTE_MS;
    this.#state = {
      ...this.#state,
      tokenHash: next.tokenHash,
      accessTokens: this.#accessTokensWith(next, now),
      spentHashes: [...this.#state.spentHashes, presentedHash],
      renewedAt: now,
      expiresAt: new Date(Math.min(now.getTime() + REFRESH_SLIDING_MS, absoluteEnd)),
    };
    return 'rotated';
  }

  end(now: Date): void {
    this.#state = { ...this.#state, endedAt: this.#state.endedAt ?? now };
  }

  /** Whether the tokens that it has given out last are older than this. */
  isOlderThan(moment: Date): boolean {
    return this.#state.renewedAt < moment;
  }

  #isRepeated(presentedHash: string, next: IssuedTokens, now: Date): boolean {
    const { spentHashes, tokenHash, renewedAt } = this.#state;
    return (
      presentedHash === spentHashes.at(-1) &&
      next.tokenHash === tokenHash &&
      now.getTime() - renewedAt.getTime() < REPEAT_MS
    );
  }

  #accessTokensWith({ accessToken }: IssuedTokens, now: Date): readonly AccessTokenRef[] {
    return [...this.#state.accessTokens.filter(token => token.expiresAt > now), accessToken];
  }
}
