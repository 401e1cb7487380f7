import { createHash } from 'node:crypto';

import { currentOrigin } from '../../application/audit/origin.ts';
import { BEFORE_THE_FIRST, entryText, sealedText } from '../../application/audit/sealed-entry.ts';
import type { AuditEvent, AuditTrail } from '../../application/ports/audit-trail.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Drafts } from './tables.ts';

export class InMemoryAuditTrail implements AuditTrail {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  add(event: AuditEvent): void {
    const head = this.#drafts.audit.of('all').at(-1);
    const entry = {
      seq: (head?.seq ?? 0) + 1,
      text: entryText(event, currentOrigin(), this.#clock.now()),
      previousHash: head?.hash ?? BEFORE_THE_FIRST,
    };
    const hash = createHash('sha256').update(sealedText(entry)).digest('hex');
    this.#drafts.audit.append('all', { ...entry, hash });
  }
}
