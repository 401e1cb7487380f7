import type { Brand } from '../shared/brand.ts';
import { invalidValue } from '../shared/domain-error.ts';

/** Trimmed, composed (NFC) and lower-case, so that one mailbox has one spelling. */
export type EmailAddress = Brand<string, 'EmailAddress'>;

/** Linear-time on purpose: something, one @, a domain with a dot. Whether mail arrives, only mail can tell. */
const SHAPE = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u;

export function EmailAddress(text: string, field = 'email'): EmailAddress {
  const email = text.trim().normalize('NFC').toLowerCase();
  if (email.length > 254 || !SHAPE.test(email)) throw invalidValue(field, 'must be an e-mail address');
  return email as EmailAddress;
}
