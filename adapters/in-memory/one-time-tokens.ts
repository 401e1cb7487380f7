import type { OneTimeTokens } from '../../application/ports/one-time-tokens.ts';
import { OneTimeToken, type TokenPurpose } from '../../domain/identity/one-time-token.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { requireRow } from './references.ts';
import type { Drafts } from './tables.ts';

export class InMemoryOneTimeTokens implements OneTimeTokens {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(tokenHash: string): Promise<OneTimeToken | undefined> {
    const row = this.#drafts.oneTimeTokens.get(tokenHash);
    return row && OneTimeToken.restore(row);
  }

  async findUnusedOf(userId: UserId, purpose: TokenPurpose): Promise<readonly OneTimeToken[]> {
    return [...this.#drafts.oneTimeTokens.values()]
      .filter(row => row.userId === userId && row.purpose === purpose && !row.usedAt)
      .map(row => OneTimeToken.restore(row));
  }

  async save(token: OneTimeToken): Promise<void> {
    const row = token.snapshot();
    requireRow(this.#drafts.users, row.userId, 'user');
    this.#drafts.oneTimeTokens.set(row.tokenHash, row);
  }

  async removeAllOf(userId: UserId): Promise<void> {
    const { oneTimeTokens } = this.#drafts;
    for (const row of [...oneTimeTokens.values()]) if (row.userId === userId) oneTimeTokens.delete(row.tokenHash);
  }
}
