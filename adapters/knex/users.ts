import type { PersonalDataCipher, PersonKey } from '../../application/ports/personal-data.ts';
import type { Users } from '../../application/ports/users.ts';
import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { Role } from '../../domain/identity/permissions.ts';
import { User, type UserSnapshot } from '../../domain/identity/user.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { PersonKeys } from './person-keys.ts';
import { type AuditRow, auditOf, auditRow, dateOrNull, type Timestamp } from './rows.ts';
import { opened, sealed } from './sealed-fields.ts';
import { type Query, sql, type Sql, upsert } from './sql.ts';

export interface UserRow extends AuditRow {
  readonly id: UserId;
  readonly sealed_email: string;
  readonly sealed_name: string | null;
  readonly password_hash: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly email_verified_at: Timestamp | null;
}

export type UserRowWithKey = UserRow & { readonly wrapped: string };

/** Whoever has no key has been erased, even if a backup knows nothing of it yet. */
export const USERS_WITH_KEYS = sql`users u JOIN person_keys k ON k.person_id = u.id`;

const SELECT_USERS = sql`SELECT u.*, k.wrapped FROM ${USERS_WITH_KEYS}`;

/** Whose address this is, by any of the keys that it may be stored under. */
export const userOfEmail = (cipher: PersonalDataCipher, email: EmailAddress): Sql =>
  sql`(SELECT user_id FROM user_emails WHERE email_index = ANY(${[...cipher.emailIndexes(email)]}::text[]) LIMIT 1)`;

export class KnexUsers implements Users {
  readonly #query: Query;
  readonly #keys: PersonKeys;

  constructor(query: Query, keys: PersonKeys) {
    this.#query = query;
    this.#keys = keys;
  }

  find(id: UserId): Promise<User | undefined> {
    return this.#locked(sql`u.id = ${id}`);
  }

  findByEmail(email: EmailAddress): Promise<User | undefined> {
    return this.#locked(sql`u.id = ${userOfEmail(this.#keys.cipher, email)}`);
  }

  async save(user: User): Promise<void> {
    const snapshot = user.snapshot();
    const key = await this.#keys.ensure(snapshot.id);
    const { cipher } = this.#keys;
    await this.#query(upsert('users', 'id', [rowOf(cipher, key, snapshot)]));
    await this.#claimEmail(snapshot);
  }

  async administrators(): Promise<readonly UserId[]> {
    const rows = await this.#query<{ id: UserId }>(sql`
      SELECT id FROM users WHERE role = 'admin' AND NOT disabled AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE`);
    return rows.map(row => row.id);
  }

  async erase(user: User, at: Date): Promise<void> {
    const { id, version } = user.snapshot();
    await this.#query(sql`
      WITH key AS (DELETE FROM person_keys WHERE person_id = ${id}),
           emails AS (DELETE FROM user_emails WHERE user_id = ${id}),
           orders AS (UPDATE orders SET email_index = NULL WHERE user_id = ${id} AND email_index IS NOT NULL)
      UPDATE users SET email = NULL, name = NULL, sealed_email = NULL, sealed_name = NULL, password_hash = '',
             disabled = true, deleted_at = ${at}, updated_at = ${at}, updated_by = ${id}, version = ${version + 1}
       WHERE id = ${id}`);
  }

  async #locked(condition: Sql): Promise<User | undefined> {
    const [row] = await this.#query<UserRowWithKey>(sql`
      ${SELECT_USERS} WHERE ${condition} AND u.deleted_at IS NULL FOR NO KEY UPDATE OF u`);
    if (!row) return undefined;
    this.#keys.saw(row.id, row.wrapped);
    return User.restore(userOf(this.#keys.cipher, row));
  }

  /**
   * One row for each key that is configured: while keys are being replaced not all processes begin with the same one,
   * and an address must not be taken twice because two of them look under different keys. Written in one order, so that
   * two that want the same address meet at the same row.
   */
  async #claimEmail({ id, email }: UserSnapshot): Promise<void> {
    const { cipher } = this.#keys;
    const indexes = cipher.emailIndexes(email).toSorted();
    const rows = await this.#query(sql`
      WITH former AS (
        DELETE FROM user_emails WHERE user_id = ${id} AND email_index <> ALL(${indexes}::text[])
           AND split_part(email_index, ':', 1) = ANY(${[...cipher.kids]}::text[])
      )
      INSERT INTO user_emails (email_index, user_id) SELECT i, ${id}::uuid FROM unnest(${indexes}::text[]) i
          ON CONFLICT (email_index) DO UPDATE SET user_id = excluded.user_id
       WHERE user_emails.user_id = excluded.user_id RETURNING 1`);
    if (rows.length < indexes.length)
      throw new DomainError('conflict', 'EMAIL_TAKEN', 'Another account has this e-mail address.');
  }
}

export const userOf = (cipher: PersonalDataCipher, row: UserRowWithKey): UserSnapshot => {
  const key = { personId: row.id, wrapped: row.wrapped };
  return {
    id: row.id,
    email: opened(cipher, key, 'userEmail', row.id, row.sealed_email) as EmailAddress,
    name: row.sealed_name && opened(cipher, key, 'userName', row.id, row.sealed_name),
    passwordHash: row.password_hash,
    role: row.role,
    disabled: row.disabled,
    emailVerifiedAt: dateOrNull(row.email_verified_at),
    ...auditOf(row),
  };
};

const rowOf = (cipher: PersonalDataCipher, key: PersonKey, user: UserSnapshot): UserRow => ({
  id: user.id,
  sealed_email: sealed(cipher, key, 'userEmail', user.id, user.email)!,
  sealed_name: sealed(cipher, key, 'userName', user.id, user.name),
  password_hash: user.passwordHash,
  role: user.role,
  disabled: user.disabled,
  email_verified_at: user.emailVerifiedAt,
  ...auditRow(user),
});
