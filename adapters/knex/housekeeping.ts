import type { Housekeeping } from '../../application/ports/housekeeping.ts';
import { type Query, sql, type Sql } from './sql.ts';

/** Each throws away so many rows at the most, the oldest first, and counts them; rows in use are left for another time. */
const REAPERS: readonly ((limit: number) => Sql)[] = [
  limit => sql`
    WITH old AS MATERIALIZED (
      SELECT owner, key FROM idempotency_keys
       WHERE state = 'COMPLETED' AND completed_at < now() - interval '72 hours'
       ORDER BY completed_at FOR UPDATE SKIP LOCKED LIMIT ${limit}
    ), gone AS (
      DELETE FROM idempotency_keys k USING old WHERE k.owner = old.owner AND k.key = old.key RETURNING 1
    )
    SELECT COUNT(*) AS rows FROM gone`,
  limit => sql`
    WITH old AS MATERIALIZED (
      SELECT gateway, event_id FROM gateway_events WHERE processed_at < now() - interval '30 days'
       ORDER BY processed_at FOR UPDATE SKIP LOCKED LIMIT ${limit}
    ), gone AS (
      DELETE FROM gateway_events e USING old WHERE e.gateway = old.gateway AND e.event_id = old.event_id RETURNING 1
    )
    SELECT COUNT(*) AS rows FROM gone`,
  // It will not be delivered again, so nobody needs to remember any more who has had it.
  limit => sql`
    WITH old AS MATERIALIZED (
      SELECT id FROM outbox WHERE published_at < now() - interval '30 days'
       ORDER BY published_at FOR UPDATE SKIP LOCKED LIMIT ${limit}
    ), forgotten AS (
      DELETE FROM consumed_events c USING old WHERE c.event_id = old.id
    ), gone AS (
      DELETE FROM outbox o USING old WHERE o.id = old.id RETURNING 1
    )
    SELECT COUNT(*) AS rows FROM gone`,
  limit => sql`
    WITH old AS MATERIALIZED (
      SELECT issuer, id FROM revoked_tokens WHERE expires_at < now()
       ORDER BY expires_at FOR UPDATE SKIP LOCKED LIMIT ${limit}
    ), gone AS (
      DELETE FROM revoked_tokens t USING old WHERE t.issuer = old.issuer AND t.id = old.id RETURNING 1
    )
    SELECT COUNT(*) AS rows FROM gone`,
  limit => sql`
    WITH old AS MATERIALIZED (
      SELECT token_hash FROM one_time_tokens WHERE expires_at < now()
       ORDER BY expires_at FOR UPDATE SKIP LOCKED LIMIT ${limit}
    ), gone AS (
      DELETE FROM one_time_tokens t USING old WHERE t.token_hash = old.token_hash RETURNING 1
    )
    SELECT COUNT(*) AS rows FROM gone`,
];

export class KnexHousekeeping implements Housekeeping {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async reap(limit: number): Promise<number> {
    let left = limit;
    for (const reaper of REAPERS) {
      if (left === 0) break;
      const [gone] = await this.#query<{ rows: number }>(reaper(left));
      left -= gone!.rows;
    }
    return limit - left;
  }
}
