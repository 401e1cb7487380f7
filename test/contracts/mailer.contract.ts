import { expect } from 'chai';
import type { Mail, Mailer } from '../../application/ports/mailer.ts';
import { insideUnitOfWork } from '../../application/transaction-boundary.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import { rejectionOf, times } from '../support/waiting.ts';

export interface MailerHarness {
  readonly name: string;
  open(): Promise<{
    readonly mailer: Mailer;
    /** What was handed over, in any order: as whoever delivers it reads it. */
    received(): Promise<
      readonly { readonly to: string; readonly subject: string; readonly text: string; readonly html: string }[]
    >;
    close(): Promise<void>;
  }>;
}

export const aMail = (facts: Partial<Record<'to' | 'subject' | 'text', string>> = {}): Mail => ({
  to: EmailAddress(facts.to ?? 'ada@example.com'),
  subject: facts.subject ?? 'Choose a new password',
  text: facts.text ?? 'Here is a token:\n\nabc\n\n.\n.. a line that begins with a dot\n',
  html: '<p>Here is a <b>token</b>: Grüße &amp; 🐈</p>',
});

const lines = (text: string): string => text.replaceAll('\r\n', '\n').trim();

/** What the shop expects of whoever takes its mail. */
export function mailerContract(harness: MailerHarness): void {
  describe(`A mailer (${harness.name})`, () => {
    let opened: Awaited<ReturnType<MailerHarness['open']>>;

    beforeEach(async () => {
      opened = await harness.open();
    });
    afterEach(() => opened.close());

    it('hands a mail over as it is, to whom it is for', async () => {
      const mail = aMail({ to: 'zoë@bücher.example', subject: 'Grüße, “Zoë” 🐈' });
      await opened.mailer.send(mail);
      const [received, ...others] = await opened.received();
      expect(others).to.deep.equal([]);
      expect(received).to.include({ to: mail.to, subject: mail.subject });
      expect(lines(received!.text)).to.equal(lines(mail.text));
      expect(lines(received!.html)).to.equal(lines(mail.html));
    });

    it('hands over many at once, each once', async () => {
      await Promise.all(times(20, n => opened.mailer.send(aMail({ to: `person-${n}@example.com` }))));
      const to = (await opened.received()).map(mail => mail.to);
      expect(to.toSorted()).to.deep.equal(times(20, n => `person-${n}@example.com`).toSorted());
    });

    for (const subject of ['Hello\r\nBcc: thief@example.com', 'Hello\nX: y', 'Hello\rX', 'Hello\0'])
      it(`lets nobody write headers of their own: ${JSON.stringify(subject)}`, async () => {
        expect(String(await rejectionOf(opened.mailer.send(aMail({ subject }))))).to.include('control characters');
        const to = 'ada@example.com\r\nRCPT TO:<thief@example.com>' as EmailAddress;
        expect(String(await rejectionOf(opened.mailer.send({ ...aMail(), to })))).to.include('control characters');
        expect(await opened.received()).to.deep.equal([]);
      });

    it('is not asked while a transaction is open', async () => {
      const asking = insideUnitOfWork(() => opened.mailer.send(aMail()));
      expect(String(await rejectionOf(asking))).to.include('inside a unit of work');
      expect(await opened.received()).to.deep.equal([]);
    });
  });
}
