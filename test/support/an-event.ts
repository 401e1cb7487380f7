import type { DomainEvent } from '../../domain/shared/event.ts';
import { nextId } from './builders.ts';

export const anEvent = (type: string, facts: Partial<DomainEvent> = {}): DomainEvent => ({
  type,
  aggregateType: 'order',
  aggregateId: nextId(),
  aggregateVersion: 1,
  payload: {},
  ...facts,
});
