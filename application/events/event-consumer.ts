import type { StoredEvent } from '../../domain/shared/event.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/** Something in the shop that follows from events. It is told of each at least once, but its effect is kept exactly once. */
export interface EventConsumer {
  /** Stays the same for ever: what was consumed is remembered under it. */
  readonly name: string;
  readonly types: readonly string[];
  /** Runs in a unit of work that also remembers the event; so it may do nothing that the collections do not undo. */
  handle(event: StoredEvent, collections: Collections): Promise<void>;
}
