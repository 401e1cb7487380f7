import Joi from 'joi';
import type { AdministerUser } from '../../../application/identity/administer-user.ts';
import type { UserQueries } from '../../../application/ports/user-queries.ts';
import { type Role, ROLES } from '../../../domain/identity/permissions.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { list, one, type Route, route } from '../route.ts';
import { idParams } from '../schemas.ts';
import { staffUserSchema, staffUserView } from '../views/account-view.ts';

export interface StaffUserUseCases {
  readonly administerUser: AdministerUser;
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
    body: Joi.object<{ role?: Role; disabled?: boolean }>({
      role: Joi.string<Role>().valid(...ROLES),
      disabled: Joi.boolean(),
    }).min(1),
    answers: { 200: one(staffUserSchema) },
    handle: async ({ params, body, userId, ifMatch }) => {
      const command = { userId: UserId(params.id), by: userId, ...body, expectedVersion: ifMatch };
      const user = await use.administerUser.execute(command);
      return { status: 200, data: staffUserView(user), version: user.version };
    },
  }),
];
