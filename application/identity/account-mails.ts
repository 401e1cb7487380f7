import type { EmailAddress } from '../../domain/identity/email-address.ts';
import type { Mail } from '../ports/mailer.ts';

interface Words {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

interface Token {
  readonly token: string;
  /** The storefront; undefined where there is none, or nobody has said where. */
  readonly shopUrl: string | undefined;
}

const RESET: Words = {
  subject: 'Choose a new password',
  before: 'Somebody, hopefully you, asked for a new password for your account.',
  after: 'This works once, within an hour. If you did not ask for it, you need not do anything: your password stays.',
};

const VERIFY: Words = {
  subject: 'Confirm your e-mail address',
  before: 'An account was opened with this e-mail address.',
  after: 'This works once, within a day. If the account is not yours, you need not do anything.',
};

/** Behind a `#`, which browsers keep to themselves, so that the token is in no log on the way. */
const pageFor = (shopUrl: string, page: string, token: string): string =>
  `${shopUrl.replace(/\/+$/, '')}/${page}#token=${token}`;

export const resetMail = (to: EmailAddress, { token, shopUrl }: Token): Mail =>
  shopUrl === undefined
    ? mail(to, RESET, 'Send this token with your new password to POST /api/v1/auth/password/reset:', { token })
    : mail(to, RESET, 'Choose a new one here:', { link: pageFor(shopUrl, 'reset-password', token) });

export const verificationMail = (to: EmailAddress, { token, shopUrl }: Token): Mail =>
  shopUrl === undefined
    ? mail(to, VERIFY, 'Send this token to POST /api/v1/auth/email/verify to confirm that it is yours:', { token })
    : mail(to, VERIFY, 'Confirm here that it is yours:', { link: pageFor(shopUrl, 'verify-email', token) });

export const passwordChangedMail = (to: EmailAddress): Mail =>
  notice(to, 'Your password was changed', 'The password of your account was changed, and its other sessions ended.');

export const secondFactorAddedMail = (to: EmailAddress): Mail =>
  notice(to, 'Your second factor is on', 'Signing in to your account takes a code of an authenticator from now on.');

export const secondFactorRemovedMail = (to: EmailAddress): Mail =>
  notice(to, 'Your second factor was removed', 'Signing in to your account takes the password alone from now on.');

type Means = { readonly token: string } | { readonly link: string };

function mail(to: EmailAddress, { subject, before, after }: Words, what: string, means: Means): Mail {
  const plain = 'link' in means ? means.link : means.token;
  const safe = escaped(plain);
  const shown = 'link' in means ? `<a href="${safe}">${safe}</a>` : `<code>${safe}</code>`;
  return {
    to,
    subject,
    text: `${before}\n\n${what}\n\n${plain}\n\n${after}\n`,
    html: `<p>${escaped(before)}</p><p>${escaped(what)}</p><p>${shown}</p><p>${escaped(after)}</p>`,
  };
}

function notice(to: EmailAddress, subject: string, what: string): Mail {
  const otherwise = 'If that was not you, choose a new password at once.';
  return {
    to,
    subject,
    text: `${what}\n\n${otherwise}\n`,
    html: `<p>${escaped(what)}</p><p>${escaped(otherwise)}</p>`,
  };
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, found => `&#${found.charCodeAt(0)};`);
