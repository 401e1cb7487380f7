import Joi from 'joi';
import type { CancelOrder } from '../../../application/ordering/cancel-order.ts';
import type { FulfilOrder } from '../../../application/ordering/fulfil-order.ts';
import type { RefundOrder } from '../../../application/ordering/refund-order.ts';
import type { ResumeOrder } from '../../../application/ordering/resume-order.ts';
import type { OrderQueries } from '../../../application/ports/order-queries.ts';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import type { OrderState } from '../../../domain/ordering/order-states.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { OrderId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { type Answer, list, one, type Route, route } from '../route.ts';
import { idParams, money, type MoneyBody, optionalText, text } from '../schemas.ts';
import { staffOrderSchema, staffOrderView } from '../views/order-view.ts';

export interface StaffOrderUseCases {
  readonly cancelOrder: CancelOrder;
  readonly fulfilOrder: FulfilOrder;
  readonly refundOrder: RefundOrder;
  readonly resumeOrder: ResumeOrder;
  readonly orders: OrderQueries;
}

interface StaffOrderQuery extends PageQuery {
  readonly status?: OrderState;
  readonly from?: Date;
  readonly to?: Date;
  readonly email?: string;
  readonly order_number?: string;
}

const answer = (order: OrderSnapshot): Answer => ({ status: 200, data: staffOrderView(order), version: order.version });

const showing =
  ({ orders }: StaffOrderUseCases) =>
  async ({ params }: { readonly params: { readonly id: string } }): Promise<Answer> => {
    const order = await orders.find(OrderId(params.id));
    if (!order) throw notFound('Order');
    return answer(order);
  };

export const staffOrderRoutes = (use: StaffOrderUseCases): Route[] => [
  route({
    method: 'GET',
    path: '/admin/orders',
    name: 'listAllOrders',
    tag: 'Orders, for staff',
    summary: 'All orders, the newest first',
    access: 'orders:read',
    query: Joi.object<StaffOrderQuery>({
      ...pageQuery,
      status: Joi.string<OrderState>().valid('PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED'),
      from: Joi.date().iso().description('Placed at this time or later.'),
      to: Joi.date().iso().description('Placed before this time.'),
      email: Joi.string().max(320),
      order_number: text(20),
    }),
    answers: { 200: list(staffOrderSchema, pageMeta) },
    handle: async request => {
      const { status, from, to, email, order_number: number } = request.query;
      const criteria = { state: status, from, to, email: email && EmailAddress(email), number: number?.toUpperCase() };
      const page = await use.orders.list(criteria, pageRequest('admin-orders', request));
      return pageAnswer('admin-orders', request, page, staffOrderView);
    },
  }),
  route({
    method: 'GET',
    path: '/admin/orders/{id}',
    name: 'showAnyOrder',
    tag: 'Orders, for staff',
    summary: 'One order',
    access: 'orders:read',
    params: idParams,
    answers: { 200: one(staffOrderSchema) },
    handle: showing(use),
  }),
  route({
    method: 'POST',
    path: '/admin/orders/{id}/ship',
    name: 'shipOrder',
    tag: 'Orders, for staff',
    summary: 'A paid order has left the building',
    access: 'orders:write',
    params: idParams,
    body: Joi.object<{ carrier?: string | null; tracking_number?: string | null }>({
      carrier: optionalText(100),
      tracking_number: optionalText(100),
    }),
    answers: { 200: one(staffOrderSchema) },
    errors: ['INVALID_TRANSITION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, body, userId, ifMatch }) => {
      const shipment = { carrier: body.carrier || null, trackingNumber: body.tracking_number || null };
      const move = { orderId: OrderId(params.id), by: userId, expectedVersion: ifMatch };
      return answer(await use.fulfilOrder.ship({ ...move, shipment }));
    },
  }),
  route({
    method: 'POST',
    path: '/admin/orders/{id}/deliver',
    name: 'deliverOrder',
    tag: 'Orders, for staff',
    summary: 'A shipped order has arrived',
    access: 'orders:write',
    params: idParams,
    body: Joi.object({}),
    answers: { 200: one(staffOrderSchema) },
    errors: ['INVALID_TRANSITION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, userId, ifMatch }) =>
      answer(await use.fulfilOrder.deliver({ orderId: OrderId(params.id), by: userId, expectedVersion: ifMatch })),
  }),
  route({
    method: 'POST',
    path: '/admin/orders/{id}/cancel',
    name: 'cancelAnyOrder',
    tag: 'Orders, for staff',
    summary: 'Cancel an order that has not been shipped; what was paid is refunded',
    access: 'orders:write',
    idempotency: 'required',
    params: idParams,
    body: Joi.object<{ reason?: string }>({ reason: text(200) }),
    answers: { 200: one(staffOrderSchema) },
    errors: ['INVALID_TRANSITION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, body, userId, ifMatch }) => {
      const reason = body.reason ?? 'cancelled_by_staff';
      const command = { orderId: OrderId(params.id), by: userId, reason, expectedVersion: ifMatch };
      return answer(await use.cancelOrder.execute(command));
    },
  }),
  route({
    method: 'POST',
    path: '/admin/orders/{id}/resume',
    name: 'resumeOrder',
    tag: 'Orders, for staff',
    summary: 'Let an order go on that was put aside for a person, or give back what it holds',
    access: 'jobs:write',
    params: idParams,
    body: Joi.object<{ reason: string; give_back: boolean }>({
      reason: text(200).required(),
      give_back: Joi.boolean()
        .default(false)
        .description(
          'The order is cancelled, with this reason: stock, cart and money go back. Only before it is paid.',
        ),
    }),
    answers: { 200: one(staffOrderSchema) },
    errors: ['INVALID_TRANSITION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, body, userId, ifMatch }) => {
      const { reason, give_back: giveBack } = body;
      const command = { orderId: OrderId(params.id), by: userId, reason, giveBack, expectedVersion: ifMatch };
      return answer(await use.resumeOrder.execute(command));
    },
  }),
  route({
    method: 'POST',
    path: '/admin/orders/{id}/refund',
    name: 'refundOrder',
    tag: 'Orders, for staff',
    summary: 'Give money back, all that is left or some of it',
    access: 'orders:write',
    idempotency: 'required',
    params: idParams,
    body: Joi.object<{ amount?: MoneyBody; reason?: string; restock: boolean }>({
      amount: money,
      reason: text(200),
      restock: Joi.boolean().default(false).description('The goods are for sale again; only for the whole order.'),
    }),
    answers: { 200: one(staffOrderSchema) },
    errors: ['INVALID_TRANSITION', 'REFUND_TOO_LARGE', 'RULE_VIOLATION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, body, userId, ifMatch }) => {
      const { amount, reason = null, restock } = body;
      const order = await use.refundOrder.execute({
        orderId: OrderId(params.id),
        by: userId,
        amount: amount && Money.of(amount.amount, Currency(amount.currency, 'amount.currency')),
        reason,
        restock,
        expectedVersion: ifMatch,
      });
      return answer(order);
    },
  }),
];
