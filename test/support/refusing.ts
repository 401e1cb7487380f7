import { DomainError } from '../../domain/shared/domain-error.ts';

/** What the shop said no with. @throws when it did not refuse, or when it failed in another way */
export function refusal(attempt: () => unknown): DomainError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('This was expected to be refused, but it went through.');
}

/** The public code of a refusal. */
export const codeOf = (attempt: () => unknown): string => refusal(attempt).code;
