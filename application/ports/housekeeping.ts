/** Throws away what is no longer needed, so many rows at a time. */
export interface Housekeeping {
  /**
   * Completed idempotency keys after 72 hours (never unfinished ones), read notices after 30 days, events 30 days after
   * they were published and with them who has had them, revocations and one-time tokens that are over. Resolves to how
   * many keys, notices, events, revocations and tokens went; 0 when there is nothing left.
   */
  reap(limit: number): Promise<number>;
}
