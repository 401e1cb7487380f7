import { invalidValue } from '../../domain/shared/domain-error.ts';

const DEEPEST = 32;
/** A product of 250 variants, each with all that can be said of it, has some 6,000. */
const MOST_KEYS = 10_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses JSON that is legal but harmful: U+0000 (no database text can hold it), half surrogates, keys that reach for
 * prototypes, and nesting or width made to wear the server out.
 */
export function requirePlainJson<T>(value: T): T {
  let keys = 0;
  const visit = (part: unknown, path: string, depth: number): void => {
    if (depth > DEEPEST) throw invalidValue(path, `is nested deeper than ${DEEPEST} levels`);
    if (typeof part === 'string') requirePlainText(part, path);
    if (typeof part !== 'object' || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      keys += 1;
      if (keys > MOST_KEYS) throw invalidValue('body', `has more than ${MOST_KEYS} keys`);
      const field = path === 'body' ? key : `${path}.${key}`;
      if (FORBIDDEN.has(key)) throw invalidValue(field, 'is not allowed');
      requirePlainText(key, path);
      visit(inner, field, depth + 1);
    }
  };
  visit(value, 'body', 0);
  return value;
}

export function requirePlainText(text: string, field: string): void {
  if (text.includes('\0')) throw invalidValue(field, 'must not hold U+0000');
  // What bytes that are no UTF-8 are read as.
  if (text.includes('\uFFFD')) throw invalidValue(field, 'must be valid UTF-8');
  if (!text.isWellFormed()) throw invalidValue(field, 'must be well-formed Unicode');
}
