import Joi from 'joi';
import type { ApiKeySnapshot } from '../../../domain/identity/api-key.ts';
import { type Permission, PERMISSIONS } from '../../../domain/identity/permissions.ts';
import type { RoleSnapshot } from '../../../domain/identity/role-bundle.ts';
import { time, uuid, version } from '../schemas.ts';

export const permissions = Joi.array<Permission[]>()
  .items(Joi.string().valid(...PERMISSIONS))
  .unique();

export const roleSchema = Joi.object({
  name: Joi.string().required(),
  permissions: permissions.required(),
  built_in: Joi.boolean().required(),
  version: version.required(),
}).meta({ name: 'Role' });

export const roleView = ({ name, permissions: listed, builtIn, version: current }: RoleSnapshot) => ({
  name,
  permissions: listed,
  built_in: builtIn,
  version: current,
});

const apiKeyFields = {
  id: uuid.required(),
  user_id: uuid.required().description('In whose name it acts.'),
  name: Joi.string().required(),
  permissions: permissions.required(),
  created_at: time.required(),
  last_used_at: time.allow(null).required().description('To the minute.'),
  expires_at: time.allow(null).required(),
  revoked_at: time.allow(null).required(),
};

export const apiKeySchema = Joi.object(apiKeyFields).meta({ name: 'ApiKey' });

export const newApiKeySchema = Joi.object({
  ...apiKeyFields,
  secret: Joi.string().required().description('Shown this once: send it as `Authorization: Bearer <secret>`.'),
}).meta({ name: 'NewApiKey' });

export const apiKeyView = (key: ApiKeySnapshot) => ({
  id: key.id,
  user_id: key.ownerId,
  name: key.name,
  permissions: key.permissions,
  created_at: key.createdAt,
  last_used_at: key.lastUsedAt,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
});
