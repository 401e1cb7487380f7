import Joi from 'joi';
import type { AddressBook } from '../../../application/identity/address-book.ts';
import type { EraseAccount } from '../../../application/identity/erase-account.ts';
import type { ExportAccount } from '../../../application/identity/export-account.ts';
import type { UpdateProfile } from '../../../application/identity/update-profile.ts';
import type { UserQueries } from '../../../application/ports/user-queries.ts';
import { accountGone } from '../../../application/identity/account-gone.ts';
import { AddressId } from '../../../domain/shared/ids.ts';
import { list, none, one, type Route, route } from '../route.ts';
import { address, type AddressBody, addressFields, idParams, text } from '../schemas.ts';
import { addressSchema, addressView, userSchema, userView } from '../views/account-view.ts';
import { exportSchema, exportView } from '../views/export-view.ts';
import { postalAddress, postalAddressChanges } from './postal-address.ts';

export interface ProfileUseCases {
  readonly updateProfile: UpdateProfile;
  readonly addressBook: AddressBook;
  readonly eraseAccount: EraseAccount;
  readonly exportAccount: ExportAccount;
  readonly users: UserQueries;
}

/** What the shop knows of a customer, for that customer. */
export const profileRoutes = (use: ProfileUseCases): Route[] => [
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
      if (!user) throw accountGone();
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
    method: 'DELETE',
    path: '/users/me',
    name: 'eraseAccount',
    tag: 'Account',
    summary: 'Erase your account and all personal data for good; orders stay without it',
    access: 'customer',
    answers: { 204: none },
    errors: ['LAST_ADMINISTRATOR'],
    handle: async ({ userId }) => {
      await use.eraseAccount.execute({ userId });
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/users/me/export',
    name: 'exportAccount',
    tag: 'Account',
    summary: 'Everything that is stored about you',
    access: 'customer',
    answers: { 200: one(exportSchema) },
    handle: async ({ userId }) => ({ status: 200, data: exportView(await use.exportAccount.execute({ userId })) }),
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
