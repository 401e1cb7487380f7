import type { AuditEvent, AuditTrail } from '../../application/ports/audit-trail.ts';
import { currentOrigin } from '../../application/audit/origin.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { insert, type Tell } from './sql.ts';

export class KnexAuditTrail implements AuditTrail {
  readonly #tell: Tell;
  readonly #clock: Clock;

  constructor(tell: Tell, clock: Clock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  add(event: AuditEvent): void {
    this.#tell(insert('audit_log', [{ entry: { ...event, origin: currentOrigin(), at: this.#clock.now() } }]));
  }
}
