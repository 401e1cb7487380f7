import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import type { SessionFacts, UserQueries } from '../../application/ports/user-queries.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { addressOf, type AddressRow, SELECT_ADDRESSES } from './addresses.ts';
import { newestFirst, positionById, readPage } from './pages.ts';
import type { Sealing } from './person-keys.ts';
import { type Query, sql } from './sql.ts';
import { userOf, type UserRowWithKey, USERS_WITH_KEYS } from './users.ts';

export class KnexUserQueries implements UserQueries {
  readonly #query: Query;
  readonly #cipher: PersonalDataCipher;

  constructor(query: Query, { cipher }: Pick<Sealing, 'cipher'>) {
    this.#query = query;
    this.#cipher = cipher;
  }

  async find(id: UserId): Promise<UserSnapshot | undefined> {
    const [row] = await this.#query<UserRowWithKey>(sql`
      SELECT u.*, k.wrapped FROM ${USERS_WITH_KEYS} WHERE u.id = ${id} AND u.deleted_at IS NULL`);
    return row && userOf(this.#cipher, row);
  }

  list(page: PageRequest): Promise<Page<UserSnapshot>> {
    return readPage<UserRowWithKey, UserSnapshot>(this.#query, {
      select: sql`SELECT u.*, k.wrapped FROM ${USERS_WITH_KEYS}`,
      from: USERS_WITH_KEYS,
      where: [sql`u.deleted_at IS NULL`],
      order: newestFirst(sql`u.id`),
      page,
      positionOf: positionById,
      itemOf: row => userOf(this.#cipher, row),
    });
  }

  async addressesOf(userId: UserId): Promise<readonly AddressSnapshot[]> {
    const rows = await this.#query<AddressRow>(sql`
      ${SELECT_ADDRESSES} WHERE a.user_id = ${userId} ORDER BY a.created_at, a.id`);
    return rows.map(row => addressOf(this.#cipher, row));
  }

  sessionsOf(userId: UserId): Promise<readonly SessionFacts[]> {
    return this.#query<SessionFacts>(sql`
      SELECT id, started_at AS "startedAt", expires_at AS "expiresAt", ended_at AS "endedAt"
        FROM sessions WHERE user_id = ${userId} ORDER BY started_at, id`);
  }
}
