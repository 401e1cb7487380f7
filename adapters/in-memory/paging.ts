import type { Page, PageRequest, Position } from '../../application/ports/paging.ts';

/** Compares as the bytes of UTF-8 do, as databases sort with the collation "C"; `<` compares UTF-16, which differs. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = rankOf(a.charCodeAt(i)) - rankOf(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for the highest code points, yet lie below U+E000. */
const rankOf = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

export const compareValues = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));

/** How a list is sorted: by a value of each row, then by id, each up (1) or down (-1). */
export interface Ordering<Row> {
  readonly positionOf: (row: Row) => Position;
  readonly byValue: 1 | -1;
  readonly byId: 1 | -1;
}

export const newestFirst = <Row>(idOf: (row: Row) => string): Ordering<Row> => ({
  positionOf: row => ({ value: idOf(row), id: idOf(row) }),
  byValue: -1,
  byId: -1,
});

/** Cuts the page that is asked for out of all rows that match. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  { positionOf, byValue, byId }: Ordering<Row>,
  request: PageRequest,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const compare = (a: Position, b: Position): number =>
    byValue * compareValues(a.value, b.value) || byId * compareText(a.id, b.id);
  const sorted = rows
    .map(row => ({ row, position: positionOf(row) }))
    .toSorted((a, b) => compare(a.position, b.position));
  const start = 'page' in request ? (request.page - 1) * request.limit : startAfter(sorted, request.after, compare);
  const shown = sorted.slice(start, start + request.limit);
  return {
    items: shown.map(({ row }) => itemOf(row)),
    next: start + request.limit < sorted.length ? (shown.at(-1)?.position ?? null) : null,
    ...('page' in request && { total: sorted.length }),
  };
}

function startAfter(
  sorted: readonly { readonly position: Position }[],
  after: Position | undefined,
  compare: (a: Position, b: Position) => number,
): number {
  if (!after) return 0;
  const found = sorted.findIndex(({ position }) => compare(position, after) > 0);
  return found < 0 ? sorted.length : found;
}
