import type { ImportId, UserId } from '../shared/ids.ts';

export interface ImportNote {
  readonly row: number;
  readonly handle: string;
  readonly message: string;
}

/** The counts are rows of the file: `rows = created + updated + skipped + errors.length` when it is over. */
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
  readonly errors: readonly ImportNote[];
  /** What was taken in otherwise than written, such as a negative stock. */
  readonly warnings: readonly ImportNote[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: UserId | null;
}
