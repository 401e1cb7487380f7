import Joi from 'joi';
import type { ChangeRoles } from '../../../application/identity/change-roles.ts';
import type { RoleQueries } from '../../../application/ports/roles.ts';
import { type Permission, Role } from '../../../domain/identity/permissions.ts';
import { list, none, one, type Route, route } from '../route.ts';
import { permissions, roleSchema, roleView } from '../views/access-view.ts';

export interface RoleUseCases {
  readonly changeRoles: ChangeRoles;
  readonly roles: RoleQueries;
}

const nameParams = Joi.object<{ name: string }>({ name: Joi.string().max(40).required() });

/** Bundles of permissions; nobody reaches beyond their own. */
export const roleRoutes = (use: RoleUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/admin/roles',
    name: 'listRoles',
    tag: 'Roles and API keys',
    summary: 'All roles, with what each permits',
    access: 'users:read',
    answers: { 200: list(roleSchema) },
    handle: async () => ({ status: 200, data: (await use.roles.list()).map(roleView) }),
  }),
  route({
    method: 'POST',
    path: '/admin/roles',
    name: 'createRole',
    tag: 'Roles and API keys',
    summary: 'Add a role that permits no more than you may',
    access: 'roles:write',
    body: Joi.object<{ name: string; permissions: Permission[] }>({
      name: Joi.string().max(40).required(),
      permissions: permissions.required(),
    }),
    answers: { 201: one(roleSchema) },
    errors: ['ROLE_TAKEN'],
    handle: async ({ body, userId, rights }) => {
      const { permissions: listed } = body;
      const role = await use.changeRoles.create({ name: Role(body.name), permissions: listed, by: userId, rights });
      return { status: 201, data: roleView(role), version: role.version };
    },
  }),
  route({
    method: 'PATCH',
    path: '/admin/roles/{name}',
    name: 'changeRole',
    tag: 'Roles and API keys',
    summary: 'Change what a role permits, from the next request of whoever has it',
    access: 'roles:write',
    params: nameParams,
    body: Joi.object<{ permissions: Permission[] }>({ permissions: permissions.required() }),
    answers: { 200: one(roleSchema) },
    errors: ['ROLE_BUILT_IN'],
    handle: async ({ params, body, userId, rights, ifMatch }) => {
      const command = { name: Role(params.name), permissions: body.permissions, by: userId, rights };
      const role = await use.changeRoles.change({ ...command, expectedVersion: ifMatch });
      return { status: 200, data: roleView(role), version: role.version };
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/roles/{name}',
    name: 'deleteRole',
    tag: 'Roles and API keys',
    summary: 'Delete a role that nobody has',
    access: 'roles:write',
    params: nameParams,
    answers: { 204: none },
    errors: ['ROLE_BUILT_IN', 'ROLE_IN_USE'],
    handle: async ({ params, userId, rights, ifMatch }) => {
      await use.changeRoles.remove({ name: Role(params.name), by: userId, rights, expectedVersion: ifMatch });
      return { status: 204 };
    },
  }),
];
