import Joi from 'joi';
import type { AdministerUser } from '../../../application/identity/administer-user.ts';
import type { RemoveSecondFactor } from '../../../application/identity/remove-second-factor.ts';
import type { RevokeSessions } from '../../../application/identity/revoke-sessions.ts';
import type { UserQueries } from '../../../application/ports/user-queries.ts';
import { Role } from '../../../domain/identity/permissions.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { list, none, one, type Route, route } from '../route.ts';
import { idParams, time } from '../schemas.ts';
import { staffUserSchema, staffUserView } from '../views/account-view.ts';

export interface StaffUserUseCases {
  readonly administerUser: AdministerUser;
  readonly revokeSessions: RevokeSessions;
  readonly removeSecondFactor: RemoveSecondFactor;
  readonly users: UserQueries;
}

export const staffUserRoutes = (use: StaffUserUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/admin/users',
    name: 'listUsers',
    tag: 'Users, for staff',
    summary: 'All accounts, the newest first',
    access: 'users:read',
    query: Joi.object<PageQuery>(pageQuery),
    answers: { 200: list(staffUserSchema, pageMeta) },
    handle: async request => {
      const page = await use.users.list(pageRequest('users', request));
      return pageAnswer('users', request, page, staffUserView);
    },
  }),
  route({
    method: 'PATCH',
    path: '/admin/users/{id}',
    name: 'administerUser',
    tag: 'Users, for staff',
    summary: 'Change somebody’s role, or lock them out; their sessions end',
    access: 'users:write',
    params: idParams,
    body: Joi.object<{ role?: string; disabled?: boolean }>({
      role: Joi.string().max(40),
      disabled: Joi.boolean(),
    }).min(1),
    answers: { 200: one(staffUserSchema) },
    handle: async ({ params, body, userId, rights, ifMatch }) => {
      const role = body.role === undefined ? undefined : Role(body.role);
      const changes = { role, disabled: body.disabled, expectedVersion: ifMatch };
      const user = await use.administerUser.execute({ userId: UserId(params.id), by: userId, rights, ...changes });
      return { status: 200, data: staffUserView(user), version: user.version };
    },
  }),
  route({
    method: 'POST',
    path: '/admin/users/{id}/revoke-sessions',
    name: 'revokeSessionsOfUser',
    tag: 'Users, for staff',
    summary: 'Sign somebody out everywhere',
    access: 'users:write',
    params: idParams,
    answers: { 204: none },
    handle: async ({ params, rights }) => {
      await use.revokeSessions.ofUser({ userId: UserId(params.id), rights });
      return { status: 204 };
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/users/{id}/mfa',
    name: 'removeSecondFactorOfUser',
    tag: 'Users, for staff',
    summary: 'Take away somebody’s second factor, when they have lost it; they are signed out, and told by mail',
    access: 'users:write',
    params: idParams,
    answers: { 204: none },
    handle: async ({ params, rights }) => {
      await use.removeSecondFactor.execute({ userId: UserId(params.id), rights });
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/admin/sessions/revoke',
    name: 'revokeSessionsOfEverybody',
    tag: 'Users, for staff',
    summary: 'Sign out everybody who signed in, or last renewed, before a moment: yourself, too',
    access: 'users:write',
    body: Joi.object<{ issued_before?: string }>({ issued_before: time.description('Now, when left out.') }),
    answers: { 204: none },
    handle: async ({ body, rights }) => {
      const { issued_before: moment } = body;
      const issuedBefore = moment === undefined ? undefined : new Date(moment);
      await use.revokeSessions.ofEverybody({ issuedBefore, rights });
      return { status: 204 };
    },
  }),
];
