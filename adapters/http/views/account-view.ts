import Joi from 'joi';
import type { SignedIn } from '../../../application/identity/session-tokens.ts';
import type { AddressSnapshot } from '../../../domain/identity/address.ts';
import type { UserSnapshot } from '../../../domain/identity/user.ts';
import { time, uuid, version } from '../schemas.ts';
import { postalAddressFields, postalAddressView } from './order-view.ts';

const userFields = {
  id: uuid.required(),
  email: Joi.string().required(),
  email_verified: Joi.boolean().required(),
  name: Joi.string().allow(null).required(),
  role: Joi.string().required(),
  version: version.required(),
  created_at: time.required(),
};

export const userSchema = Joi.object(userFields).meta({ name: 'User' });

export const userView = (user: UserSnapshot) => ({
  id: user.id,
  email: user.email,
  email_verified: user.emailVerifiedAt !== null,
  name: user.name,
  role: user.role,
  version: user.version,
  created_at: user.createdAt,
});

export const staffUserSchema = Joi.object({ ...userFields, disabled: Joi.boolean().required() }).meta({
  name: 'StaffUser',
});

export const staffUserView = (user: UserSnapshot) => ({ ...userView(user), disabled: user.disabled });

export const signedInSchema = Joi.object({
  access_token: Joi.string().required(),
  token_type: Joi.string().valid('Bearer').required(),
  expires_in: Joi.number().integer().required().description('Seconds.'),
  refresh_token: Joi.string().required().description('Good for one renewal.'),
  refresh_expires_in: Joi.number().integer().required().description('Seconds.'),
  user: userSchema.required(),
}).meta({ name: 'SignedIn' });

export const signedInView = (signedIn: SignedIn) => ({
  access_token: signedIn.accessToken,
  token_type: 'Bearer',
  expires_in: signedIn.expiresIn,
  refresh_token: signedIn.refreshToken,
  refresh_expires_in: signedIn.refreshExpiresIn,
  user: userView(signedIn.user),
});

export const addressSchema = Joi.object({
  id: uuid.required(),
  ...postalAddressFields,
  version: version.required(),
}).meta({ name: 'SavedAddress' });

export const addressView = (address: AddressSnapshot) => ({
  id: address.id,
  ...postalAddressView(address),
  version: address.version,
});
