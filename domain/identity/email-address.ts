import type { Brand } from '../shared/brand.ts';
import { invalidValue } from '../shared/domain-error.ts';

/** Trimmed, lower-case and composed (NFC), so that one mailbox has one spelling. */
export type EmailAddress = Brand<string, 'EmailAddress'>;

/** Linear-time on purpose: something, one @, a domain with a dot. Whether mail arrives, only mail can tell. */
const SHAPE = /^[^\s\p{Cc}@<>()[\]\\,;:"]{1,64}@[^\s\p{Cc}@<>()[\]\\,;:".]+(?:\.[^\s\p{Cc}@<>()[\]\\,;:".]+)+$/u;

/** Nothing longer composes to 254; and composing takes quadratic time, so it is not fed just anything. */
const LONGEST_TYPED = 1024;

export function EmailAddress(text: string, field = 'email'): EmailAddress {
  const typed = text.trim();
  const email = typed.length > LONGEST_TYPED ? '' : typed.toLowerCase().normalize('NFC');
  if (email.length > 254 || !SHAPE.test(email)) throw invalidValue(field, 'must be an e-mail address');
  return email as EmailAddress;
}
