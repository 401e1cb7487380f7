import { createTransport } from 'nodemailer';
import type { Mail, Mailer } from '../../application/ports/mailer.ts';
import { requireOutsideUnitOfWork } from '../../application/transaction-boundary.ts';
import { requireOneLineHeaders } from './one-line.ts';

export interface SmtpSettings {
  /** `smtps://` speaks TLS from the start; `smtp://` as soon as the server offers it, and must before it says a password. */
  readonly url: string;
  readonly from: string;
  /** For one mail, however long it waits for a connection. */
  readonly deadlineMs?: number;
}

/** Hands mail to an SMTP server over a few connections that stay open. */
export class SmtpMailer implements Mailer {
  readonly #transport: ReturnType<typeof transportTo>;
  readonly #from: string;
  readonly #deadlineMs: number;

  constructor({ url, from, deadlineMs = 9000 }: SmtpSettings) {
    this.#transport = transportTo(url, deadlineMs);
    this.#from = from;
    this.#deadlineMs = deadlineMs;
  }

  async send(mail: Mail): Promise<void> {
    requireOutsideUnitOfWork('The mailer');
    requireOneLineHeaders(mail);
    const { to, subject, text, html } = mail;
    const sending = this.#transport.sendMail({ from: this.#from, to: { name: '', address: to }, subject, text, html });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new SmtpTooSlow()), this.#deadlineMs);
    });
    try {
      await Promise.race([sending, late]);
    } finally {
      clearTimeout(timer);
      sending.catch(() => undefined); // It may still fail when nobody waits for it any more.
    }
  }

  close(): void {
    this.#transport.close();
  }
}

class SmtpTooSlow extends Error {
  override readonly name = 'SmtpTooSlow';
}

function transportTo(url: string, deadlineMs: number) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const user = decodeURIComponent(username);
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    ...(port && { port: Number(port) }),
    secure,
    ...(user && { auth: { user, pass: decodeURIComponent(password) }, requireTLS: !secure }),
    pool: true,
    maxConnections: 5,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    // A mail is text that was made here: nothing in it is to be fetched or read from anywhere.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
