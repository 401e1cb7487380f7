import Joi from 'joi';
import type { AccountExport } from '../../../application/identity/export-account.ts';
import type { SessionFacts } from '../../../application/ports/user-queries.ts';
import { time, uuid } from '../schemas.ts';
import { addressSchema, addressView, userSchema, userView } from './account-view.ts';
import { cartSchema, cartView } from './cart-view.ts';
import { orderSchema, orderView } from './order-view.ts';

const sessionSchema = Joi.object({
  id: uuid.required(),
  started_at: time.required(),
  expires_at: time.required(),
  ended_at: time.allow(null).required(),
}).meta({ name: 'Session' });

const sessionView = ({ id, startedAt, expiresAt, endedAt }: SessionFacts) => ({
  id,
  started_at: startedAt,
  expires_at: expiresAt,
  ended_at: endedAt,
});

export const exportSchema = Joi.object({
  profile: userSchema.required(),
  addresses: Joi.array().items(addressSchema).required(),
  sessions: Joi.array().items(sessionSchema).required().description('Without what opens them.'),
  cart: cartSchema.allow(null).required(),
  orders: Joi.array().items(orderSchema).required(),
}).meta({ name: 'AccountExport' });

export const exportView = ({ profile, addresses, sessions, cart, orders }: AccountExport) => ({
  profile: userView(profile),
  addresses: addresses.map(addressView),
  sessions: sessions.map(sessionView),
  cart: cart && cartView(cart),
  orders: orders.map(orderView),
});
