import type { UserQueries } from '../../application/ports/user-queries.ts';
import type { Users } from '../../application/ports/users.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { Role } from '../../domain/identity/permissions.ts';
import { User, type UserSnapshot } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { addressOf, type AddressRow } from './addresses.ts';
import { refusing } from './errors.ts';
import { newestFirst, positionById, readPage } from './pages.ts';
import { type AuditRow, auditOf, auditRow, dateOrNull, type Timestamp } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

interface UserRow extends AuditRow {
  readonly id: UserId;
  readonly email: EmailAddress;
  readonly name: string | null;
  readonly password_hash: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly email_verified_at: Timestamp | null;
}

export class KnexUsers implements Users {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: UserId): Promise<User | undefined> {
    const [row] = await this.#query<UserRow>(sql`
      SELECT * FROM users WHERE id = ${id} AND deleted_at IS NULL FOR NO KEY UPDATE`);
    return row && User.restore(userOf(row));
  }

  async findByEmail(email: EmailAddress): Promise<User | undefined> {
    const [row] = await this.#query<UserRow>(sql`
      SELECT * FROM users WHERE email = ${email} AND deleted_at IS NULL FOR NO KEY UPDATE`);
    return row && User.restore(userOf(row));
  }

  async save(user: User): Promise<void> {
    await this.#query(upsert('users', 'id', [rowOf(user.snapshot())])).catch(
      refusing({ users_email_unique: emailTaken }),
    );
  }
}

export class KnexUserQueries implements UserQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: UserId): Promise<UserSnapshot | undefined> {
    const [row] = await this.#query<UserRow>(sql`SELECT * FROM users WHERE id = ${id} AND deleted_at IS NULL`);
    return row && userOf(row);
  }

  list(page: PageRequest): Promise<Page<UserSnapshot>> {
    return readPage<UserRow, UserSnapshot>(this.#query, {
      select: sql`SELECT * FROM users`,
      from: sql`users`,
      where: [sql`deleted_at IS NULL`],
      order: newestFirst(sql`id`),
      page,
      positionOf: positionById,
      itemOf: userOf,
    });
  }

  async addressesOf(userId: UserId): Promise<readonly AddressSnapshot[]> {
    const rows = await this.#query<AddressRow>(sql`
      SELECT * FROM addresses WHERE user_id = ${userId} ORDER BY created_at, id`);
    return rows.map(addressOf);
  }
}

const userOf = (row: UserRow): UserSnapshot => ({
  id: row.id,
  email: row.email,
  name: row.name,
  passwordHash: row.password_hash,
  role: row.role,
  disabled: row.disabled,
  emailVerifiedAt: dateOrNull(row.email_verified_at),
  ...auditOf(row),
});

const rowOf = (user: UserSnapshot): UserRow => ({
  id: user.id,
  email: user.email,
  name: user.name,
  password_hash: user.passwordHash,
  role: user.role,
  disabled: user.disabled,
  email_verified_at: user.emailVerifiedAt,
  ...auditRow(user),
});

const emailTaken = (): DomainError =>
  new DomainError('conflict', 'EMAIL_TAKEN', 'Another account has this e-mail address.');
