/** Where a keyset page begins: just after the row with this sort value and id. */
export interface Position {
  readonly value: string | number;
  readonly id: string;
}

/** Either the rows after a position (the default, cheap at any depth) or a numbered page from 1, which also counts. */
export type PageRequest =
  { readonly limit: number; readonly after?: Position | undefined } | { readonly limit: number; readonly page: number };

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Set when there are more rows: ask for those after it. */
  readonly next: Position | null;
  /** Only for numbered pages. */
  readonly total?: number;
}
