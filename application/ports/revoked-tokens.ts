import type { AccessTokenRef } from '../../domain/identity/session.ts';

/** Access tokens that are refused before they expire, by issuer and id. */
export interface RevokedTokens {
  /** Doing it again changes nothing. */
  add(tokens: readonly AccessTokenRef[]): Promise<void>;
}

/** The moment before which no token counts any more, whoever has it. */
export interface SessionCutoff {
  /** Undefined until there was an incident. */
  find(): Promise<Date | undefined>;
  /** It only ever moves forward: an earlier moment changes nothing. */
  raise(moment: Date): Promise<void>;
}

export interface IssuedAccessToken extends AccessTokenRef {
  /** In whole seconds, and never later than it was. */
  readonly issuedAt: Date;
}

/** Asked on every authenticated request, so an answer must be cheap; rejects rather than guess. */
export interface TokenRevocations {
  /** By itself, or because it is from before the cutoff. */
  isRevoked(token: IssuedAccessToken): Promise<boolean>;
}

/** What a unit of work has revoked. */
export interface Revocations {
  readonly tokens: readonly AccessTokenRef[];
  readonly cutoff: Date | undefined;
}

/** Whoever answers from memory has to be told of revocations. May be remote, so it is never called inside a unit of work. */
export interface RevocationListener {
  /** After the commit, and before anybody is told that it was done. Never rejects. */
  heard(revocations: Revocations): Promise<void>;
}
