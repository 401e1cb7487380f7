/** Something that happened to an aggregate, in the past tense; stored in the same transaction as the change itself. */
export interface DomainEvent {
  readonly type: string;
  readonly aggregateType: 'order' | 'product' | 'inventory' | 'cart' | 'user';
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  /** At most one event with this key is ever stored. */
  readonly dedupeKey?: string;
  /** Plain JSON without personal data. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event as it was stored. The id stays the same however often it is delivered. */
export interface StoredEvent extends DomainEvent {
  readonly id: string;
  readonly at: Date;
}
