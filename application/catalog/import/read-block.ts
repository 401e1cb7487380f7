import type { Product } from '../../../domain/catalog/product.ts';
import type { ImportNote } from '../../../domain/catalog/product-import.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import type { Block } from './batches.ts';
import { type Match, matchVariants, type Surroundings } from './match-variants.ts';
import { type ProductFacts, readProduct } from './product-facts.ts';
import { readRow, type RowFacts } from './row-facts.ts';

/** The rows of one product, understood, and the variants that they mean. */
export interface ReadBlock {
  readonly handle: string;
  /** Undefined when the shop has no such product yet. */
  readonly product: Product | undefined;
  readonly facts: ProductFacts;
  /** The rows that can be taken in. */
  readonly rows: readonly RowFacts[];
  readonly matches: readonly Match[];
  readonly errors: readonly ImportNote[];
  readonly warnings: readonly ImportNote[];
}

export function readBlock(block: Block, currency: Currency, surroundings: Omit<Surroundings, 'handle'>): ReadBlock {
  const { handle } = block;
  const { product } = surroundings;
  const facts = readProduct(block.rows);
  const note = (row: number, message: string): ImportNote => ({ row, handle, message });
  if (facts.problems.length > 0) {
    const { row: head } = facts.head;
    const errors = block.rows.map(({ row }) =>
      note(
        row,
        row === head ? facts.problems.join('; ') : `was left out together with row ${head}, which names the product`,
      ),
    );
    return { handle, product, facts, rows: [], matches: [], errors, warnings: [] };
  }
  // A sheet names no currency, and must not turn yen into dollars.
  const itsCurrency = product?.liveVariants()[0]?.price.currency ?? currency;
  const read = block.rows.map(row => readRow(row, itsCurrency));
  const sound = read.filter(({ problems }) => problems.length === 0);
  const { found, refused, warnings } = matchVariants(sound, { ...surroundings, handle });
  return {
    handle,
    product,
    facts,
    rows: sound.filter(({ row }) => !refused.has(row.row)),
    matches: found,
    errors: [
      ...read
        .filter(({ problems }) => problems.length > 0)
        .map(({ row, problems }) => note(row.row, problems.join('; '))),
      ...[...refused].map(([row, message]) => note(row, message)),
    ],
    warnings: [
      ...read.flatMap(({ row, warnings: messages }) => messages.map(message => note(row.row, message))),
      ...[...warnings].map(([row, message]) => note(row, message)),
    ],
  };
}
