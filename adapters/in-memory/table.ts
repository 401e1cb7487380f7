import type { Transaction } from './transaction.ts';

/** Rows by key, as far as the one who asks may see them. */
export interface Rows<Key, Row> {
  get(key: Key): Row | undefined;
  values(): Iterable<Row>;
}

/** Committed rows. A secondary index is a table, too: from the indexed value to the id. */
export class Table<Key, Row> implements Rows<Key, Row> {
  readonly #rows = new Map<Key, Row>();

  get(key: Key): Row | undefined {
    return this.#rows.get(key);
  }

  values(): Iterable<Row> {
    return this.#rows.values();
  }

  draft(transaction: Transaction): Draft<Key, Row> {
    return new Draft(this, transaction);
  }

  apply(writes: ReadonlyMap<Key, Row | undefined>): void {
    for (const [key, row] of writes)
      if (row === undefined) this.#rows.delete(key);
      else this.#rows.set(key, row);
  }

  entries(): Iterable<[Key, Row]> {
    return this.#rows.entries();
  }
}

/** The same rows as one unit of work sees them: with its own writes on top. */
export class Draft<Key, Row> implements Rows<Key, Row> {
  readonly #table: Table<Key, Row>;
  readonly #transaction: Transaction;
  #writes: Map<Key, Row | undefined> | undefined;

  constructor(table: Table<Key, Row>, transaction: Transaction) {
    this.#table = table;
    this.#transaction = transaction;
  }

  get(key: Key): Row | undefined {
    this.#transaction.requireOpen();
    return this.#writes?.has(key) ? this.#writes.get(key) : this.#table.get(key);
  }

  *values(): Iterable<Row> {
    for (const [, row] of this.entries()) yield row;
  }

  *entries(): Iterable<[Key, Row]> {
    this.#transaction.requireOpen();
    for (const entry of this.#table.entries()) if (!this.#writes?.has(entry[0])) yield entry;
    for (const [key, row] of this.#writes ?? []) if (row !== undefined) yield [key, row];
  }

  /** Freezes the row itself; what is inside it is readonly by its type. */
  set(key: Key, row: Row): void {
    this.#written().set(key, row);
    Object.freeze(row);
  }

  delete(key: Key): void {
    this.#written().set(key, undefined);
  }

  commit(): void {
    this.#table.apply(this.#written());
  }

  #written(): Map<Key, Row | undefined> {
    this.#transaction.requireOpen();
    if (!this.#writes) {
      this.#writes = new Map();
      this.#transaction.joinedBy(this);
    }
    return this.#writes;
  }
}
