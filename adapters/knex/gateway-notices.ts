import type { ClaimedNotice, GatewayNotices } from '../../application/ports/gateway-notices.ts';
import type { GatewayNotice } from '../../application/ports/gateway-webhooks.ts';
import { type Query, sql, verbatim } from './sql.ts';

const FIRST_WAIT_SECONDS = 10;
const LONGEST_WAIT_SECONDS = 3600;
const PARKED_AFTER = verbatim(`interval '72 hours'`);

export class KnexGatewayNotices implements GatewayNotices {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async add(gateway: string, { eventId, type, ref, facts }: GatewayNotice): Promise<void> {
    await this.#query(sql`
      INSERT INTO gateway_events (gateway, event_id, type, ref, payload)
      VALUES (${gateway}, ${eventId}, ${type}, ${ref}, ${JSON.stringify(facts)})
      ON CONFLICT (gateway, event_id) DO NOTHING`);
  }

  claim(limit: number, leaseSeconds: number): Promise<readonly ClaimedNotice[]> {
    const wait = sql`LEAST(${FIRST_WAIT_SECONDS} * 2 ^ LEAST(attempts, 30), ${LONGEST_WAIT_SECONDS})`;
    return this.#query<ClaimedNotice>(sql`
      WITH due AS MATERIALIZED (
        SELECT gateway, event_id, type, ref, payload, received_at, attempts + 1 AS attempt,
               now() + make_interval(secs => GREATEST(${wait}, ${leaseSeconds})) AS next_attempt_at
          FROM gateway_events WHERE processed_at IS NULL AND NOT parked AND next_attempt_at <= now()
         ORDER BY received_at, gateway, event_id FOR NO KEY UPDATE SKIP LOCKED LIMIT ${limit}
      ), judged AS (
        SELECT *, next_attempt_at > received_at + ${PARKED_AFTER} AS parked FROM due
      ), claimed AS (
        UPDATE gateway_events e SET attempts = j.attempt, next_attempt_at = j.next_attempt_at, parked = j.parked
          FROM judged j WHERE e.gateway = j.gateway AND e.event_id = j.event_id
      )
      SELECT gateway, event_id AS "eventId", type, ref, payload AS facts, parked FROM judged
       ORDER BY received_at, gateway, event_id`);
  }

  async markRead({ gateway, eventId }: Pick<ClaimedNotice, 'gateway' | 'eventId'>): Promise<void> {
    await this.#query(sql`
      UPDATE gateway_events SET processed_at = now()
       WHERE gateway = ${gateway} AND event_id = ${eventId} AND processed_at IS NULL`);
  }
}
