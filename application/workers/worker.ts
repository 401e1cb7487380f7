/** Work that the shop does by itself. Any number of copies may run at once, in any number of processes. */
export interface Worker {
  readonly name: string;
  /** How long to wait after a round that found nothing to do. */
  readonly everyMs: number;
  /** One round. Resolves to how much was done: the next round comes at once when that was more than nothing. */
  tick(): Promise<number>;
}
