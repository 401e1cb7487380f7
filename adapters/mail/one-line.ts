import type { Mail } from '../../application/ports/mailer.ts';

/** Whoever gets a line break into a header writes headers of their own. */
export function requireOneLineHeaders({ to, subject }: Mail): void {
  if (/\p{Cc}/u.test(`${to}${subject}`)) throw new Error('A header of a mail must not hold control characters.');
}
