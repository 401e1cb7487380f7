import { currentOrigin } from '../../application/audit/origin.ts';
import { BEFORE_THE_FIRST, entryText } from '../../application/audit/sealed-entry.ts';
import type { AuditEvent, AuditTrail } from '../../application/ports/audit-trail.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { sql, type Tell, verbatim } from './sql.ts';

/** Any number will do, as long as it stays the same: whoever is about to write the next entry holds it. */
const CHAIN_LOCK = verbatim('6120487733');

const FIRST = verbatim(`'${BEFORE_THE_FIRST}'`);

/**
 * Gathers what it is told, and says it all just before the commit. Each entry needs the hash of the one before, so the
 * writers wait for each other; they hold the lock for no longer than the commit takes, and wait for nothing while they
 * hold it, because it is the last one that they take: so nobody waits in a circle.
 */
export class KnexAuditTrail implements AuditTrail {
  readonly #tell: Tell;
  readonly #clock: Clock;
  readonly #texts: string[] = [];
  #over = false;

  constructor(tell: Tell, clock: Clock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  add(event: AuditEvent): void {
    if (this.#over) throw new Error('This unit of work is over: its collections cannot be used any more.');
    this.#texts.push(entryText(event, currentOrigin(), this.#clock.now()));
  }

  /** Nothing may be said to the database after it but COMMIT. It leaves along with that: no round trip more. */
  write(): void {
    this.#over = true;
    if (this.#texts.length === 0) return;
    this.#tell(sql`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`);
    // A statement of its own for each, because each has to see the one before.
    for (const text of this.#texts)
      this.#tell(sql`
        INSERT INTO audit_log (seq, at, entry, previous_hash, hash)
        SELECT seq, (entry::json ->> 'at')::timestamptz, entry::json, previous,
               encode(sha256(convert_to(concat_ws(E'\n', previous, seq, entry), 'UTF8')), 'hex')
          FROM (
            SELECT given.entry, COALESCE(head.seq, 0) + 1 AS seq, COALESCE(head.hash, ${FIRST}) AS previous
              FROM (SELECT ${text}::text AS entry) given
              LEFT JOIN LATERAL (SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1) head ON TRUE
          ) next`);
  }
}
