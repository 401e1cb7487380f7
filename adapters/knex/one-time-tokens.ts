import type { OneTimeTokens } from '../../application/ports/one-time-tokens.ts';
import { OneTimeToken, type OneTimeTokenSnapshot, type TokenPurpose } from '../../domain/identity/one-time-token.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { dateOrNull, type Timestamp } from './rows.ts';
import { type Query, sql, type Sql, upsert } from './sql.ts';

interface TokenRow {
  readonly token_hash: string;
  readonly user_id: UserId;
  readonly purpose: TokenPurpose;
  readonly expires_at: Timestamp;
  readonly used_at: Timestamp | null;
}

export class KnexOneTimeTokens implements OneTimeTokens {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(tokenHash: string): Promise<OneTimeToken | undefined> {
    const [token] = await this.#locked(sql`token_hash = ${tokenHash}`);
    return token;
  }

  findUnusedOf(userId: UserId, purpose: TokenPurpose): Promise<readonly OneTimeToken[]> {
    return this.#locked(sql`user_id = ${userId} AND purpose = ${purpose} AND used_at IS NULL`);
  }

  async save(token: OneTimeToken): Promise<void> {
    await this.#query(upsert('one_time_tokens', 'token_hash', [rowOf(token.snapshot())]));
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#query(sql`DELETE FROM one_time_tokens WHERE user_id = ${userId}`);
  }

  async #locked(condition: Sql): Promise<OneTimeToken[]> {
    const rows = await this.#query<TokenRow>(sql`
      SELECT * FROM one_time_tokens WHERE ${condition} ORDER BY token_hash FOR NO KEY UPDATE`);
    return rows.map(row => OneTimeToken.restore(tokenOf(row)));
  }
}

const tokenOf = (row: TokenRow): OneTimeTokenSnapshot => ({
  tokenHash: row.token_hash,
  userId: row.user_id,
  purpose: row.purpose,
  expiresAt: new Date(row.expires_at),
  usedAt: dateOrNull(row.used_at),
});

const rowOf = (token: OneTimeTokenSnapshot): TokenRow => ({
  token_hash: token.tokenHash,
  user_id: token.userId,
  purpose: token.purpose,
  expires_at: token.expiresAt,
  used_at: token.usedAt,
});
