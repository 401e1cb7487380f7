/** How long whoever waits for an answer is kept waiting. */
export interface Patience {
  /**
   * What the work comes to; undefined when that takes longer than ten seconds. The work goes on all the same, and a
   * clean stop waits for it.
   */
  waitFor<Result>(work: Promise<Result>): Promise<Result | undefined>;
}
