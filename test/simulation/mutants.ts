import { readFileSync } from 'node:fs';
import { GUARDS_OF_MONEY } from './guards-of-money.ts';
import { GUARDS_OF_ORDERS } from './guards-of-orders.ts';
import { GUARDS_OF_RECORDS } from './guards-of-records.ts';
import { applyEdits, type Mutant } from './mutation.ts';

/** Every guard of the table in docs/explanation/checkout.md, and some more. */
export const MUTANTS: readonly Mutant[] = [...GUARDS_OF_ORDERS, ...GUARDS_OF_MONEY, ...GUARDS_OF_RECORDS];

/** Of the compiled project. */
export const ROOT = new URL('../../', import.meta.url);

/** Takes every guard out of the code as it was compiled, on paper. @throws when one has moved */
export function checkMutants(): void {
  for (const { edits } of MUTANTS)
    for (const { file } of edits) applyEdits(file, readFileSync(new URL(`${file}.js`, ROOT), 'utf8'), edits);
}
