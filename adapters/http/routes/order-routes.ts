import Joi from 'joi';
import type { PlaceOrder } from '../../../application/checkout/place-order.ts';
import type { CancelOrder } from '../../../application/ordering/cancel-order.ts';
import type { StoredAnswer } from '../../../application/ports/idempotency-records.ts';
import type { OrderQueries } from '../../../application/ports/order-queries.ts';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { EmailAddress } from '../../../domain/identity/email-address.ts';
import { invalidValue, notFound } from '../../../domain/shared/domain-error.ts';
import { Currency } from '../../../domain/shared/currency.ts';
import { AddressId, OrderId, type UserId } from '../../../domain/shared/ids.ts';
import { Money } from '../../../domain/shared/money.ts';
import { pageAnswer, pageMeta, type PageQuery, pageQuery, pageRequest } from '../lists.ts';
import { type Answer, list, one, type Route, route } from '../route.ts';
import { address, type AddressBody, idParams, type MoneyBody, uuid } from '../schemas.ts';
import { orderSchema, orderView, receiptSchema } from '../views/order-view.ts';
import { postalAddress } from './postal-address.ts';

export interface OrderUseCases {
  readonly placeOrder: PlaceOrder;
  readonly cancelOrder: CancelOrder;
  readonly orders: OrderQueries;
}

interface CheckoutBody {
  readonly payment_method: string;
  readonly shipping_address?: AddressBody;
  readonly address_id?: string;
  readonly email?: string | null;
  readonly expected_total?: MoneyBody;
}

function shipTo({ shipping_address: sent, address_id: id }: CheckoutBody) {
  if (sent && id) throw invalidValue('address_id', 'and shipping_address exclude each other');
  if (sent) return postalAddress(sent);
  if (id) return { addressId: AddressId(id) };
  throw invalidValue('shipping_address', 'or address_id is required');
}

/** The state of the new order, or the code of the refusal. */
function outcomeOf({ body }: StoredAnswer): string {
  const said = JSON.parse(body) as { data: { status: string } } | { error: { code: string } };
  return 'error' in said ? said.error.code : said.data.status;
}

const answer = (order: OrderSnapshot): Answer => ({ status: 200, data: orderView(order), version: order.version });

const showing =
  ({ orders }: OrderUseCases) =>
  async ({
    params,
    userId,
  }: {
    readonly params: { readonly id: string };
    readonly userId: UserId;
  }): Promise<Answer> => {
    const order = await orders.find(OrderId(params.id), userId);
    if (!order) throw notFound('Order');
    return answer(order);
  };

export const orderRoutes = (use: OrderUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/orders',
    name: 'placeOrder',
    rate: 'checkout',
    tag: 'Orders',
    summary: 'Buy what is in the cart',
    access: 'cart',
    idempotency: 'own',
    body: Joi.object<CheckoutBody>({
      payment_method: Joi.string().min(1).max(255).required().description('A token of the payment gateway.'),
      shipping_address: address.description('This, or address_id.'),
      address_id: uuid.description('An entry of your address book.'),
      email: Joi.string().max(320).allow(null).description('Required without an account.'),
      expected_total: Joi.object<MoneyBody>({
        amount: Joi.number().integer().min(0).required(),
        currency: Joi.string().length(3).required(),
      }).description('What you believe to pay; another total is refused with PRICE_CHANGED.'),
    }),
    answers: { 201: one(receiptSchema) },
    errors: [
      'PAYMENT_DECLINED',
      'INSUFFICIENT_STOCK',
      'CART_NOT_OPEN',
      'TOO_MANY_OPEN_ORDERS',
      'CART_EMPTY',
      'PRICE_CHANGED',
      'ITEM_UNAVAILABLE',
      'RESERVATION_EXPIRED',
    ],
    handle: async ({ cart, body, claim }) => {
      const expected = body.expected_total;
      const { answer, replayed } = await use.placeOrder.execute({
        cart,
        paymentMethod: body.payment_method,
        shipTo: shipTo(body),
        email: body.email ? EmailAddress(body.email) : null,
        expectedTotal: expected && Money.of(expected.amount, Currency(expected.currency, 'expected_total.currency')),
        claim: claim!,
      });
      return { status: answer.status, stored: answer, replayed, outcome: replayed ? 'REPLAYED' : outcomeOf(answer) };
    },
  }),
  route({
    method: 'GET',
    path: '/orders',
    name: 'listOrders',
    tag: 'Orders',
    summary: 'Your orders, the newest first',
    access: 'customer',
    query: Joi.object<PageQuery>(pageQuery),
    answers: { 200: list(orderSchema, pageMeta) },
    handle: async request => {
      const page = await use.orders.list({ userId: request.userId }, pageRequest('orders', request));
      return pageAnswer('orders', request, page, orderView);
    },
  }),
  route({
    method: 'GET',
    path: '/orders/{id}',
    name: 'showOrder',
    tag: 'Orders',
    summary: 'One of your orders',
    access: 'customer',
    params: idParams,
    answers: { 200: one(orderSchema) },
    handle: showing(use),
  }),
  route({
    method: 'POST',
    path: '/orders/{id}/cancel',
    name: 'cancelOrder',
    tag: 'Orders',
    summary: 'Cancel an order that has not been shipped; what was paid is refunded',
    access: 'customer',
    idempotency: 'required',
    params: idParams,
    answers: { 200: one(orderSchema) },
    errors: ['INVALID_TRANSITION', 'PRECONDITION_FAILED'],
    again: showing(use),
    handle: async ({ params, userId, ifMatch }) => {
      const order = await use.cancelOrder.execute({
        orderId: OrderId(params.id),
        by: userId,
        ownerId: userId,
        reason: 'cancelled_by_customer',
        expectedVersion: ifMatch,
      });
      return answer(order);
    },
  }),
];
