import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyRecords,
  StoredAnswer,
} from '../../application/ports/idempotency-records.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { isLockTimeout, orNone } from './errors.ts';
import { someOf, sql, type Sql } from './sql.ts';
import type { Transaction } from './transaction.ts';

interface KeyRow {
  readonly fingerprint: string;
  readonly request_id: string;
  readonly order_id: OrderId | null;
  readonly applied: boolean;
  readonly leased: boolean;
  readonly response_code: number | null;
  readonly response_body: string | null;
}

export class KnexIdempotencyRecords implements IdempotencyRecords {
  readonly #transaction: Pick<Transaction, 'query' | 'tell' | 'attempt'>;
  readonly #ofOrders = new Map<OrderId, Promise<KeyRow | undefined>>();

  constructor(transaction: Pick<Transaction, 'query' | 'tell' | 'attempt'>) {
    this.#transaction = transaction;
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
    return answerOf(row) ?? this.#complete(ofClaim(claim), answer);
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
    return row && (answerOf(row) ?? this.#complete(boundTo(orderId), answer(row.request_id)));
  }

  /** Once it is locked nobody else changes it. */
  #ofOrder(orderId: OrderId): Promise<KeyRow | undefined> {
    const asked = this.#ofOrders.get(orderId) ?? this.#locked(boundTo(orderId));
    this.#ofOrders.set(orderId, asked);
    return asked;
  }

  async completeLost(limit: number, answer: (requestId: string) => StoredAnswer): Promise<number> {
    const rows = await this.#transaction.query<
      Pick<IdempotencyClaim, 'owner' | 'key'> & Pick<KeyRow, 'request_id'>
    >(sql`
      SELECT owner, key, request_id FROM idempotency_keys
       WHERE applied AND state = 'IN_PROGRESS' AND locked_until < now() - interval '24 hours'
       ORDER BY locked_until FOR NO KEY UPDATE SKIP LOCKED LIMIT ${limit}`);
    for (const row of rows) this.#complete(ofClaim(row), answer(row.request_id));
    return rows.length;
  }

  async #claim(claim: IdempotencyClaim, leaseSeconds: number): Promise<ClaimResult> {
    const { owner, key, fingerprint, requestId } = claim;
    const lease = sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`;
    const inserted = await this.#transaction.query(sql`
      INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, locked_until)
      VALUES (${owner}, ${key}, ${fingerprint}, ${requestId}, 'IN_PROGRESS', ${lease})
      ON CONFLICT (owner, key) DO NOTHING RETURNING 1`);
    if (inserted.length > 0) return { kind: 'claimed' };
    const row = await this.#locked(ofClaim(claim));
    // It was there a moment ago, but has been thrown away for its age.
    if (!row) return this.#claim(claim, leaseSeconds);
    if (row.fingerprint !== fingerprint) return { kind: 'reused' };
    const answer = answerOf(row);
    if (answer) return { kind: 'completed', answer };
    if (row.leased) return { kind: 'in-progress' };
    this.#change(claim, sql`request_id = ${requestId}, locked_until = ${lease}`);
    if (row.order_id) return { kind: 'resume', orderId: row.order_id };
    return { kind: row.applied ? 'applied' : 'claimed' };
  }

  async #locked(condition: Sql): Promise<KeyRow | undefined> {
    const [row] = await this.#transaction.query<KeyRow>(sql`
      SELECT *, locked_until > clock_timestamp() AS leased FROM idempotency_keys WHERE ${condition} FOR NO KEY UPDATE`);
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

  #complete(condition: Sql, answer: StoredAnswer): StoredAnswer {
    this.#transaction.tell(sql`
      UPDATE idempotency_keys
         SET state = 'COMPLETED', response_code = ${answer.status}, response_body = ${answer.body}, completed_at = now()
       WHERE ${condition}`);
    return answer;
  }
}

const ofClaim = ({ owner, key }: Pick<IdempotencyClaim, 'owner' | 'key'>): Sql =>
  sql`owner = ${owner} AND key = ${key}`;

const boundTo = (orderId: OrderId): Sql => sql`order_id = ${orderId}`;

const answerOf = (row: KeyRow): StoredAnswer | undefined =>
  row.response_code === null || row.response_body === null
    ? undefined
    : { status: row.response_code, body: row.response_body };

const NEVER_CLAIMED = 'This idempotency key was never claimed.';
