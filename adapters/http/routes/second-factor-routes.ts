import Joi from 'joi';
import type { SetUpSecondFactor } from '../../../application/identity/set-up-second-factor.ts';
import { none, one, type Route, route } from '../route.ts';
import { otpField } from '../schemas.ts';

const otpBody = Joi.object<{ otp: string }>({ otp: otpField.required() });

export const secondFactorRoutes = ({ setUpSecondFactor }: { setUpSecondFactor: SetUpSecondFactor }): Route[] => [
  route({
    method: 'POST',
    path: '/auth/mfa/totp',
    name: 'enrolSecondFactor',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Get a secret for an authenticator; nothing is asked for until it is confirmed',
    access: 'customer',
    idempotency: 'ignored',
    answers: {
      201: one(
        Joi.object({
          secret: Joi.string().required().description('Base32, to be typed in.'),
          otpauth_url: Joi.string().required().description('The same, to be shown as a QR code.'),
        }),
      ),
    },
    errors: ['INVALID_TRANSITION'],
    handle: async ({ userId }) => {
      const { secret, url } = await setUpSecondFactor.enrol({ userId });
      return { status: 201, data: { secret, otpauth_url: url } };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/mfa/totp/confirm',
    name: 'confirmSecondFactor',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Switch the second factor on with a first code of the authenticator; shows the recovery codes once',
    access: 'customer',
    idempotency: 'ignored',
    body: otpBody,
    answers: { 200: one(Joi.object({ recovery_codes: Joi.array().items(Joi.string()).required() })) },
    errors: ['INVALID_CREDENTIALS', 'INVALID_TRANSITION', 'NOT_FOUND'],
    handle: async ({ userId, body, caller }) => {
      const codes = await setUpSecondFactor.confirm({ userId, otp: body.otp, accessTokenId: caller!.id });
      return { status: 200, data: { recovery_codes: codes } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/auth/mfa/totp',
    name: 'removeSecondFactor',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Switch the second factor off with a code of it, or a recovery code',
    access: 'customer',
    body: otpBody,
    answers: { 204: none },
    errors: ['INVALID_CREDENTIALS', 'NOT_FOUND'],
    handle: async ({ userId, body, network }) => {
      await setUpSecondFactor.remove({ userId, otp: body.otp, network });
      return { status: 204 };
    },
  }),
];
