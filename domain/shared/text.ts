/** Folds case, accents and width, so that "Crème" is found by "creme" and every store sorts alike. */
export const fold = (text: string): string =>
  text
    .replace(/\p{Mn}/gu, '') // At once, too: to normalise a long run of marks takes quadratic time.
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .trim();

/** Lower-case ASCII words joined by hyphens, at most 100 characters; '' when nothing is left. */
export const slugify = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 100)
    .replace(/^-+|-+$/g, '');
