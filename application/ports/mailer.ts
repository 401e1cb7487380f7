import type { EmailAddress } from '../../domain/identity/email-address.ts';

export interface Mail {
  readonly to: EmailAddress;
  readonly subject: string;
  readonly text: string;
  /** The same for readers that show it. */
  readonly html: string;
}

/** Hands mail over to whoever delivers it. Remote, so it is never called inside a unit of work. */
export interface Mailer {
  /**
   * Resolves once somebody else has promised to deliver the mail. Rejects within ten seconds when it could not be handed
   * over, or when that is not known: then it may arrive all the same, and once more if it is sent again. A line break in
   * the subject or the address is a bug of the caller, and rejected.
   */
  send(mail: Mail): Promise<void>;
}
