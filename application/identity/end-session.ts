import type { UserId } from '../../domain/shared/ids.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
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

interface Caller {
  readonly userId: UserId;
  readonly accessTokenId: string;
}

/**
 * All of theirs but the one that the caller is in.
 * @throws DomainError when that has ended meanwhile: whoever is signed out changes nothing any more
 */
export async function endOtherSessions(
  collections: Pick<Collections, 'sessions' | 'revokedTokens'>,
  { userId, accessTokenId }: Caller,
  now: Date,
): Promise<void> {
  const open = await collections.sessions.findOpenOf(userId);
  const isOwn = (session: Session) => session.snapshot().accessTokens.some(token => token.id === accessTokenId);
  if (!open.some(isOwn)) throw new DomainError('forbidden', 'TOKEN_REVOKED', 'Sign in again.');
  for (const session of open) if (!isOwn(session)) await endSession(collections, session, now);
}
