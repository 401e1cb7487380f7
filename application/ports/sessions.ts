import type { Session } from '../../domain/identity/session.ts';
import type { UserId } from '../../domain/shared/ids.ts';

export interface Sessions {
  /** The session that this refresh token belongs to, be it the current one or one that was traded in. */
  findByToken(tokenHash: string): Promise<Session | undefined>;
  findByAccessToken(accessTokenId: string): Promise<Session | undefined>;
  /** Those that have not ended. */
  findOpenOf(userId: UserId): Promise<readonly Session[]>;
  save(session: Session): Promise<void>;
}
