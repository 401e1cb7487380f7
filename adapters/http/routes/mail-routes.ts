import Joi from 'joi';
import { raw, type Route, route } from '../route.ts';
import { time } from '../schemas.ts';

interface ShownMail {
  readonly at: Date;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The mails that were not sent, the newest first. */
export type LatestMails = () => readonly ShownMail[];

const mails = Joi.array().items(
  Joi.object({
    at: time.required(),
    to: Joi.string().required(),
    subject: Joi.string().required(),
    text: Joi.string().required(),
    html: Joi.string().required(),
  }),
);

/** Stands in for the mailboxes of customers where no mail is sent; never in production. */
export const mailRoutes = (latest: LatestMails): Route[] => [
  route({
    method: 'GET',
    path: '/dev/mail',
    atRoot: true,
    name: 'showMails',
    tag: 'System',
    summary: 'The latest mails that were kept instead of sent, as a page',
    access: 'public',
    answers: { 200: raw(Joi.string(), 'text/html') },
    handle: () => ({ status: 200, raw: page(latest()), type: 'text/html' }),
  }),
  route({
    method: 'GET',
    path: '/dev/mail.json',
    atRoot: true,
    name: 'listMails',
    tag: 'System',
    summary: 'The latest mails that were kept instead of sent',
    access: 'public',
    answers: { 200: raw(mails) },
    handle: () => ({ status: 200, raw: latest() }),
  }),
];

const page = (shown: readonly ShownMail[]): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Mails of the shop</title>
  </head>
  <body>
    <h1>Mails</h1>
    <p>They were kept in this process, not sent: set SMTP_URL to send them.</p>
${shown.length === 0 ? '    <p>There is none yet.</p>' : shown.map(article).join('\n')}
  </body>
</html>
`;

const article = ({ at, to, subject, text }: ShownMail): string => `    <article>
      <h2>${escaped(subject)}</h2>
      <p>To ${escaped(to)}, ${at.toISOString()}</p>
      <pre>${escaped(text)}</pre>
    </article>`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, found => `&#${found.charCodeAt(0)};`);
