import type { ImportId, UserId } from '../shared/ids.ts';

export interface ImportNote {
  /** Counted as a spreadsheet does, the header being row 1; 0 speaks of the whole file. */
  readonly row: number;
  readonly handle: string;
  readonly message: string;
}

/** What one part of the file came to, in rows; each row that failed has exactly one note in `errors`. */
export interface ImportOutcome {
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly errors: readonly ImportNote[];
  readonly warnings: readonly ImportNote[];
}

/** The counts are rows of the file; those that are neither created, updated nor skipped have failed. */
export interface ProductImport {
  readonly id: ImportId;
  readonly status: 'pending' | 'running' | 'completed' | 'failed';
  readonly dryRun: boolean;
  readonly rows: number;
  /** Rows of products that were not there before. */
  readonly created: number;
  /** Rows of products that are now different. */
  readonly updated: number;
  /** Rows of products that were like this already. */
  readonly skipped: number;
  /** Why rows were not taken in, one note a row; the first `MOST_NOTES`. */
  readonly errors: readonly ImportNote[];
  /** What was taken in otherwise than written, such as a negative stock; the first `MOST_NOTES`. */
  readonly warnings: readonly ImportNote[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: UserId | null;
}

/** How many errors, and how many warnings, a report spells out. */
export const MOST_NOTES = 1_000;

/** An import that has not moved for so long has lost its process. */
export const STALLED_AFTER_MS = 60_000;

export const newImport = (facts: { id: ImportId; dryRun: boolean; by: UserId | null; at: Date }): ProductImport => ({
  id: facts.id,
  status: 'pending',
  dryRun: facts.dryRun,
  rows: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  errors: [],
  warnings: [],
  createdAt: facts.at,
  updatedAt: facts.at,
  createdBy: facts.by,
});

/** How many rows were not taken in; more than there are notes when there were very many. */
export const failedRows = ({ rows, created, updated, skipped }: ProductImport): number =>
  rows - created - updated - skipped;

export const withOutcome = (report: ProductImport, part: ImportOutcome, at: Date): ProductImport => ({
  ...report,
  rows: report.rows + part.created + part.updated + part.skipped + part.errors.length,
  created: report.created + part.created,
  updated: report.updated + part.updated,
  skipped: report.skipped + part.skipped,
  errors: inOrder(report.errors, part.errors),
  warnings: inOrder(report.warnings, part.warnings),
  updatedAt: at,
});

const inOrder = (before: readonly ImportNote[], added: readonly ImportNote[]): readonly ImportNote[] =>
  added.length === 0 ? before : [...before, ...added].toSorted((a, b) => a.row - b.row).slice(0, MOST_NOTES);

/** Ends as failed, and says so about the whole file; the note counts no row, and stands first so that it is seen. */
export const brokenOff = (report: ProductImport, message: string, at: Date): ProductImport => ({
  ...report,
  status: 'failed',
  errors: [{ row: 0, handle: '', message }, ...report.errors].slice(0, MOST_NOTES),
  updatedAt: at,
});

/** The report as it is to be shown: one whose process died would else be running for ever. */
export function asSeenAt(report: ProductImport, now: Date): ProductImport {
  const moving = now.getTime() - report.updatedAt.getTime() <= STALLED_AFTER_MS;
  if (moving || report.status === 'completed' || report.status === 'failed') return report;
  return brokenOff(report, 'The import stopped before its end: send the file again.', report.updatedAt);
}
