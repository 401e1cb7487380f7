import Joi from 'joi';
import type { AuditLog } from '../../../application/ports/audit-log.ts';
import type { AuditOutcome } from '../../../application/ports/audit-trail.ts';
import { UserId } from '../../../domain/shared/ids.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { list, type Route, route } from '../route.ts';
import { text, uuid } from '../schemas.ts';
import { auditEntrySchema, auditEntryView } from '../views/audit-view.ts';

interface AuditQuery extends PageQuery {
  readonly action?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly outcome?: AuditOutcome;
  readonly from?: Date;
  readonly to?: Date;
}

export const auditRoutes = ({ auditLog }: { readonly auditLog: AuditLog }): Route[] => [
  route({
    method: 'GET',
    path: '/admin/audit-log',
    name: 'listAuditLog',
    tag: 'System',
    summary: 'Who did what, to what, when and from where; the newest first',
    access: 'audit:read',
    query: Joi.object<AuditQuery>({
      ...pageQuery,
      action: text(100).description('The name of a route, or of something that happened, such as `sign-in.failed`.'),
      actor: uuid.description('The user who did it.'),
      subject: text(100).description('The id of what it was done to.'),
      outcome: Joi.string().valid('done', 'refused'),
      from: Joi.date().iso().description('At this time or later.'),
      to: Joi.date().iso().description('Before this time.'),
    }),
    answers: { 200: list(auditEntrySchema, pageMeta) },
    handle: async request => {
      const { action, actor, subject, outcome, from, to } = request.query;
      const actorId = actor === undefined ? undefined : UserId(actor);
      const criteria = { action, actorId, subjectId: subject, outcome, from, to };
      const page = await auditLog.list(criteria, pageRequest('audit-log', request));
      return pageAnswer('audit-log', request, page, auditEntryView);
    },
  }),
];
