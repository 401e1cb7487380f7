/** Something that does not add up; nothing is ever repaired silently. */
export interface Drift {
  /** The invariant by its name in docs/explanation/checkout.md, such as "I2". */
  readonly invariant: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Recounts the books of the shop. */
export interface Ledgers {
  /**
   * I1–I4, I6–I8 over the whole store; empty when all adds up. `subject` is the id of the variant (I1–I3), the cart (I4)
   * or the order. An event of I7 is missed only of orders whose hold ended in the last 29 days: older ones are reaped.
   */
  drift(): Promise<readonly Drift[]>;
  /** How much work waits, for metrics and for the health of the workers. What is parked does not wait. */
  backlog(): Promise<Backlog>;
}

export interface Backlog {
  readonly unsettledOrders: number;
  readonly oldestUnsettledSeconds: number;
  readonly unpublishedEvents: number;
  readonly oldestUnpublishedSeconds: number;
  readonly unreadNotices: number;
  readonly oldestUnreadSeconds: number;
  /** Orders, events and notices that wait for a person. */
  readonly parked: { readonly orders: number; readonly events: number; readonly notices: number };
}
