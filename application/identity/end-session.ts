import type { Session } from '../../domain/identity/session.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/** Its refresh token is dead, and its access tokens are refused from the next request on. */
export async function endSession(
  { sessions, revokedTokens }: Pick<Collections, 'sessions' | 'revokedTokens'>,
  session: Session,
  now: Date,
): Promise<void> {
  session.end(now);
  await sessions.save(session);
  await revokedTokens.add(session.snapshot().accessTokens.filter(token => token.expiresAt > now));
}
