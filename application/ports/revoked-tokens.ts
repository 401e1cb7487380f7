import type { AccessTokenRef } from '../../domain/identity/session.ts';

/** Access tokens that are refused before they expire. */
export interface RevokedTokens {
  /** Doing it again changes nothing. */
  add(tokens: readonly AccessTokenRef[]): Promise<void>;
}

/** Asked on every authenticated request, so an answer must be cheap; rejects rather than guess. */
export interface TokenRevocations {
  isRevoked(accessTokenId: string): Promise<boolean>;
}
