import type { UserId } from '../../domain/shared/ids.ts';
import type { Rows } from './table.ts';
import type { View } from './tables.ts';

/** A foreign key: writing without the row that is pointed at is a bug of the caller, not a refusal. */
export function requireRow<Key>(rows: Rows<Key, unknown>, key: Key | null, what: string): void {
  if (key !== null && rows.get(key) === undefined) throw new Error(`There is no ${what} ${String(key)} to refer to.`);
}

/** The same for users, of whom some have been erased. */
export function requireUser({ users, erasedUsers }: Pick<View, 'users' | 'erasedUsers'>, id: UserId | null): void {
  if (id === null || erasedUsers.get(id) === undefined) requireRow(users, id, 'user');
}

/** A unique rule that no port turns into a refusal. */
export function requireFree<Key>(rows: Rows<Key, string>, key: Key, id: string, what: string): void {
  const owner = rows.get(key);
  if (owner !== undefined && owner !== id) throw new Error(`Another row has this ${what} already.`);
}
