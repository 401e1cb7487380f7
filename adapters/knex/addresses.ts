import type { Addresses } from '../../application/ports/addresses.ts';
import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import { Address, type AddressSnapshot } from '../../domain/identity/address.ts';
import type { AddressId, UserId } from '../../domain/shared/ids.ts';
import type { PersonKeys } from './person-keys.ts';
import { type AuditRow, auditOf, auditRow } from './rows.ts';
import { opened, readAddress, sealed, writtenAddress } from './sealed-fields.ts';
import { type Query, sql, upsert } from './sql.ts';

export interface AddressRow extends AuditRow {
  readonly id: AddressId;
  readonly user_id: UserId;
  readonly sealed_address: string;
  readonly wrapped: string;
}

/** Whoever has no key has no address that could be read. */
export const SELECT_ADDRESSES = sql`
  SELECT a.*, k.wrapped FROM addresses a JOIN person_keys k ON k.person_id = a.user_id`;

export class KnexAddresses implements Addresses {
  readonly #query: Query;
  readonly #keys: PersonKeys;

  constructor(query: Query, keys: PersonKeys) {
    this.#query = query;
    this.#keys = keys;
  }

  async find(id: AddressId, userId: UserId): Promise<Address | undefined> {
    const [row] = await this.#query<AddressRow>(sql`
      ${SELECT_ADDRESSES} WHERE a.id = ${id} AND a.user_id = ${userId} FOR NO KEY UPDATE OF a`);
    if (!row) return undefined;
    this.#keys.saw(userId, row.wrapped);
    return Address.restore(addressOf(this.#keys.cipher, row));
  }

  async count(userId: UserId): Promise<number> {
    const [row] = await this.#query<{ count: number }>(sql`SELECT COUNT(*) FROM addresses WHERE user_id = ${userId}`);
    return row!.count;
  }

  async save(address: Address): Promise<void> {
    const { id, userId, ...snapshot } = address.snapshot();
    const key = await this.#keys.find(userId);
    if (!key) throw new Error(`There is no user ${userId} to have an address.`);
    const sealed_address = sealed(this.#keys.cipher, key, 'address', id, writtenAddress(snapshot));
    await this.#query(upsert('addresses', 'id', [{ id, user_id: userId, sealed_address, ...auditRow(snapshot) }]));
  }

  async remove(address: Address): Promise<void> {
    await this.#query(sql`DELETE FROM addresses WHERE id = ${address.snapshot().id}`);
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.#query(sql`DELETE FROM addresses WHERE user_id = ${userId}`);
  }
}

export const addressOf = (cipher: PersonalDataCipher, row: AddressRow): AddressSnapshot => {
  const key = { personId: row.user_id, wrapped: row.wrapped };
  return {
    id: row.id,
    userId: row.user_id,
    ...readAddress(opened(cipher, key, 'address', row.id, row.sealed_address)),
    ...auditOf(row),
  };
};
