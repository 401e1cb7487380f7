import { RelayEvents } from '../../application/workers/relay-events.ts';
import type { Shop } from './shop.ts';

export interface ReceivedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What somebody finds in their mailbox, the newest first, once the shop has written all that it has to. */
export async function mailsTo(shop: Shop, email: string): Promise<ReceivedMail[]> {
  const relay = shop.app.container.get(RelayEvents);
  while ((await relay.tick()) > 0);
  const all = (await shop.root.get('/dev/mail.json')).body as unknown as ReceivedMail[];
  return all.filter(({ to }) => to === email);
}

/** The token in the latest mail with this subject. */
export async function tokenFor(shop: Shop, email: string, subject: string): Promise<string> {
  const mail = (await mailsTo(shop, email)).find(one => one.subject === subject);
  const [token] = /^[\w-]{43}$/m.exec(mail?.text ?? '') ?? [];
  if (!token) throw new Error(`There is no token in a mail "${subject}" to ${email}.`);
  return token;
}

export const RESET = 'Choose a new password';
export const VERIFY = 'Confirm your e-mail address';
