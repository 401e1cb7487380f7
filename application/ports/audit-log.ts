import type { UserId } from '../../domain/shared/ids.ts';
import type { AuditEntry, SealedEntry } from '../audit/sealed-entry.ts';
import type { AuditOutcome } from './audit-trail.ts';
import type { Page, PageRequest } from './paging.ts';

export interface AuditCriteria {
  readonly action?: string | undefined;
  readonly actorId?: UserId | undefined;
  readonly subjectId?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** At or after, and before. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** What the audit trail has become: a chain, in which each entry holds the hash of the one before. */
export interface AuditLog {
  /** Newest first; positions are sequence numbers. */
  list(criteria: AuditCriteria, page: PageRequest): Promise<Page<AuditEntry>>;
  /** Exactly as stored, those after `seq` in their order; for whoever checks the chain. */
  sealed(seq: number, limit: number): Promise<readonly SealedEntry[]>;
  /** The last entry; undefined while there is none. */
  head(): Promise<Pick<SealedEntry, 'seq' | 'hash'> | undefined>;
}
