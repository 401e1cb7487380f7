import type { SecondFactorQueries, SecondFactors } from '../../application/ports/second-factors.ts';
import { SecondFactor, type SecondFactorSnapshot } from '../../domain/identity/second-factor.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { dateOrNull, type Timestamp } from './rows.ts';
import { type Query, sql, upsert } from './sql.ts';

interface FactorRow {
  readonly user_id: UserId;
  readonly secret: string;
  readonly confirmed_at: Timestamp | null;
  readonly last_step: number | null;
  readonly recovery_hashes: readonly string[];
}

export class KnexSecondFactors implements SecondFactors {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async find(userId: UserId): Promise<SecondFactor | undefined> {
    const [row] = await this.#query<FactorRow>(sql`
      SELECT * FROM second_factors WHERE user_id = ${userId} FOR NO KEY UPDATE`);
    return row && SecondFactor.restore(factorOf(row));
  }

  async save(factor: SecondFactor): Promise<void> {
    await this.#query(upsert('second_factors', 'user_id', [rowOf(factor.snapshot())]));
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

const factorOf = (row: FactorRow): SecondFactorSnapshot => ({
  userId: row.user_id,
  secret: row.secret,
  confirmedAt: dateOrNull(row.confirmed_at),
  lastStep: row.last_step,
  recoveryHashes: row.recovery_hashes,
});

const rowOf = (factor: SecondFactorSnapshot): FactorRow => ({
  user_id: factor.userId,
  secret: factor.secret,
  confirmed_at: factor.confirmedAt,
  last_step: factor.lastStep,
  recovery_hashes: factor.recoveryHashes,
});
