import { DomainError } from './domain-error.ts';

/** Refuses a change that was made looking at another version. `expected` undefined: the caller did not say. */
export function requireVersion(current: number, expected: number | undefined): void {
  if (expected === undefined || expected === current) return;
  throw new DomainError('conflict', 'PRECONDITION_FAILED', 'It was changed since you read it: read it again.', {
    current_version: current,
  });
}
