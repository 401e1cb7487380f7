import { type AuditEntry, readEntry, type SealedEntry } from '../../application/audit/sealed-entry.ts';
import type { AuditCriteria, AuditLog } from '../../application/ports/audit-log.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import { pageOf } from './paging.ts';
import type { View } from './tables.ts';

export class InMemoryAuditLog implements AuditLog {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  async list(criteria: AuditCriteria, request: PageRequest): Promise<Page<AuditEntry>> {
    const entries = this.#view.audit
      .of('all')
      .map(readEntry)
      .filter(entry => matches(entry, criteria));
    const positionOf = ({ seq }: AuditEntry) => ({ value: seq, id: String(seq) });
    return pageOf(entries, { positionOf, byValue: -1, byId: -1 }, request, entry => entry);
  }

  async sealed(seq: number, limit: number): Promise<readonly SealedEntry[]> {
    return this.#view.audit.of('all').slice(seq, seq + limit);
  }

  async head(): Promise<SealedEntry | undefined> {
    return this.#view.audit.of('all').at(-1);
  }
}

const matches = (entry: AuditEntry, { action, actorId, subjectId, outcome, from, to }: AuditCriteria): boolean =>
  (action === undefined || entry.action === action) &&
  (actorId === undefined || entry.actorId === actorId) &&
  (subjectId === undefined || entry.subject?.id === subjectId) &&
  (outcome === undefined || entry.outcome === outcome) &&
  (from === undefined || entry.at >= from) &&
  (to === undefined || entry.at < to);
