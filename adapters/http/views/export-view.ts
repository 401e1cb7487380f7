import Joi from 'joi';
import type { AuditEntry } from '../../../application/audit/sealed-entry.ts';
import type { AccountExport } from '../../../application/identity/export-account.ts';
import type { SessionFacts } from '../../../application/ports/user-queries.ts';
import { time, uuid } from '../schemas.ts';
import { apiKeySchema, apiKeyView } from './access-view.ts';
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

const activitySchema = Joi.object({
  at: time.required(),
  action: Joi.string().required(),
  outcome: Joi.string().required(),
  address: Joi.string().allow(null).required(),
}).meta({ name: 'Activity' });

const activityView = ({ at, action, outcome, address }: AuditEntry) => ({ at, action, outcome, address });

export const exportSchema = Joi.object({
  profile: userSchema.required(),
  addresses: Joi.array().items(addressSchema).required(),
  sessions: Joi.array().items(sessionSchema).required().description('Without what opens them.'),
  cart: cartSchema.allow(null).required(),
  orders: Joi.array().items(orderSchema).required(),
  api_keys: Joi.array().items(apiKeySchema).required(),
  second_factor: Joi.boolean().required().description('Whether one is on.'),
  activity: Joi.array()
    .items(activitySchema)
    .required()
    .description('What the audit log says of you and of what you did, the newest first.'),
}).meta({ name: 'AccountExport' });

export const exportView = (known: AccountExport) => ({
  profile: userView(known.profile),
  addresses: known.addresses.map(addressView),
  sessions: known.sessions.map(sessionView),
  cart: known.cart && cartView(known.cart),
  orders: known.orders.map(orderView),
  api_keys: known.apiKeys.map(apiKeyView),
  second_factor: known.secondFactorIsOn,
  activity: known.activity.map(activityView),
});
