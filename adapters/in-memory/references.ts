import type { Rows } from './table.ts';

/** A foreign key: writing without the row that is pointed at is a bug of the caller, not a refusal. */
export function requireRow<Key>(rows: Rows<Key, unknown>, key: Key | null, what: string): void {
  if (key !== null && rows.get(key) === undefined) throw new Error(`There is no ${what} ${String(key)} to refer to.`);
}

/** A unique rule that no port turns into a refusal. */
export function requireFree<Key>(rows: Rows<Key, string>, key: Key, id: string, what: string): void {
  const owner = rows.get(key);
  if (owner !== undefined && owner !== id) throw new Error(`Another row has this ${what} already.`);
}
