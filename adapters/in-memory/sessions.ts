import type {
  IssuedAccessToken,
  RevokedTokens,
  SessionCutoff,
  TokenRevocations,
} from '../../application/ports/revoked-tokens.ts';
import type { Sessions } from '../../application/ports/sessions.ts';
import { type AccessTokenRef, Session } from '../../domain/identity/session.ts';
import type { SessionId, UserId } from '../../domain/shared/ids.ts';
import { requireFree, requireRow } from './references.ts';
import type { Drafts, View } from './tables.ts';

export class InMemorySessions implements Sessions {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async findByToken(tokenHash: string): Promise<Session | undefined> {
    return this.#restored(this.#drafts.sessionsByToken.get(tokenHash));
  }

  async findByAccessToken(accessTokenId: string): Promise<Session | undefined> {
    return this.#restored(this.#drafts.sessionsByAccessToken.get(accessTokenId));
  }

  async findOpenOf(userId: UserId): Promise<readonly Session[]> {
    const { sessions, sessionsByUser } = this.#drafts;
    return sessionsByUser
      .of(userId)
      .map(id => sessions.get(id)!)
      .filter(row => !row.endedAt)
      .map(row => Session.restore(row));
  }

  async save(session: Session): Promise<void> {
    const row = session.snapshot();
    const { sessions, sessionsByToken, sessionsByAccessToken, sessionsByUser, users } = this.#drafts;
    requireRow(users, row.userId, 'user');
    const before = sessions.get(row.id);
    if (!before) sessionsByUser.append(row.userId, row.id);
    const isOld = new Set([before?.tokenHash, ...(before?.spentHashes ?? [])]);
    for (const hash of [row.tokenHash, ...row.spentHashes]) {
      if (isOld.has(hash)) continue;
      requireFree(sessionsByToken, hash, row.id, 'refresh token');
      sessionsByToken.set(hash, row.id);
    }
    for (const token of before?.accessTokens ?? []) sessionsByAccessToken.delete(token.id);
    for (const token of row.accessTokens) sessionsByAccessToken.set(token.id, row.id);
    sessions.set(row.id, row);
  }

  #restored(id: SessionId | undefined): Session | undefined {
    const row = id && this.#drafts.sessions.get(id);
    return row && Session.restore(row);
  }
}

export class InMemoryRevokedTokens implements RevokedTokens {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async add(tokens: readonly AccessTokenRef[]): Promise<void> {
    for (const token of tokens) this.#drafts.revokedTokens.set(keyOf(token), token.expiresAt);
  }
}

const keyOf = ({ issuer, id }: AccessTokenRef): string => `${id}\n${issuer}`;

export class InMemorySessionCutoff implements SessionCutoff {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  async find(): Promise<Date | undefined> {
    return this.#drafts.sessionCutoff.get('all')?.moment;
  }

  async raise(moment: Date): Promise<void> {
    const before = await this.find();
    if (!before || before < moment) this.#drafts.sessionCutoff.set('all', { moment });
  }
}

export class InMemoryTokenRevocations implements TokenRevocations {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async isRevoked(token: IssuedAccessToken): Promise<boolean> {
    const cutoff = this.#view.sessionCutoff.get('all')?.moment;
    if (cutoff && token.issuedAt < cutoff) return true;
    return this.#view.revokedTokens.get(keyOf(token)) !== undefined;
  }
}
