import { invalidValue } from '../shared/domain-error.ts';

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;

/** Length in characters, any of Unicode, nothing trimmed and nothing cut. */
export function requirePassword(password: string, field = 'password'): string {
  // oxlint-disable-next-line typescript/no-misused-spread -- Characters are meant as Unicode counts them.
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) throw invalidValue(field, `must have at least ${SHORTEST_PASSWORD} characters`);
  if (length > LONGEST_PASSWORD) throw invalidValue(field, `must have at most ${LONGEST_PASSWORD} characters`);
  return password;
}
