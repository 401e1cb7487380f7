import Joi from 'joi';
import type { AddressBook } from '../../../application/identity/address-book.ts';
import type { ChangePassword } from '../../../application/identity/change-password.ts';
import type { Login } from '../../../application/identity/login.ts';
import type { Logout } from '../../../application/identity/logout.ts';
import type { RefreshSession } from '../../../application/identity/refresh-session.ts';
import type { Register } from '../../../application/identity/register.ts';
import type { UpdateProfile } from '../../../application/identity/update-profile.ts';
import type { AccessTokens } from '../../../application/ports/access-tokens.ts';
import type { UserQueries } from '../../../application/ports/user-queries.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { AddressId } from '../../../domain/shared/ids.ts';
import { list, none, one, raw, type Route, route } from '../route.ts';
import { address, type AddressBody, addressFields, idParams, text } from '../schemas.ts';
import {
  addressSchema,
  addressView,
  signedInSchema,
  signedInView,
  userSchema,
  userView,
} from '../views/account-view.ts';
import { postalAddress, postalAddressChanges } from './postal-address.ts';

export interface AccountUseCases {
  readonly register: Register;
  readonly login: Login;
  readonly refreshSession: RefreshSession;
  readonly logout: Logout;
  readonly changePassword: ChangePassword;
  readonly updateProfile: UpdateProfile;
  readonly addressBook: AddressBook;
  readonly users: UserQueries;
  readonly accessTokens: AccessTokens;
}

/** The longest text taken as a password; the domain counts characters, this only bounds the work. */
const password = Joi.string().min(1).max(512);
const email = Joi.string().max(320);

export const accountRoutes = (use: AccountUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/auth/register',
    name: 'register',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Open an account',
    access: 'public',
    body: Joi.object<{ email: string; password: string; name?: string | null }>({
      email: email.required(),
      password: password.required().description('8 to 128 characters of any kind.'),
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
      email: email.required(),
      password: password.required(),
      otp: Joi.string().max(20),
    }),
    answers: { 200: one(signedInSchema) },
    errors: ['INVALID_CREDENTIALS'],
    handle: async ({ body, cartToken }) => {
      const command = { email: EmailAddress(body.email), password: body.password, cartToken };
      return { status: 200, data: signedInView(await use.login.execute(command)) };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/refresh',
    name: 'refreshSession',
    rate: 'sign-in',
    tag: 'Account',
    summary: 'Trade a refresh token for a new pair of tokens',
    access: 'public',
    idempotency: 'ignored',
    body: Joi.object<{ refresh_token: string }>({ refresh_token: Joi.string().max(200).required() }),
    answers: { 200: one(signedInSchema) },
    errors: ['UNAUTHENTICATED', 'REFRESH_TOKEN_REUSED'],
    handle: async ({ body }) => ({
      status: 200,
      data: signedInView(await use.refreshSession.execute({ refreshToken: body.refresh_token })),
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
      await use.logout.execute({ accessToken: { id: caller!.id, expiresAt: caller!.expiresAt } });
      return { status: 204 };
    },
  }),
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
      current_password: password.required(),
      new_password: password.required(),
    }),
    answers: { 204: none },
    errors: ['INVALID_CREDENTIALS'],
    handle: async ({ body, userId, caller }) => {
      const { current_password: currentPassword, new_password: newPassword } = body;
      await use.changePassword.execute({ userId, currentPassword, newPassword, accessTokenId: caller!.id });
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
  route({
    method: 'GET',
    path: '/users/me',
    name: 'showProfile',
    tag: 'Account',
    summary: 'Your profile',
    access: 'customer',
    answers: { 200: one(userSchema) },
    handle: async ({ userId }) => {
      const user = await use.users.find(userId);
      if (!user) throw notFound('User');
      return { status: 200, data: userView(user), version: user.version };
    },
  }),
  route({
    method: 'PATCH',
    path: '/users/me',
    name: 'updateProfile',
    tag: 'Account',
    summary: 'Change your profile',
    access: 'customer',
    body: Joi.object<{ name: string | null }>({ name: text(200).allow(null).required() }),
    answers: { 200: one(userSchema) },
    handle: async ({ userId, body, ifMatch }) => {
      const user = await use.updateProfile.execute({ userId, name: body.name, expectedVersion: ifMatch });
      return { status: 200, data: userView(user), version: user.version };
    },
  }),
  route({
    method: 'GET',
    path: '/users/me/addresses',
    name: 'listAddresses',
    tag: 'Account',
    summary: 'Your address book',
    access: 'customer',
    answers: { 200: list(addressSchema) },
    handle: async ({ userId }) => ({ status: 200, data: (await use.users.addressesOf(userId)).map(addressView) }),
  }),
  route({
    method: 'POST',
    path: '/users/me/addresses',
    name: 'addAddress',
    tag: 'Account',
    summary: 'Add an address',
    access: 'customer',
    body: address,
    answers: { 201: one(addressSchema) },
    errors: ['RULE_VIOLATION'],
    handle: async ({ userId, body }) => {
      const saved = await use.addressBook.add({ userId, address: postalAddress(body) });
      return { status: 201, data: addressView(saved), version: saved.version };
    },
  }),
  route({
    method: 'PATCH',
    path: '/users/me/addresses/{id}',
    name: 'changeAddress',
    tag: 'Account',
    summary: 'Change an address',
    access: 'customer',
    params: idParams,
    body: Joi.object<Partial<AddressBody>>(addressFields).min(1),
    answers: { 200: one(addressSchema) },
    handle: async ({ userId, params, body, ifMatch }) => {
      const changes = postalAddressChanges(body);
      const command = { userId, addressId: AddressId(params.id), changes, expectedVersion: ifMatch };
      const saved = await use.addressBook.change(command);
      return { status: 200, data: addressView(saved), version: saved.version };
    },
  }),
  route({
    method: 'DELETE',
    path: '/users/me/addresses/{id}',
    name: 'removeAddress',
    tag: 'Account',
    summary: 'Remove an address',
    access: 'customer',
    params: idParams,
    answers: { 204: none },
    handle: async ({ userId, params, ifMatch }) => {
      await use.addressBook.remove({ userId, addressId: AddressId(params.id), expectedVersion: ifMatch });
      return { status: 204 };
    },
  }),
];
