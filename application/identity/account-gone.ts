import { DomainError } from '../../domain/shared/domain-error.ts';

/** For a caller who was signed in a moment ago, and whose account has been erased since. */
export const accountGone = (): DomainError => new DomainError('forbidden', 'TOKEN_REVOKED', 'This account is gone.');
