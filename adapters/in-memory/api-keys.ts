import type { ApiKeyQueries, ApiKeys } from '../../application/ports/api-keys.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import { ApiKey, type ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import type { ApiKeyId, UserId } from '../../domain/shared/ids.ts';
import { compareText, newestFirst, pageOf } from './paging.ts';
import { requireRow } from './references.ts';
import { rightsOf } from './roles.ts';
import type { Drafts, View } from './tables.ts';

export class InMemoryApiKeys implements ApiKeys {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(id: ApiKeyId): Promise<ApiKey | undefined> {
    const row = this.#drafts.apiKeys.get(id);
    return row && ApiKey.restore(row);
  }

  async save(key: ApiKey): Promise<void> {
    const row = key.snapshot();
    requireRow(this.#drafts.users, row.ownerId, 'user');
    this.#drafts.apiKeys.set(row.id, row);
  }

  async noteUse(id: ApiKeyId, at: Date): Promise<void> {
    const row = this.#drafts.apiKeys.get(id);
    if (!row || (row.lastUsedAt && row.lastUsedAt >= at)) return;
    this.#drafts.apiKeys.set(id, { ...row, lastUsedAt: at });
  }
}

export class InMemoryApiKeyQueries implements ApiKeyQueries {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async find(id: ApiKeyId) {
    const key = this.#view.apiKeys.get(id);
    return key && { key, owner: rightsOf(this.#view, key.ownerId) };
  }

  async ofOwner(userId: UserId): Promise<readonly ApiKeySnapshot[]> {
    return [...this.#view.apiKeys.values()]
      .filter(({ ownerId }) => ownerId === userId)
      .toSorted((a, b) => compareText(a.id, b.id));
  }

  async list(request: PageRequest): Promise<Page<ApiKeySnapshot>> {
    return pageOf(
      [...this.#view.apiKeys.values()],
      newestFirst(key => key.id),
      request,
      key => key,
    );
  }
}
