/** The life of one unit of work: what it has written, and whether it may still write. */
export class Transaction {
  readonly #drafts: { commit(): void }[] = [];
  #open = true;

  /** Whoever kept the collections for later would write into somebody else's unit of work. */
  requireOpen(): void {
    if (!this.#open) throw new Error('This unit of work is over: its collections cannot be used any more.');
  }

  joinedBy(draft: { commit(): void }): void {
    this.#drafts.push(draft);
  }

  commit(): void {
    for (const draft of this.#drafts) draft.commit();
    this.#open = false;
  }

  abandon(): void {
    this.#open = false;
  }
}
