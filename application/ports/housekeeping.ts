/** Throws away what is no longer needed, so many rows at a time. */
export interface Housekeeping {
  /**
   * Completed idempotency keys after 72 hours (never unfinished ones), read notices and published events after 30 days,
   * expired revocations. Resolves to how many rows went; 0 when there is nothing left.
   */
  reap(limit: number): Promise<number>;
}
