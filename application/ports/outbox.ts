import type { DomainEvent, StoredEvent } from '../../domain/shared/event.ts';

/** The only way to tell anyone that something happened: stored with the change itself, delivered afterwards. */
export interface Outbox {
  /** An event whose `dedupeKey` is stored already is dropped silently. */
  add(events: readonly DomainEvent[]): Promise<void>;
}

/** The delivering end of the outbox; nobody but the relay needs it. */
export interface OutboxDelivery {
  /**
   * Events that nobody has delivered or is delivering, in order of id, and theirs alone for the lease. Counts an
   * attempt of each. Those that have failed 20 times are parked and left out.
   */
  claim(limit: number, leaseSeconds: number): Promise<readonly StoredEvent[]>;
  /** They have been delivered: they are never claimed again. */
  markPublished(ids: readonly string[]): Promise<void>;
  /** It could not be delivered: it is due again after a second, then longer and longer, at most five minutes. */
  markFailed(id: string, why: string): Promise<void>;
}

/**
 * Which events a consumer has had. Remembered for as long as the event itself is kept, whatever that takes: one that is
 * parked may be handed out again months later.
 */
export interface ConsumedEvents {
  /** True the first time that this consumer is told of this event, for whoever commits it. */
  claim(consumer: string, eventId: string): Promise<boolean>;
  /** Whether this consumer has had this event, and that is committed. */
  has(consumer: string, eventId: string): Promise<boolean>;
}
