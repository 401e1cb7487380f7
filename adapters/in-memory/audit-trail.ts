import type { AuditEvent, AuditTrail } from '../../application/ports/audit-trail.ts';
import { currentOrigin, type Origin } from '../../application/audit/origin.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Drafts } from './tables.ts';

export interface AuditRow extends AuditEvent {
  readonly origin: Origin;
  readonly at: Date;
}

export class InMemoryAuditTrail implements AuditTrail {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  add(event: AuditEvent): void {
    this.#drafts.audit.append('all', { ...event, origin: currentOrigin(), at: this.#clock.now() });
  }
}
