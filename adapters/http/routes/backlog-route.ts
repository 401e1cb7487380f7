import Joi from 'joi';
import type { Backlog, Ledgers } from '../../../application/ports/ledgers.ts';
import { one, type Route, route } from '../route.ts';

const count = Joi.number().integer().min(0).required();

const partSchema = Joi.object({
  waiting: count,
  oldest_seconds: count.description('How long the oldest has waited; 0 when none does.'),
  parked: count.description('Put aside until a person looks at them; they are not counted as waiting.'),
}).meta({ name: 'BacklogPart' });

const backlogSchema = Joi.object({
  orders: partSchema.required().description('Whose money is on its way, there or back.'),
  events: partSchema.required().description('To be delivered.'),
  notices: partSchema.required().description('Of the gateway, to be read.'),
}).meta({ name: 'Backlog' });

const partView = (waiting: number, oldestSeconds: number, parked: number) => ({
  waiting,
  oldest_seconds: Math.floor(oldestSeconds),
  parked,
});

const backlogView = ({ parked, ...waiting }: Backlog) => ({
  orders: partView(waiting.unsettledOrders, waiting.oldestUnsettledSeconds, parked.orders),
  events: partView(waiting.unpublishedEvents, waiting.oldestUnpublishedSeconds, parked.events),
  notices: partView(waiting.unreadNotices, waiting.oldestUnreadSeconds, parked.notices),
});

export const backlogRoute = ({ ledgers }: { readonly ledgers: Ledgers }): Route =>
  route({
    method: 'GET',
    path: '/admin/backlog',
    name: 'showBacklog',
    tag: 'System',
    summary: 'How much work waits for the workers, and for people',
    access: 'jobs:write',
    answers: { 200: one(backlogSchema) },
    handle: async () => ({ status: 200, data: backlogView(await ledgers.backlog()) }),
  });
