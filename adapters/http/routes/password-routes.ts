import Joi from 'joi';
import type { AskForMail } from '../../../application/identity/ask-for-mail.ts';
import type { ChangePassword } from '../../../application/identity/change-password.ts';
import type { ResetPassword } from '../../../application/identity/reset-password.ts';
import type { VerifyEmail } from '../../../application/identity/verify-email.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { none, one, type Route, route } from '../route.ts';
import { emailField, passwordField } from '../schemas.ts';

export interface PasswordUseCases {
  readonly changePassword: ChangePassword;
  readonly askForMail: AskForMail;
  readonly resetPassword: ResetPassword;
  readonly verifyEmail: VerifyEmail;
}

const tokenField = Joi.string().min(1).max(200);

/** Says as little as can be: whether there is such an account, and whether a mail is sent, stays unsaid. */
const asked = one(Joi.object({ asked: Joi.boolean().valid(true).required() }));
const ASKED = { status: 202, data: { asked: true } } as const;

/** Passwords, and the mails that prove whose an account is. */
export const passwordRoutes = (use: PasswordUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/auth/password',
    name: 'changePassword',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Change the password; all other sessions end',
    access: 'customer',
    idempotency: 'ignored',
    body: Joi.object<{ current_password: string; new_password: string }>({
      current_password: passwordField.required(),
      new_password: passwordField.required(),
    }),
    answers: { 204: none },
    errors: ['INVALID_CREDENTIALS'],
    handle: async ({ body, userId, caller, network }) => {
      const { current_password: currentPassword, new_password: newPassword } = body;
      await use.changePassword.execute({ userId, currentPassword, newPassword, accessTokenId: caller!.id, network });
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/password/forgot',
    name: 'forgotPassword',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Ask for a mail to choose a new password; the answer is the same for an address that nobody has',
    access: 'public',
    idempotency: 'ignored',
    body: Joi.object<{ email: string }>({ email: emailField.required() }),
    answers: { 202: asked },
    handle: async ({ body }) => {
      await use.askForMail.toResetPassword({ email: EmailAddress(body.email) });
      return ASKED;
    },
  }),
  route({
    method: 'POST',
    path: '/auth/password/reset',
    name: 'resetPassword',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Choose a new password with the token from the mail; all sessions end',
    access: 'public',
    idempotency: 'ignored',
    body: Joi.object<{ token: string; new_password: string }>({
      token: tokenField.required(),
      new_password: passwordField.required(),
    }),
    answers: { 204: none },
    errors: ['TOKEN_INVALID'],
    handle: async ({ body, network }) => {
      await use.resetPassword.execute({ token: body.token, newPassword: body.new_password, network });
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/email/verify',
    name: 'verifyEmail',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Confirm the e-mail address with the token from the mail',
    access: 'public',
    idempotency: 'ignored',
    body: Joi.object<{ token: string }>({ token: tokenField.required() }),
    answers: { 204: none },
    errors: ['TOKEN_INVALID'],
    handle: async ({ body }) => {
      await use.verifyEmail.execute({ token: body.token });
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/email/verification',
    name: 'askToVerifyEmail',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Ask for another mail to confirm your e-mail address',
    access: 'customer',
    idempotency: 'ignored',
    answers: { 202: asked },
    handle: async ({ userId }) => {
      await use.askForMail.toVerifyEmail({ userId });
      return ASKED;
    },
  }),
];
