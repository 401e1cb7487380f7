import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { SessionSnapshot } from '../../domain/identity/session.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

/** What somebody may be told of a session: nothing that opens one. */
export type SessionFacts = Pick<SessionSnapshot, 'id' | 'startedAt' | 'expiresAt' | 'endedAt'>;

export interface UserQueries {
  find(id: UserId): Promise<UserSnapshot | undefined>;
  /** Newest first; positions carry the id twice. */
  list(page: PageRequest): Promise<Page<UserSnapshot>>;
  /** Oldest first. */
  addressesOf(userId: UserId): Promise<readonly AddressSnapshot[]>;
  /** Those that ended, too, the oldest first. */
  sessionsOf(userId: UserId): Promise<readonly SessionFacts[]>;
}
