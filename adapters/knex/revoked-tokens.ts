import type { RevokedTokens, TokenRevocations } from '../../application/ports/revoked-tokens.ts';
import type { AccessTokenRef } from '../../domain/identity/session.ts';
import { insert, type Query, sql } from './sql.ts';

export class KnexRevokedTokens implements RevokedTokens {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async add(tokens: readonly AccessTokenRef[]): Promise<void> {
    if (tokens.length === 0) return;
    const rows = tokens.map(({ id, expiresAt }) => ({ id, expires_at: expiresAt }));
    await this.#query(sql`${insert('revoked_tokens', rows)} ON CONFLICT (id) DO NOTHING`);
  }
}

export class KnexTokenRevocations implements TokenRevocations {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async isRevoked(accessTokenId: string): Promise<boolean> {
    const rows = await this.#query(sql`SELECT 1 FROM revoked_tokens WHERE id = ${accessTokenId}`);
    return rows.length > 0;
  }
}
