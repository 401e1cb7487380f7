import { setTimeout as sleep } from 'node:timers/promises';

import { DomainError } from '../../domain/shared/domain-error.ts';

/** Long enough for others to get between, short enough for twenty of them. */
export const aMoment = (): Promise<void> => sleep(2);

/** A door that stays shut until somebody opens it. */
export function aGate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}

export const times = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What a promise was rejected with. @throws when it was fulfilled */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('This was expected to be refused, but it went through.');
}

/** The refusal by a rule of the shop that a promise ended with. @throws whatever else it ended with */
export async function refusalOf(promise: Promise<unknown>): Promise<DomainError> {
  const error = await rejectionOf(promise);
  if (error instanceof DomainError) return error;
  throw error;
}
