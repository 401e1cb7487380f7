const VOWEL = /[aeiouy]/;
const DOUBLED = /([bdfgmnprt])\1$/;

/** The first step of Porter's algorithm: what plurals, participles and gerunds have in common with their words. */
export function englishStem(word: string): string {
  const single = withoutPlural(word);
  const ending = /(?:ed|ing)$/.exec(single)?.[0];
  const rest = ending ? single.slice(0, -ending.length) : single;
  const stem = ending && VOWEL.test(rest) ? rest.replace(DOUBLED, '$1') : single;
  return stem.length > 3 ? stem.replace(/e$/, '').replace(/y$/, 'i') : stem;
}

function withoutPlural(word: string): string {
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
