import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyRecords,
  StoredAnswer,
} from '../../application/ports/idempotency-records.ts';
import type { PersonKey } from '../../application/ports/personal-data.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { isLockTimeout, orNone } from './errors.ts';
import { PERSON_OF_ANSWER, type PersonKeys, SHOP } from './person-keys.ts';
import { opened, rowOfAnswer, sealed } from './sealed-fields.ts';
import { someOf, sql, type Sql } from './sql.ts';
import type { Transaction } from './transaction.ts';

interface KeyRow {
  readonly owner: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly request_id: string;
  readonly order_id: OrderId | null;
  readonly applied: boolean;
  readonly leased: boolean;
  readonly response_code: number | null;
  readonly sealed_body: string | null;
  /** Whose key seals the answer: the caller's, that of the guest's order, or else the shop's. */
  readonly person_id: string | null;
  readonly wrapped: string | null;
}

export class KnexIdempotencyRecords implements IdempotencyRecords {
  readonly #transaction: Pick<Transaction, 'query' | 'tell' | 'attempt'>;
  readonly #keys: PersonKeys;
  readonly #ofOrders = new Map<OrderId, Promise<KeyRow | undefined>>();

  constructor(transaction: Pick<Transaction, 'query' | 'tell' | 'attempt'>, keys: PersonKeys) {
    this.#transaction = transaction;
    this.#keys = keys;
  }

  async claim(claim: IdempotencyClaim, leaseSeconds: number): Promise<ClaimResult> {
    try {
      return await this.#transaction.attempt(() => this.#claim(claim, leaseSeconds));
    } catch (error) {
      // Whoever holds the key for as long as a lock is waited for is busy with it.
      if (isLockTimeout(error)) return { kind: 'in-progress' };
      throw error;
    }
  }

  async bindOrder(claim: IdempotencyClaim, orderId: OrderId): Promise<void> {
    this.#change(claim, sql`order_id = ${orderId}`);
  }

  async markApplied(claim: IdempotencyClaim): Promise<void> {
    this.#change(claim, sql`applied = true`);
  }

  async complete(claim: IdempotencyClaim, answer: StoredAnswer): Promise<StoredAnswer> {
    const row = await this.#locked(ofClaim(claim));
    if (!row) throw new Error(NEVER_CLAIMED);
    return this.#answerOf(row) ?? this.#complete(row, answer);
  }

  async lockForOrder(orderId: OrderId): Promise<void> {
    await this.#ofOrder(orderId);
  }

  async completeForOrder(
    orderId: OrderId,
    answer: (requestId: string) => StoredAnswer,
  ): Promise<StoredAnswer | undefined> {
    const row = await this.#ofOrder(orderId);
    this.#ofOrders.delete(orderId);
    return row && (this.#answerOf(row) ?? this.#complete(row, answer(row.request_id)));
  }

  /** Once it is locked nobody else changes it. */
  #ofOrder(orderId: OrderId): Promise<KeyRow | undefined> {
    const asked = this.#ofOrders.get(orderId) ?? this.#locked(boundTo(orderId));
    this.#ofOrders.set(orderId, asked);
    return asked;
  }

  async completeLost(limit: number, answer: (requestId: string) => StoredAnswer): Promise<number> {
    const rows = await this.#transaction.query<KeyRow>(sql`
      ${SELECT_KEYS} WHERE applied AND state = 'IN_PROGRESS' AND locked_until < now() - interval '24 hours'
       ORDER BY locked_until FOR NO KEY UPDATE OF i SKIP LOCKED LIMIT ${limit}`);
    for (const row of rows) await this.#complete(row, answer(row.request_id));
    return rows.length;
  }

  async forget(owner: string): Promise<void> {
    await this.#transaction.query(sql`DELETE FROM idempotency_keys WHERE owner = ${owner} AND state = 'COMPLETED'`);
  }

  async #claim(claim: IdempotencyClaim, leaseSeconds: number): Promise<ClaimResult> {
    const { owner, key, fingerprint, requestId } = claim;
    const marks = this.#keys.cipher.fingerprints(fingerprint);
    const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;
    const inserted = await this.#transaction.query(sql`
      INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, locked_until)
      VALUES (${owner}, ${key}, ${marks[0]}, ${requestId}, 'IN_PROGRESS', ${lease})
      ON CONFLICT (owner, key) DO NOTHING RETURNING 1`);
    if (inserted.length > 0) return { kind: 'claimed' };
    const row = await this.#locked(ofClaim(claim));
    // It was there a moment ago, but has been thrown away for its age.
    if (!row) return this.#claim(claim, leaseSeconds);
    // A version before this one kept it as it is.
    if (![...marks, fingerprint].includes(row.fingerprint)) return { kind: 'reused' };
    const answer = this.#answerOf(row);
    if (answer) return { kind: 'completed', answer };
    if (row.leased) return { kind: 'in-progress' };
    this.#change(claim, sql`request_id = ${requestId}, locked_until = ${lease}`);
    if (row.order_id) return { kind: 'resume', orderId: row.order_id };
    return { kind: row.applied ? 'applied' : 'claimed' };
  }

  async #locked(condition: Sql): Promise<KeyRow | undefined> {
    const [row] = await this.#transaction.query<KeyRow>(sql`
      ${SELECT_KEYS} WHERE ${condition} FOR NO KEY UPDATE OF i`);
    return row;
  }

  #change(claim: IdempotencyClaim, changes: Sql): void {
    this.#transaction.tell(
      sql`
      WITH changed AS (UPDATE idempotency_keys SET ${changes} WHERE ${ofClaim(claim)} RETURNING key)
      ${someOf('changed')}`,
      orNone(NEVER_CLAIMED),
    );
  }

  async #complete(row: KeyRow, answer: StoredAnswer): Promise<StoredAnswer> {
    const key = keyOf(row) ?? (await this.#keys.ensure(SHOP));
    const body = sealed(this.#keys.cipher, key, 'answer', rowOfAnswer(row), answer.body);
    this.#transaction.tell(sql`
      UPDATE idempotency_keys
         SET state = 'COMPLETED', response_code = ${answer.status}, sealed_body = ${body}, completed_at = now()
       WHERE ${ofClaim(row)}`);
    return answer;
  }

  #answerOf(row: KeyRow): StoredAnswer | undefined {
    const { response_code: status, sealed_body: body } = row;
    if (status === null || body === null) return undefined;
    return { status, body: opened(this.#keys.cipher, keyOf(row)!, 'answer', rowOfAnswer(row), body) };
  }
}

/** The key of a person comes before that of the shop, whose id sorts before all others. */
const SELECT_KEYS = sql`
  SELECT i.*, i.locked_until > clock_timestamp() AS leased, k.person_id, k.wrapped
    FROM idempotency_keys i LEFT JOIN LATERAL (
      SELECT person_id, wrapped FROM person_keys WHERE person_id IN (${PERSON_OF_ANSWER}, ${SHOP}::uuid)
       ORDER BY person_id DESC LIMIT 1) k ON true`;

const keyOf = ({ person_id: personId, wrapped }: KeyRow): PersonKey | undefined =>
  personId === null || wrapped === null ? undefined : { personId, wrapped };

const ofClaim = ({ owner, key }: Pick<IdempotencyClaim, 'owner' | 'key'>): Sql =>
  sql`owner = ${owner} AND key = ${key}`;

const boundTo = (orderId: OrderId): Sql => sql`order_id = ${orderId}`;

const NEVER_CLAIMED = 'This idempotency key was never claimed.';
