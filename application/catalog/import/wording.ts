/** At most 80 characters, never half of one: a lone surrogate cannot be stored. */
export function cut(text: string): string {
  if (text.length <= 80) return text;
  return `${Array.from(text.slice(0, 200)).slice(0, 79).join('')}…`;
}

export const quoted = (text: string): string => `"${cut(text)}"`;

/** Undefined when the text fits. */
export const tooLong = (what: string, text: string, most: number): string | undefined =>
  text.length > most ? `${what} has more than ${most} characters` : undefined;
