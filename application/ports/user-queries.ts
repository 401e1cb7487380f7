import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

export interface UserQueries {
  find(id: UserId): Promise<UserSnapshot | undefined>;
  /** Newest first; positions carry the id twice. */
  list(page: PageRequest): Promise<Page<UserSnapshot>>;
  /** Oldest first. */
  addressesOf(userId: UserId): Promise<readonly AddressSnapshot[]>;
}
