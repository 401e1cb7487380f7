import type { Addresses } from '../../application/ports/addresses.ts';
import { Address, type AddressSnapshot } from '../../domain/identity/address.ts';
import type { AddressId, UserId } from '../../domain/shared/ids.ts';
import { type AuditRow, auditOf, auditRow } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

export interface AddressRow extends AuditRow {
  readonly id: AddressId;
  readonly user_id: UserId;
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postal_code: string;
  readonly country: string;
}

export class KnexAddresses implements Addresses {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(id: AddressId, userId: UserId): Promise<Address | undefined> {
    const [row] = await this.#query<AddressRow>(sql`
      SELECT * FROM addresses WHERE id = ${id} AND user_id = ${userId} FOR NO KEY UPDATE`);
    return row && Address.restore(addressOf(row));
  }

  async count(userId: UserId): Promise<number> {
    const [row] = await this.#query<{ count: number }>(sql`SELECT COUNT(*) FROM addresses WHERE user_id = ${userId}`);
    return row!.count;
  }

  async save(address: Address): Promise<void> {
    await this.#query(upsert('addresses', 'id', [rowOf(address.snapshot())]));
  }

  async remove(address: Address): Promise<void> {
    await this.#query(sql`DELETE FROM addresses WHERE id = ${address.snapshot().id}`);
  }
}

export const addressOf = (row: AddressRow): AddressSnapshot => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  line1: row.line1,
  line2: row.line2,
  city: row.city,
  region: row.region,
  postalCode: row.postal_code,
  country: row.country,
  ...auditOf(row),
});

const rowOf = (address: AddressSnapshot): AddressRow => ({
  id: address.id,
  user_id: address.userId,
  name: address.name,
  line1: address.line1,
  line2: address.line2,
  city: address.city,
  region: address.region,
  postal_code: address.postalCode,
  country: address.country,
  ...auditRow(address),
});
