import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { DomainEvent } from '../../domain/shared/event.ts';

export type AccountEventType =
  | 'user.registered'
  | 'user.verification_asked'
  | 'user.password_forgotten'
  | 'user.password_changed'
  | 'user.second_factor_added'
  | 'user.second_factor_removed';

/** Whom it is about, and nothing that they would not want to be read. */
export const accountEvent = (
  type: AccountEventType,
  { id, version }: Pick<UserSnapshot, 'id' | 'version'>,
): DomainEvent => ({
  type,
  aggregateType: 'user',
  aggregateId: id,
  aggregateVersion: version,
  payload: { user_id: id },
});
