import type {
  IssuedAccessToken,
  RevokedTokens,
  SessionCutoff,
  TokenRevocations,
} from '../../application/ports/revoked-tokens.ts';
import type { AccessTokenRef } from '../../domain/identity/session.ts';
import type { Timestamp } from './rows.ts';
import { insert, type Query, sql } from './sql.ts';

export class KnexRevokedTokens implements RevokedTokens {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async add(tokens: readonly AccessTokenRef[]): Promise<void> {
    if (tokens.length === 0) return;
    const rows = tokens.map(({ issuer, id, expiresAt }) => ({ issuer, id, expires_at: expiresAt }));
    await this.#query(sql`${insert('revoked_tokens', rows)} ON CONFLICT (issuer, id) DO NOTHING`);
  }
}

export class KnexSessionCutoff implements SessionCutoff {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(): Promise<Date | undefined> {
    const [row] = await this.#query<{ moment: Timestamp }>(sql`SELECT moment FROM session_cutoff`);
    return row && new Date(row.moment);
  }

  async raise(moment: Date): Promise<void> {
    await this.#query(sql`
      INSERT INTO session_cutoff AS known (moment) VALUES (${moment})
          ON CONFLICT (one) DO UPDATE SET moment = excluded.moment WHERE known.moment < excluded.moment`);
  }
}

export class KnexTokenRevocations implements TokenRevocations {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async isRevoked({ issuer, id, issuedAt }: IssuedAccessToken): Promise<boolean> {
    const rows = await this.#query(sql`
      SELECT 1 FROM revoked_tokens WHERE issuer = ${issuer} AND id = ${id}
       UNION ALL SELECT 1 FROM session_cutoff WHERE moment > ${issuedAt}`);
    return rows.length > 0;
  }
}
