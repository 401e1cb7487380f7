/** What came of it. `refused`: somebody tried and was not let. */
export type AuditOutcome = 'done' | 'refused';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };
export type AuditFacts = Readonly<Record<string, Plain>>;

/** Something that staff did, or that matters to who may do what. Nothing personal and nothing secret stands in it. */
export interface AuditEvent {
  /**
   * `<what>.<happened>`, such as `sign-in.failed` or `session.reused`; the name of the route for what staff did, such as
   * `shipOrder`.
   */
  readonly action: string;
  readonly outcome: AuditOutcome;
  /** What it was done to; null where there is no such thing. */
  readonly subject: { readonly type: string; readonly id: string } | null;
  /** Only what has changed. */
  readonly before?: AuditFacts;
  readonly after?: AuditFacts;
}

/**
 * The book of who did what, when and from where. It only grows. Who, where and when are added by the store: see
 * `application/audit/origin.ts`. What staff do through the collections is told without being asked: see
 * `application/audit/watched-unit-of-work.ts`.
 */
export interface AuditTrail {
  /** Kept with the unit of work, or not at all. */
  add(event: AuditEvent): void;
}
