import type { DomainEvent } from '../../domain/shared/event.ts';

/** The only way to tell anyone that something happened: stored with the change itself, delivered afterwards. */
export interface Outbox {
  /** An event whose `dedupeKey` is stored already is dropped silently. */
  add(events: readonly DomainEvent[]): Promise<void>;
}
