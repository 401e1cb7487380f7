import type { Backlog, Drift, Ledgers } from '../../application/ports/ledgers.ts';
import { DRIFTS } from './drift.ts';
import { type Query, sql, type Sql, verbatim } from './sql.ts';

interface BacklogRow {
  readonly unsettled_orders: number;
  readonly oldest_unsettled: number;
  readonly unpublished_events: number;
  readonly oldest_unpublished: number;
  readonly unread_notices: number;
  readonly oldest_unread: number;
  readonly parked_orders: number;
  readonly parked_events: number;
  readonly parked_notices: number;
}

export class KnexLedgers implements Ledgers {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** Each invariant is one statement, so it sees one moment; one after the other, because each reads whole tables. */
  async drift(): Promise<readonly Drift[]> {
    const found: Drift[] = [];
    for (const drift of DRIFTS) found.push(...(await this.#query<Drift>(drift)));
    return found;
  }

  /** Each part has an index that holds only what waits. */
  async backlog(): Promise<Backlog> {
    const [row] = await this.#query<BacklogRow>(sql`
      SELECT orders.*, events.*, notices.*,
             (SELECT COUNT(*) FROM orders WHERE needs_review IS NOT NULL) AS parked_orders,
             (SELECT COUNT(*) FROM outbox WHERE published_at IS NULL AND parked) AS parked_events,
             (SELECT COUNT(*) FROM gateway_events WHERE processed_at IS NULL AND parked) AS parked_notices
        FROM (SELECT COUNT(*) AS unsettled_orders, ${secondsSince('unsettled_since')} AS oldest_unsettled
                FROM orders WHERE next_attempt_at IS NOT NULL) orders,
             (SELECT COUNT(*) AS unpublished_events, ${secondsSince('stored_at')} AS oldest_unpublished
                FROM outbox WHERE published_at IS NULL AND NOT parked) events,
             (SELECT COUNT(*) AS unread_notices, ${secondsSince('received_at')} AS oldest_unread
                FROM gateway_events WHERE processed_at IS NULL AND NOT parked) notices`);
    return backlogOf(row!);
  }
}

/** Of the oldest; 0 when there is none. */
const secondsSince = (column: string): Sql =>
  verbatim(`COALESCE(EXTRACT(EPOCH FROM now() - MIN(${column})), 0)::float8`);

const backlogOf = (row: BacklogRow): Backlog => ({
  unsettledOrders: row.unsettled_orders,
  oldestUnsettledSeconds: row.oldest_unsettled,
  unpublishedEvents: row.unpublished_events,
  oldestUnpublishedSeconds: row.oldest_unpublished,
  unreadNotices: row.unread_notices,
  oldestUnreadSeconds: row.oldest_unread,
  parked: { orders: row.parked_orders, events: row.parked_events, notices: row.parked_notices },
});
