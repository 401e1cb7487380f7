import Joi from 'joi';
import type { ManageApiKeys } from '../../../application/identity/manage-api-keys.ts';
import type { ApiKeyQueries } from '../../../application/ports/api-keys.ts';
import type { Permission } from '../../../domain/identity/permissions.ts';
import { ApiKeyId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { list, none, one, type Route, route } from '../route.ts';
import { idParams, text, time } from '../schemas.ts';
import { apiKeySchema, apiKeyView, newApiKeySchema, permissions } from '../views/access-view.ts';

export interface ApiKeyUseCases {
  readonly manageApiKeys: ManageApiKeys;
  readonly apiKeys: ApiKeyQueries;
}

interface NewKeyBody {
  readonly name: string;
  readonly permissions: Permission[];
  readonly expires_at?: string | null;
}

/** Keys for machines, which act in the name of whoever made them. */
export const apiKeyRoutes = (use: ApiKeyUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/admin/api-keys',
    name: 'listApiKeys',
    tag: 'Roles and API keys',
    summary: 'All API keys, the newest first, without their secrets',
    access: 'api-keys:write',
    query: Joi.object<PageQuery>(pageQuery),
    answers: { 200: list(apiKeySchema, pageMeta) },
    handle: async request => {
      const page = await use.apiKeys.list(pageRequest('api-keys', request));
      return pageAnswer('api-keys', request, page, apiKeyView);
    },
  }),
  route({
    method: 'POST',
    path: '/admin/api-keys',
    name: 'makeApiKey',
    tag: 'Roles and API keys',
    summary: 'Make an API key with some of your permissions; its secret is shown this once',
    access: 'api-keys:write',
    idempotency: 'ignored',
    body: Joi.object<NewKeyBody>({
      name: text(100).required(),
      permissions: permissions.min(1).required(),
      expires_at: time.allow(null).description('Never, when left out.'),
    }),
    answers: { 201: one(newApiKeySchema) },
    handle: async ({ body, userId, rights }) => {
      const { name, permissions: listed, expires_at: end } = body;
      const expiresAt = end === undefined || end === null ? null : new Date(end);
      const facts = { name, permissions: listed, expiresAt };
      const { key, secret } = await use.manageApiKeys.make({ ...facts, by: userId, rights });
      return { status: 201, data: { ...apiKeyView(key), secret } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/api-keys/{id}',
    name: 'revokeApiKey',
    tag: 'Roles and API keys',
    summary: 'Revoke an API key, from its next request on',
    access: 'api-keys:write',
    params: idParams,
    answers: { 204: none },
    handle: async ({ params, userId, rights }) => {
      await use.manageApiKeys.revoke({ id: ApiKeyId(params.id), by: userId, rights });
      return { status: 204 };
    },
  }),
];
