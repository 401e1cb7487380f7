import type { Transaction } from './transaction.ts';

/** Lists that only grow, each under its key. */
export interface Entries<Key, Entry> {
  /** The oldest first. */
  of(key: Key): readonly Entry[];
}

export class Log<Key, Entry> implements Entries<Key, Entry> {
  readonly #lists = new Map<Key, Entry[]>();

  of(key: Key): readonly Entry[] {
    return this.#lists.get(key) ?? [];
  }

  draft(transaction: Transaction): LogDraft<Key, Entry> {
    return new LogDraft(this, transaction);
  }

  append(key: Key, entry: Entry): void {
    const list = this.#lists.get(key);
    if (list) list.push(entry);
    else this.#lists.set(key, [entry]);
  }
}

/** The same lists as one unit of work sees them: with what it has appended itself. */
export class LogDraft<Key, Entry> implements Entries<Key, Entry> {
  readonly #log: Log<Key, Entry>;
  readonly #transaction: Transaction;
  readonly #appended: [Key, Entry][] = [];

  constructor(log: Log<Key, Entry>, transaction: Transaction) {
    this.#log = log;
    this.#transaction = transaction;
  }

  of(key: Key): readonly Entry[] {
    this.#transaction.requireOpen();
    if (this.#appended.length === 0) return this.#log.of(key);
    return [...this.#log.of(key), ...this.#appended.filter(([of]) => of === key).map(([, entry]) => entry)];
  }

  append(key: Key, entry: Entry): void {
    this.#transaction.requireOpen();
    if (this.#appended.length === 0) this.#transaction.joinedBy(this);
    this.#appended.push([key, entry]);
    Object.freeze(entry);
  }

  commit(): void {
    for (const [key, entry] of this.#appended) this.#log.append(key, entry);
  }
}
