import type { Page, PageRequest, Position } from '../../application/ports/paging.ts';
import { invalidValue } from '../../domain/shared/domain-error.ts';
import { isUnreadable } from './errors.ts';
import { allOf, fleeting, type Query, sql, type Sql, verbatim } from './sql.ts';

type Direction = 'ASC' | 'DESC';

/** How a list is sorted: by an expression over its rows, then by id, each in a direction of its own. */
export interface Ordering {
  readonly value: Sql;
  readonly id: Sql;
  readonly byValue: Direction;
  readonly byId: Direction;
}

export interface Listing<Row, Item> {
  /** Everything before WHERE. */
  readonly select: Sql;
  /** What stands after FROM in `select`, for counting. */
  readonly from: Sql;
  readonly where: readonly Sql[];
  readonly order: Ordering;
  readonly page: PageRequest;
  readonly positionOf: (row: Row) => Position;
  readonly itemOf: (row: Row) => Item;
}

export async function readPage<Row, Item>(query: Query, listing: Listing<Row, Item>): Promise<Page<Item>> {
  const { page, where, from } = listing;
  const [rows, counted] = await Promise.all([
    readRows(query, listing),
    'page' in page
      ? query<{ total: number }>(fleeting(sql`SELECT COUNT(*) AS total FROM ${from} WHERE ${allOf(where)}`))
      : undefined,
  ]);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(row => listing.itemOf(row)),
    next: rows.length > page.limit && last ? listing.positionOf(last) : null,
    ...(counted && { total: counted[0]!.total }),
  };
}

/** One more than is shown: it tells whether there is a next page. */
async function readRows<Row, Item>(query: Query, { select, where, order, page }: Listing<Row, Item>): Promise<Row[]> {
  const after = 'after' in page ? page.after : undefined;
  const conditions = after ? [...where, behind(order, after)] : where;
  const offset = 'page' in page ? (page.page - 1) * page.limit : 0;
  try {
    return await query<Row>(
      fleeting(sql`
      ${select} WHERE ${allOf(conditions)}
       ORDER BY ${order.value} ${verbatim(order.byValue)}, ${order.id} ${verbatim(order.byId)}
       LIMIT ${page.limit + 1} OFFSET ${offset}`),
    );
  } catch (error) {
    // Positions travel through the caller's hands, and this one was not made by us.
    if (after && isUnreadable(error)) throw invalidValue('cursor', 'is not one that was given out');
    throw error;
  }
}

/** In forms that an index on (value, id) can begin at. */
function behind({ value, id, byValue, byId }: Ordering, after: Position): Sql {
  const further = verbatim(byValue === 'ASC' ? '>' : '<');
  if (byValue === byId) return sql`(${value}, ${id}) ${further} (${after.value}, ${after.id})`;
  const next = verbatim(byId === 'ASC' ? '>' : '<');
  return sql`(${value} ${further}= ${after.value} AND (${value} ${further} ${after.value} OR ${id} ${next} ${after.id}))`;
}

/** Ids grow with time, so the id is the sort value, too. */
export const newestFirst = (id: Sql): Ordering => ({ value: id, id, byValue: 'DESC', byId: 'DESC' });

export const positionById = ({ id }: { readonly id: string }): Position => ({ value: id, id });
