import { invalidValue } from '../shared/domain-error.ts';
import { fold } from '../shared/text.ts';

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;

/** Shorter parts of a name stand in too many words. */
const SHORTEST_PART = 3;
/** So much has to be left of a password without what everybody knows of its owner. */
const LEAST_OF_ONES_OWN = 6;

/** Length in characters, any of Unicode, nothing trimmed and nothing cut. */
export function requirePassword(password: string, field = 'password'): string {
  // oxlint-disable-next-line typescript/no-misused-spread -- Characters are meant as Unicode counts them.
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) throw invalidValue(field, `must have at least ${SHORTEST_PASSWORD} characters`);
  if (length > LONGEST_PASSWORD) throw invalidValue(field, `must have at most ${LONGEST_PASSWORD} characters`);
  return password;
}

/** What everybody knows of a person, whole and in parts. */
export const knownOf = ({ email, name }: { email: string; name: string | null }): readonly string[] =>
  [email, name ?? '']
    .flatMap(text => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .map(fold)
    .filter(part => part.length >= SHORTEST_PART);

/** Whether next to nothing is left of it without what everybody knows of the person. */
export function isMadeOf(password: string, known: readonly string[]): boolean {
  const whole = fold(password);
  const own = known
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, part) => left.replaceAll(part, ''), whole)
    .replace(/[^\p{L}\p{N}]/gu, '');
  return own.length < LEAST_OF_ONES_OWN && known.some(part => whole.includes(part));
}
