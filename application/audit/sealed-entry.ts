import type { UserId } from '../../domain/shared/ids.ts';
import type { AuditEvent, AuditFacts, AuditOutcome } from '../ports/audit-trail.ts';
import type { Origin } from './origin.ts';

/** An entry as it is stored: `hash` is the SHA-256, in hex, of `sealedText`. */
export interface SealedEntry {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** JSON; nothing of it may ever change, not even a blank. */
  readonly text: string;
  /** Of the entry before. */
  readonly previousHash: string;
  readonly hash: string;
  /** False where it is found under another time, actor, action, outcome or subject than it has. */
  readonly filed?: boolean;
}

/** What the first entry follows. */
export const BEFORE_THE_FIRST = '0'.repeat(64);

/** What the hash of an entry is made over. */
export const sealedText = ({ previousHash, seq, text }: Omit<SealedEntry, 'hash'>): string =>
  `${previousHash}\n${seq}\n${text}`;

export const entryText = ({ action, outcome, subject, before, after }: AuditEvent, origin: Origin, at: Date): string =>
  JSON.stringify({
    at,
    actor_id: origin.userId ?? null,
    api_key_id: origin.apiKeyId ?? null,
    address: origin.address ?? null,
    request_id: origin.requestId ?? null,
    action,
    outcome,
    subject_type: subject?.type ?? null,
    subject_id: subject?.id ?? null,
    before: before ?? null,
    after: after ?? null,
  });

/** An entry as it is read. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: Date;
  /** Null for callers who have not said who they are, and for the shop itself; so is what else is not known. */
  readonly actorId: UserId | null;
  readonly apiKeyId: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly before: AuditFacts | null;
  readonly after: AuditFacts | null;
  readonly hash: string;
}

interface Text {
  readonly at: string;
  readonly actor_id: UserId | null;
  readonly api_key_id: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly subject_type: string | null;
  readonly subject_id: string | null;
  readonly before: AuditFacts | null;
  readonly after: AuditFacts | null;
}

export function readEntry({ seq, text, hash }: SealedEntry): AuditEntry {
  const entry = JSON.parse(text) as Text;
  return {
    seq,
    at: new Date(entry.at),
    actorId: entry.actor_id,
    apiKeyId: entry.api_key_id,
    address: entry.address,
    requestId: entry.request_id,
    action: entry.action,
    outcome: entry.outcome,
    subject: entry.subject_id === null ? null : { type: entry.subject_type ?? '', id: entry.subject_id },
    before: entry.before,
    after: entry.after,
    hash,
  };
}
