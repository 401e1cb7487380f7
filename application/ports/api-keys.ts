import type { ApiKey, ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import type { Rights } from '../../domain/identity/permissions.ts';
import type { ApiKeyId, UserId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

export interface ApiKeys {
  find(id: ApiKeyId): Promise<ApiKey | undefined>;
  /** Adds or replaces. Rejects for an owner who was never there. */
  save(key: ApiKey): Promise<void>;
  /** It was used then, unless that is known of a later time. Touches nothing else of the key. */
  noteUse(id: ApiKeyId, at: Date): Promise<void>;
}

export interface ApiKeyQueries {
  /** With what its owner may do at this moment: undefined for an owner who is disabled or erased. */
  find(id: ApiKeyId): Promise<{ readonly key: ApiKeySnapshot; readonly owner: Rights | undefined } | undefined>;
  /** The oldest first, those that were revoked included. */
  ofOwner(userId: UserId): Promise<readonly ApiKeySnapshot[]>;
  /** Newest first; positions carry the id twice. */
  list(page: PageRequest): Promise<Page<ApiKeySnapshot>>;
}
