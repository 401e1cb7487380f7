import Joi from 'joi';
import type { OrderItem, OrderSnapshot } from '../../../domain/ordering/order.ts';
import { type CustomerAction, returnedOf } from '../../../domain/payments/payment.ts';
import type { PostalAddress } from '../../../domain/shared/postal-address.ts';
import { time, total, uuid, version } from '../schemas.ts';

const itemSchema = Joi.object({
  variant_id: uuid.required(),
  product_id: uuid.required(),
  sku: Joi.string().required(),
  name: Joi.string().required(),
  quantity: Joi.number().integer().required(),
  unit_price: total.required(),
  line_total: total.required(),
}).meta({ name: 'OrderItem' });

const itemView = (item: OrderItem) => ({
  variant_id: item.variantId,
  product_id: item.productId,
  sku: item.sku,
  name: item.name,
  quantity: item.quantity,
  unit_price: item.unitPrice,
  line_total: item.lineTotal,
});

const paymentSchema = Joi.object({
  status: Joi.string().valid('NEW', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'VOIDED', 'REFUNDED').required(),
  amount: total.required(),
  action: Joi.object({
    type: Joi.string().required(),
    client_secret: Joi.string().allow(null).required(),
    url: Joi.string().allow(null).required(),
  })
    .allow(null)
    .required()
    .description('What the customer has to do before the gateway decides.'),
  refunded: total.required().description('Given back so far.'),
  refunds: Joi.array()
    .items(
      Joi.object({
        number: Joi.number().integer().required(),
        amount: total.required(),
        status: Joi.string().valid('PENDING', 'DONE', 'REFUSED').required(),
        reason: Joi.string().allow(null).required().description('Null also once the customer has been erased.'),
      }),
    )
    .required(),
}).meta({ name: 'Payment' });

const paymentView = ({ state: orderState, payment }: Pick<OrderSnapshot, 'state' | 'payment'>) => ({
  status: payment.state,
  amount: payment.amount,
  // Nothing that the customer does can help an order that has come to an end.
  action: orderState === 'PENDING' ? actionView(payment.action) : null,
  refunded: returnedOf(payment),
  refunds: payment.refunds.map(({ number, amount, state, reason }) => ({ number, amount, status: state, reason })),
});

const actionView = (action: CustomerAction | null) =>
  action && { type: action.type, client_secret: action.clientSecret, url: action.url };

const states = Joi.string().valid('PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED');

export const receiptSchema = Joi.object({
  order_id: uuid.required(),
  order_number: Joi.string().required(),
  status: states.required(),
  total: total.required(),
  items: Joi.array().items(itemSchema).required(),
  payment: paymentSchema.required(),
}).meta({ name: 'Receipt' });

/** What a checkout is answered with. */
export const receiptView = (order: OrderSnapshot) => ({
  order_id: order.id,
  order_number: order.number,
  status: order.state,
  total: order.totals.total,
  items: order.items.map(itemView),
  payment: paymentView(order),
});

export const postalAddressFields = {
  name: Joi.string().required(),
  line1: Joi.string().required(),
  line2: Joi.string().allow(null).required(),
  city: Joi.string().required(),
  region: Joi.string().allow(null).required(),
  postal_code: Joi.string().required(),
  country: Joi.string().required(),
};

const addressSchema = Joi.object(postalAddressFields).meta({ name: 'Address' });

export const postalAddressView = (address: PostalAddress) => ({
  name: address.name,
  line1: address.line1,
  line2: address.line2,
  city: address.city,
  region: address.region,
  postal_code: address.postalCode,
  country: address.country,
});

const orderFields = {
  id: uuid.required(),
  order_number: Joi.string().required(),
  status: states.required(),
  items: Joi.array().items(itemSchema).required(),
  subtotal: total.required(),
  discount: total.required(),
  shipping: total.required(),
  tax: total.required(),
  total: total.required(),
  payment: paymentSchema.required(),
  shipping_address: addressSchema.allow(null).required().description('Null once the customer has been erased.'),
  shipment: Joi.object({
    carrier: Joi.string().allow(null).required(),
    tracking_number: Joi.string().allow(null).required(),
  })
    .allow(null)
    .required()
    .description('Null until it is shipped, and once the customer has been erased.'),
  cancel_reason: Joi.string()
    .allow(null)
    .required()
    .description('Null until it is cancelled, and once the customer has been erased.'),
  version: version.required(),
  created_at: time.required(),
  updated_at: time.required(),
};

export const orderSchema = Joi.object(orderFields).meta({ name: 'Order' });

export const orderView = (order: OrderSnapshot) => ({
  id: order.id,
  order_number: order.number,
  status: order.state,
  items: order.items.map(itemView),
  subtotal: order.totals.items,
  discount: order.totals.discount,
  shipping: order.totals.shipping,
  tax: order.totals.tax,
  total: order.totals.total,
  payment: paymentView(order),
  shipping_address: order.shippingAddress && postalAddressView(order.shippingAddress),
  shipment: order.shipment && { carrier: order.shipment.carrier, tracking_number: order.shipment.trackingNumber },
  cancel_reason: order.cancelReason,
  version: order.version,
  created_at: order.createdAt,
  updated_at: order.updatedAt,
});

export const staffOrderSchema = Joi.object({
  ...orderFields,
  user_id: uuid.allow(null).required(),
  email: Joi.string().allow(null).required().description('Of a guest; null for customers with an account.'),
  needs_review: Joi.string().allow(null).required().description('Why a person has to look at it.'),
  resumed: Joi.object({
    review: Joi.string().required().description('Why a person had to look at it.'),
    reason: Joi.string().allow(null).required().description('Null once the customer has been erased.'),
    by: uuid.allow(null).required(),
    at: time.required(),
  })
    .allow(null)
    .required()
    .description('How it was let go on the last time that it had been put aside.'),
}).meta({ name: 'StaffOrder' });

export const staffOrderView = (order: OrderSnapshot) => ({
  ...orderView(order),
  user_id: order.userId,
  email: order.email,
  needs_review: order.needsReview,
  resumed: order.resumed,
});
