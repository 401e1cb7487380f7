import type { Audit } from '../../domain/shared/audit.ts';
import { Currency } from '../../domain/shared/currency.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { Money } from '../../domain/shared/money.ts';

/** A `timestamptz`: a Date in a column of its own, ISO text inside aggregated JSON. */
export type Timestamp = Date | string;

export interface AuditRow {
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  readonly created_by: UserId | null;
  readonly updated_by: UserId | null;
  readonly version: number;
}

export const auditOf = (row: AuditRow): Audit => ({
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
  createdBy: row.created_by,
  updatedBy: row.updated_by,
  version: row.version,
});

export const auditRow = (audit: Audit): AuditRow => ({
  created_at: audit.createdAt,
  updated_at: audit.updatedAt,
  created_by: audit.createdBy,
  updated_by: audit.updatedBy,
  version: audit.version,
});

export const dateOrNull = (value: Timestamp | null): Date | null => (value === null ? null : new Date(value));

/** What the database holds has been checked on its way in. */
export const moneyOf = (amount: number, currency: string): Money => Money.of(amount, Currency(currency));

/** The rows of each owner, in their order; none for an owner who has none. */
export function grouped<Owner, Row>(
  rows: readonly Row[],
  ownerOf: (row: Row) => Owner,
): (owner: Owner) => readonly Row[] {
  const groups = new Map<Owner, Row[]>();
  for (const row of rows) {
    const group = groups.get(ownerOf(row));
    if (group) group.push(row);
    else groups.set(ownerOf(row), [row]);
  }
  return owner => groups.get(owner) ?? [];
}
