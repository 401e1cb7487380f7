import { fold } from '../shared/text.ts';

/** What is searched for: blanks part words, so none can reach from one field of a product into the next. */
export const wordsOf = (text: string): string[] => fold(text).split(/\s+/).filter(Boolean);

/** The words of a text as they are compared for typos: letters and digits, each word once. */
export const tokensOf = (text: string): string[] => [
  ...new Set(
    fold(text)
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean),
  ),
];

/** In a shorter word one wrong letter makes another word, and in a longer one than that nobody makes just one mistake. */
export const mayHoldTypo = (word: string): boolean => word.length >= 4 && word.length <= 40;

/** The word, and what is left of it when one letter is left out: words that are one typo apart have one of them in common. */
export function neighboursOf(word: string): string[] {
  const letters = Array.from(word);
  return [...new Set([word, ...letters.map((_, at) => letters.toSpliced(at, 1).join(''))])];
}

/** Whether one letter was changed, forgotten, added or swapped with the next; or none. */
export function isTypoOf(typed: string, word: string): boolean {
  const [a, b] = [Array.from(typed), Array.from(word)];
  while (a.length > 0 && a[0] === b[0]) {
    a.shift();
    b.shift();
  }
  while (a.length > 0 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  if (a.length <= 1 && b.length <= 1) return true;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}
