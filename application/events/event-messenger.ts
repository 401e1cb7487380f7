import type { StoredEvent } from '../../domain/shared/event.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/**
 * Tells somebody outside of the shop of events, which cannot be undone. So it is told at least once: again when it failed,
 * or when the process died before it could be noted.
 */
export interface EventMessenger {
  /** Stays the same for ever: who has been told is remembered under it. */
  readonly name: string;
  readonly types: readonly string[];
  /** In a unit of work. Resolves to what is to be done once it is committed; undefined when nobody is to be told. */
  prepare(event: StoredEvent, collections: Collections): Promise<(() => Promise<void>) | undefined>;
}
