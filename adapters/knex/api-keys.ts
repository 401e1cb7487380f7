import type { ApiKeyQueries, ApiKeys } from '../../application/ports/api-keys.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import { ApiKey, type ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import { isPermission, permissionsOf, type Role } from '../../domain/identity/permissions.ts';
import type { ApiKeyId, UserId } from '../../domain/shared/ids.ts';
import { newestFirst, positionById, readPage } from './pages.ts';
import { dateOrNull, type Timestamp } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

interface ApiKeyRow {
  readonly id: ApiKeyId;
  readonly owner_id: UserId;
  readonly name: string;
  readonly secret_hash: string;
  readonly permissions: readonly string[];
  readonly created_at: Timestamp;
  readonly last_used_at: Timestamp | null;
  readonly expires_at: Timestamp | null;
  readonly revoked_at: Timestamp | null;
}

interface OwnedRow extends ApiKeyRow {
  readonly owner_role: Role | null;
  readonly owner_permissions: readonly string[];
}

export class KnexApiKeys implements ApiKeys {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: ApiKeyId): Promise<ApiKey | undefined> {
    const [row] = await this.#query<ApiKeyRow>(sql`SELECT * FROM api_keys WHERE id = ${id} FOR NO KEY UPDATE`);
    return row && ApiKey.restore(keyOf(row));
  }

  async save(key: ApiKey): Promise<void> {
    await this.#query(upsert('api_keys', 'id', [rowOf(key.snapshot())]));
  }

  async noteUse(id: ApiKeyId, at: Date): Promise<void> {
    await this.#query(sql`
      UPDATE api_keys SET last_used_at = ${at}
       WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at < ${at})`);
  }
}

export class KnexApiKeyQueries implements ApiKeyQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: ApiKeyId) {
    const [row] = await this.#query<OwnedRow>(sql`
      SELECT k.*, r.name AS owner_role, r.permissions AS owner_permissions
        FROM api_keys k
        LEFT JOIN users u ON u.id = k.owner_id AND NOT u.disabled AND u.deleted_at IS NULL
        LEFT JOIN roles r ON r.name = u.role
       WHERE k.id = ${id}`);
    if (!row) return undefined;
    const { owner_role: role, owner_permissions: listed } = row;
    const owner = role === null ? undefined : { role, permissions: permissionsOf(role, listed) };
    return { key: keyOf(row), owner };
  }

  async ofOwner(userId: UserId): Promise<readonly ApiKeySnapshot[]> {
    const rows = await this.#query<ApiKeyRow>(sql`SELECT * FROM api_keys WHERE owner_id = ${userId} ORDER BY id`);
    return rows.map(keyOf);
  }

  list(page: PageRequest): Promise<Page<ApiKeySnapshot>> {
    return readPage<ApiKeyRow, ApiKeySnapshot>(this.#query, {
      select: sql`SELECT * FROM api_keys`,
      from: sql`api_keys`,
      where: [],
      order: newestFirst(sql`id`),
      page,
      positionOf: positionById,
      itemOf: keyOf,
    });
  }
}

const keyOf = (row: ApiKeyRow): ApiKeySnapshot => ({
  id: row.id,
  ownerId: row.owner_id,
  name: row.name,
  secretHash: row.secret_hash,
  permissions: row.permissions.filter(isPermission),
  createdAt: new Date(row.created_at),
  lastUsedAt: dateOrNull(row.last_used_at),
  expiresAt: dateOrNull(row.expires_at),
  revokedAt: dateOrNull(row.revoked_at),
});

const rowOf = (key: ApiKeySnapshot): ApiKeyRow => ({
  id: key.id,
  owner_id: key.ownerId,
  name: key.name,
  secret_hash: key.secretHash,
  permissions: key.permissions,
  created_at: key.createdAt,
  last_used_at: key.lastUsedAt,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
});
