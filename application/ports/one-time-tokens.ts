import type { OneTimeToken, TokenPurpose } from '../../domain/identity/one-time-token.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** Tokens that were sent by mail. Only their hashes are here. */
export interface OneTimeTokens {
  /** Also one that was used or is over. */
  find(tokenHash: string): Promise<OneTimeToken | undefined>;
  /** Those that nobody has used, be they over or not. */
  findUnusedOf(userId: UserId, purpose: TokenPurpose): Promise<readonly OneTimeToken[]>;
  save(token: OneTimeToken): Promise<void>;
  /** Used or not, for whatever purpose; nothing happens when there are none. */
  removeAllOf(userId: UserId): Promise<void>;
}
