import type { SecondFactorQueries, SecondFactors } from '../../application/ports/second-factors.ts';
import { SecondFactor, type SecondFactorSnapshot } from '../../domain/identity/second-factor.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { PersonKeys } from './person-keys.ts';
import { dateOrNull, type Timestamp } from './rows.ts';
import { opened, sealed } from './sealed-fields.ts';
import { type Query, sql, upsert } from './sql.ts';

interface FactorRow {
  readonly user_id: UserId;
  readonly sealed_secret: string;
  readonly confirmed_at: Timestamp | null;
  readonly last_step: number | null;
  readonly recovery_hashes: readonly string[];
}

export class KnexSecondFactors implements SecondFactors {
  readonly #query: Query;
  readonly #keys: PersonKeys;

  constructor(query: Query, keys: PersonKeys) {
    this.#query = query;
    this.#keys = keys;
  }

  async find(userId: UserId): Promise<SecondFactor | undefined> {
    const [row] = await this.#query<FactorRow & { readonly wrapped: string }>(sql`
      SELECT f.*, k.wrapped FROM second_factors f JOIN person_keys k ON k.person_id = f.user_id
       WHERE f.user_id = ${userId} FOR NO KEY UPDATE OF f`);
    if (!row) return undefined;
    const key = this.#keys.saw(userId, row.wrapped);
    const secret = opened(this.#keys.cipher, key, 'secondFactor', userId, row.sealed_secret);
    return SecondFactor.restore(factorOf(row, secret));
  }

  async save(factor: SecondFactor): Promise<void> {
    const snapshot = factor.snapshot();
    const key = await this.#keys.ensure(snapshot.userId);
    const secret = sealed(this.#keys.cipher, key, 'secondFactor', snapshot.userId, snapshot.secret)!;
    await this.#query(upsert('second_factors', 'user_id', [rowOf(snapshot, secret)]));
  }

  async remove(userId: UserId): Promise<void> {
    await this.#query(sql`DELETE FROM second_factors WHERE user_id = ${userId}`);
  }
}

export class KnexSecondFactorQueries implements SecondFactorQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async isOn(userId: UserId): Promise<boolean> {
    const rows = await this.#query(sql`
      SELECT 1 FROM second_factors WHERE user_id = ${userId} AND confirmed_at IS NOT NULL`);
    return rows.length > 0;
  }
}

const factorOf = (row: FactorRow, secret: string): SecondFactorSnapshot => ({
  userId: row.user_id,
  secret,
  confirmedAt: dateOrNull(row.confirmed_at),
  lastStep: row.last_step,
  recoveryHashes: row.recovery_hashes,
});

const rowOf = (factor: SecondFactorSnapshot, sealedSecret: string): FactorRow => ({
  user_id: factor.userId,
  sealed_secret: sealedSecret,
  confirmed_at: factor.confirmedAt,
  last_step: factor.lastStep,
  recovery_hashes: factor.recoveryHashes,
});
