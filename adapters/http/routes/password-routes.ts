import Joi from 'joi';
import type { ChangePassword } from '../../../application/identity/change-password.ts';
import { none, type Route, route } from '../route.ts';
import { passwordField } from '../schemas.ts';

export interface PasswordUseCases {
  readonly changePassword: ChangePassword;
}

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
    handle: async ({ body, userId, caller }) => {
      const { current_password: currentPassword, new_password: newPassword } = body;
      await use.changePassword.execute({ userId, currentPassword, newPassword, accessTokenId: caller!.id });
      return { status: 204 };
    },
  }),
];
