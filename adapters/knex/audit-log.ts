import { type AuditEntry, readEntry, type SealedEntry } from '../../application/audit/sealed-entry.ts';
import type { AuditCriteria, AuditLog } from '../../application/ports/audit-log.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import { type Ordering, readPage } from './pages.ts';
import { type Query, sql, type Sql } from './sql.ts';

const NEWEST_FIRST: Ordering = { value: sql`a.seq`, id: sql`a.seq`, byValue: 'DESC', byId: 'DESC' };

const ENTRY = sql`a.seq, a.entry::text AS text, a.previous_hash AS "previousHash", a.hash`;

const SELECT = sql`SELECT ${ENTRY} FROM audit_log a`;

/** Whether what it is searched by is what it says. */
const FILED = sql`
  (a.at, a.actor_id::text, a.action, a.outcome, a.subject_id) IS NOT DISTINCT FROM
  ((a.entry ->> 'at')::timestamptz, a.entry ->> 'actor_id', a.entry ->> 'action', a.entry ->> 'outcome',
   a.entry ->> 'subject_id') AS filed`;

export class KnexAuditLog implements AuditLog {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  list(criteria: AuditCriteria, page: PageRequest): Promise<Page<AuditEntry>> {
    return readPage<SealedEntry, AuditEntry>(this.#query, {
      select: SELECT,
      from: sql`audit_log a`,
      where: conditionsOf(criteria),
      order: NEWEST_FIRST,
      page,
      positionOf: ({ seq }) => ({ value: seq, id: String(seq) }),
      itemOf: readEntry,
    });
  }

  sealed(seq: number, limit: number): Promise<readonly SealedEntry[]> {
    return this.#query<SealedEntry>(sql`
      SELECT ${ENTRY}, ${FILED}
        FROM audit_log a WHERE a.seq > ${seq} ORDER BY a.seq LIMIT ${limit}`);
  }

  async head(): Promise<SealedEntry | undefined> {
    const [head] = await this.#query<SealedEntry>(sql`${SELECT} ORDER BY a.seq DESC LIMIT 1`);
    return head;
  }
}

function conditionsOf({ action, actorId, subjectId, outcome, from, to }: AuditCriteria): Sql[] {
  const conditions: Sql[] = [];
  if (action !== undefined) conditions.push(sql`a.action = ${action}`);
  if (actorId !== undefined) conditions.push(sql`a.actor_id = ${actorId}`);
  if (subjectId !== undefined) conditions.push(sql`a.subject_id = ${subjectId}`);
  if (outcome !== undefined) conditions.push(sql`a.outcome = ${outcome}`);
  if (from !== undefined) conditions.push(sql`a.at >= ${from}`);
  if (to !== undefined) conditions.push(sql`a.at < ${to}`);
  return conditions;
}
