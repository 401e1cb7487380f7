import Joi from 'joi';
import type { Login } from '../../../application/identity/login.ts';
import type { Logout } from '../../../application/identity/logout.ts';
import type { RefreshSession } from '../../../application/identity/refresh-session.ts';
import type { Register } from '../../../application/identity/register.ts';
import type { AccessTokens } from '../../../application/ports/access-tokens.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { none, one, raw, type Route, route } from '../route.ts';
import { emailField, otpField, passwordField, text } from '../schemas.ts';
import { signedInSchema, signedInView, userSchema, userView } from '../views/account-view.ts';

export interface SignInUseCases {
  readonly register: Register;
  readonly login: Login;
  readonly refreshSession: RefreshSession;
  readonly logout: Logout;
  readonly accessTokens: AccessTokens;
}

/** Opening an account, and coming and going. */
export const signInRoutes = (use: SignInUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/auth/register',
    name: 'register',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Open an account',
    access: 'public',
    // The answer would be kept for the holder of a cart, where erasing the account would not find it.
    idempotency: 'ignored',
    body: Joi.object<{ email: string; password: string; name?: string | null }>({
      email: emailField.required(),
      password: passwordField.required().description('8 to 128 characters of any kind, and not easy to guess.'),
      name: text(200).allow(null),
    }),
    answers: { 201: one(userSchema) },
    errors: ['EMAIL_TAKEN'],
    handle: async ({ body }) => {
      const command = { email: EmailAddress(body.email), password: body.password, name: body.name ?? null };
      return { status: 201, data: userView(await use.register.execute(command)), location: '/api/v1/users/me' };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/login',
    name: 'login',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Sign in; a cart token in X-Cart-Token takes that cart along',
    access: 'public',
    idempotency: 'ignored',
    body: Joi.object<{ email: string; password: string; otp?: string }>({
      email: emailField.required(),
      password: passwordField.required(),
      otp: otpField.description('A code of the second factor, or a recovery code, where it is on.'),
    }),
    answers: { 200: one(signedInSchema) },
    errors: ['INVALID_CREDENTIALS', 'MFA_REQUIRED'],
    handle: async ({ body, cartToken, network }) => {
      const command = { ...body, email: EmailAddress(body.email), cartToken, network };
      return { status: 200, data: signedInView(await use.login.execute(command)) };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/refresh',
    name: 'refreshSession',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Trade a refresh token for a new pair of tokens; with the same key, within a minute, for the same again',
    access: 'public',
    idempotency: 'derived',
    body: Joi.object<{ refresh_token: string }>({ refresh_token: Joi.string().max(200).required() }),
    answers: { 200: one(signedInSchema) },
    errors: ['UNAUTHENTICATED', 'REFRESH_TOKEN_REUSED'],
    handle: async ({ body, idempotencyKey: key }) => ({
      status: 200,
      data: signedInView(await use.refreshSession.execute({ refreshToken: body.refresh_token, key })),
    }),
  }),
  route({
    method: 'POST',
    path: '/auth/logout',
    name: 'logout',
    tag: 'Account',
    summary: 'End this session: its access and refresh tokens',
    access: 'customer',
    idempotency: 'ignored',
    answers: { 204: none },
    handle: async ({ caller }) => {
      const { issuer, id, expiresAt } = caller!;
      await use.logout.execute({ accessToken: { issuer, id, expiresAt } });
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/.well-known/jwks.json',
    atRoot: true,
    name: 'signingKeys',
    tag: 'Account',
    summary: 'The public keys that access tokens verify with',
    access: 'public',
    caching: 'public',
    answers: { 200: raw(Joi.object({ keys: Joi.array().items(Joi.object().unknown()).required() })) },
    handle: () => ({ status: 200, raw: use.accessTokens.publicKeys() }),
  }),
];
