import type { Clock } from '../../application/ports/clock.ts';
import type { Mail, Mailer } from '../../application/ports/mailer.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import { requireOneLineHeaders } from './one-line.ts';

export interface KeptMail extends Mail {
  readonly at: Date;
}

const MOST_KEPT = 100;

/** Sends nothing: keeps the latest mails of this process, to be looked at. */
export class KeptMails implements Mailer {
  readonly #clock: Clock;
  #mails: readonly KeptMail[] = [];

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async send(mail: Mail): Promise<void> {
    requireOutsideUnitOfWork('The mailer');
    requireOneLineHeaders(mail);
    this.#mails = [{ ...mail, at: this.#clock.now() }, ...this.#mails].slice(0, MOST_KEPT);
  }

  /** The newest first. */
  latest(): readonly KeptMail[] {
    return this.#mails;
  }
}
