import type { Sessions } from '../../application/ports/sessions.ts';
import { type AccessTokenRef, Session, type SessionSnapshot } from '../../domain/identity/session.ts';
import type { SessionId, UserId } from '../../domain/shared/ids.ts';
import { dateOrNull, grouped, type Timestamp } from './rows.ts';
import { insert, type Query, sql, type Sql, upsert } from './sql.ts';

interface SessionRow {
  readonly id: SessionId;
  readonly user_id: UserId;
  readonly token_hash: string;
  readonly access_tokens: readonly { readonly issuer: string; readonly id: string; readonly expiresAt: Timestamp }[];
  readonly started_at: Timestamp;
  readonly renewed_at: Timestamp;
  readonly expires_at: Timestamp;
  readonly ended_at: Timestamp | null;
}

export class KnexSessions implements Sessions {
  readonly #query: Query;
  /** How many spent tokens of each are stored; they only ever grow. */
  readonly #spent = new WeakMap<Session, number>();

  constructor(query: Query) {
    this.#query = query;
  }

  /** Found by id once it is known: while one waits for the lock, the token may turn from the good one into a spent one. */
  async findByToken(tokenHash: string): Promise<Session | undefined> {
    const [session] = await this.#locked(sql`id = (
      SELECT id FROM sessions WHERE token_hash = ${tokenHash}
      UNION ALL SELECT session_id FROM spent_refresh_tokens WHERE token_hash = ${tokenHash} LIMIT 1)`);
    return session;
  }

  async findByAccessToken(accessTokenId: string): Promise<Session | undefined> {
    const [session] = await this.#locked(sql`access_tokens @> ${JSON.stringify([{ id: accessTokenId }])}::jsonb`);
    return session;
  }

  findOpenOf(userId: UserId): Promise<readonly Session[]> {
    return this.#locked(sql`user_id = ${userId} AND ended_at IS NULL`);
  }

  async save(session: Session): Promise<void> {
    const snapshot = session.snapshot();
    await this.#query(upsert('sessions', 'id', [rowOf(snapshot)]));
    const stored = this.#spent.get(session) ?? 0;
    const spent = snapshot.spentHashes
      .map((hash, position) => ({ token_hash: hash, session_id: snapshot.id, position }))
      .slice(stored);
    if (spent.length > 0)
      await this.#query(sql`${insert('spent_refresh_tokens', spent)} ON CONFLICT (session_id, position) DO NOTHING`);
    this.#spent.set(session, snapshot.spentHashes.length);
  }

  async #locked(condition: Sql): Promise<Session[]> {
    const rows = await this.#query<SessionRow>(sql`
      SELECT * FROM sessions WHERE ${condition} ORDER BY id FOR NO KEY UPDATE`);
    if (rows.length === 0) return [];
    const spent = await this.#query<{ session_id: SessionId; token_hash: string }>(sql`
      SELECT session_id, token_hash FROM spent_refresh_tokens
       WHERE session_id = ANY(${rows.map(row => row.id)}) ORDER BY session_id, position`);
    const spentOf = grouped(spent, row => row.session_id);
    return rows.map(row => {
      const hashes = spentOf(row.id).map(token => token.token_hash);
      const session = Session.restore(sessionOf(row, hashes));
      this.#spent.set(session, hashes.length);
      return session;
    });
  }
}

const sessionOf = (row: SessionRow, spentHashes: readonly string[]): SessionSnapshot => ({
  id: row.id,
  userId: row.user_id,
  tokenHash: row.token_hash,
  spentHashes,
  accessTokens: row.access_tokens.map((token): AccessTokenRef => ({
    issuer: token.issuer,
    id: token.id,
    expiresAt: new Date(token.expiresAt),
  })),
  startedAt: new Date(row.started_at),
  renewedAt: new Date(row.renewed_at),
  expiresAt: new Date(row.expires_at),
  endedAt: dateOrNull(row.ended_at),
});

const rowOf = (session: SessionSnapshot): SessionRow => ({
  id: session.id,
  user_id: session.userId,
  token_hash: session.tokenHash,
  access_tokens: session.accessTokens,
  started_at: session.startedAt,
  renewed_at: session.renewedAt,
  expires_at: session.expiresAt,
  ended_at: session.endedAt,
});
