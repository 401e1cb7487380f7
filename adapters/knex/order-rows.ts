import type { PersonalDataCipher } from '../../application/ports/personal-data.ts';
import type { OrderItem, OrderSnapshot, OrderTotals, Resumption } from '../../domain/ordering/order.ts';
import type { OrderNumber } from '../../domain/ordering/order-number.ts';
import type { OrderState, SagaState } from '../../domain/ordering/order-states.ts';
import {
  type CustomerAction,
  type PaymentSnapshot,
  type PaymentState,
  type Refund,
  refundedOf,
  type RefundState,
} from '../../domain/payments/payment.ts';
import type { CartId, PaymentId, ProductId, VariantId } from '../../domain/shared/ids.ts';
import { type AuditRow, auditOf, auditRow, moneyOf } from './rows.ts';
import { rowOfRefund } from './sealed-fields.ts';
import {
  knownOf,
  refundReasonOf,
  resumeReasonOf,
  type Seal,
  type SealedOrderRow,
  writtenRow,
} from './sealed-orders.ts';
import { verbatim } from './sql.ts';

interface ItemRow {
  readonly variant_id: VariantId;
  readonly product_id: ProductId;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly line_total: number;
  readonly currency: string;
}

export interface RefundRow {
  readonly payment_id: PaymentId;
  readonly number: number;
  readonly amount: number;
  readonly currency: string;
  readonly state: RefundState;
  readonly sealed_reason: string | null;
}

type ResumedRow = Omit<Resumption, 'at' | 'reason'> & { readonly at: string };

export interface OrderRow extends AuditRow, SealedOrderRow {
  readonly number: OrderNumber;
  readonly cart_id: CartId;
  readonly state: OrderState;
  readonly saga: SagaState;
  readonly items_total: number;
  readonly discount_total: number;
  readonly shipping_total: number;
  readonly tax_total: number;
  readonly total: number;
  readonly currency: string;
  readonly needs_review: string | null;
  readonly resumed: ResumedRow | null;
  readonly items: readonly ItemRow[];
  readonly payment_id: PaymentId;
  readonly payment_state: PaymentState;
  readonly payment_amount: number;
  readonly payment_currency: string;
  readonly payment_method: string;
  readonly gateway_auth_id: string | null;
  readonly gateway_capture_id: string | null;
  readonly decline_reason: string | null;
  readonly payment_action: CustomerAction | null;
  readonly refunds: readonly RefundRow[] | null;
}

/**
 * Selects whole orders, as `o`, each with its payment, as `p`, its items and its refunds, in one statement. Under a lock
 * that is safe but for the refunds: items never change, and the payment is locked with its order.
 */
export const SELECT_ORDERS = verbatim(`
  SELECT o.id, o.number, o.cart_id, o.user_id, o.state, o.saga, o.items_total, o.discount_total, o.shipping_total,
         o.tax_total, o.total, o.currency, o.sealed_shipping_address, o.sealed_email, o.sealed_shipment,
         o.sealed_cancel_reason, o.sealed_resume_reason, o.needs_review, o.resumed, o.created_at, o.updated_at, o.created_by, o.updated_by, o.version,
         (SELECT k.wrapped FROM person_keys k WHERE k.person_id = COALESCE(o.user_id, o.id)) AS wrapped,
         (SELECT json_agg(i ORDER BY i.position) FROM order_items i WHERE i.order_id = o.id) AS items,
         p.id AS payment_id, p.state AS payment_state, p.amount AS payment_amount, p.currency AS payment_currency,
         p.method AS payment_method, p.gateway_auth_id, p.gateway_capture_id, p.decline_reason,
         p.action AS payment_action,
         CASE WHEN p.state IN ('CAPTURED', 'REFUNDED')
              THEN (SELECT json_agg(r ORDER BY r.number) FROM refunds r WHERE r.payment_id = p.id) END AS refunds
    FROM orders o JOIN payments p ON p.order_id = o.id`);

export const orderOf = (cipher: PersonalDataCipher, row: OrderRow): OrderSnapshot => ({
  id: row.id,
  number: row.number,
  cartId: row.cart_id,
  userId: row.user_id,
  state: row.state,
  saga: row.saga,
  items: row.items.map(itemOf),
  totals: totalsOf(row),
  ...knownOf(cipher, row),
  payment: paymentOf(cipher, row),
  needsReview: row.needs_review,
  resumed: row.resumed && resumptionOf(row.resumed, resumeReasonOf(cipher, row)),
  ...auditOf(row),
});

const resumptionOf = ({ review, at, by }: ResumedRow, reason: string | null): Resumption => ({
  review,
  reason,
  at: new Date(at),
  by,
});

const itemOf = (row: ItemRow): OrderItem => ({
  variantId: row.variant_id,
  productId: row.product_id,
  sku: row.sku,
  name: row.name,
  quantity: row.quantity,
  unitPrice: moneyOf(row.unit_price, row.currency),
  lineTotal: moneyOf(row.line_total, row.currency),
});

const totalsOf = (row: OrderRow): OrderTotals => ({
  items: moneyOf(row.items_total, row.currency),
  discount: moneyOf(row.discount_total, row.currency),
  shipping: moneyOf(row.shipping_total, row.currency),
  tax: moneyOf(row.tax_total, row.currency),
  total: moneyOf(row.total, row.currency),
});

const paymentOf = (cipher: PersonalDataCipher, row: OrderRow): PaymentSnapshot => ({
  id: row.payment_id,
  state: row.payment_state,
  amount: moneyOf(row.payment_amount, row.payment_currency),
  method: row.payment_method,
  authorizationId: row.gateway_auth_id,
  captureId: row.gateway_capture_id,
  declineReason: row.decline_reason,
  action: row.payment_action && {
    type: row.payment_action.type,
    clientSecret: row.payment_action.clientSecret,
    url: row.payment_action.url,
  },
  refunds: row.refunds?.map(refund => refundOf(refund, refundReasonOf(cipher, row, refund))) ?? [],
});

const refundOf = ({ number, amount, currency, state }: RefundRow, reason: string | null): Refund => ({
  number,
  amount: moneyOf(amount, currency),
  state,
  reason,
});

/** Nothing goes back that has not been taken. */
export const mayHaveRefunds = ({ payment_state }: OrderRow): boolean =>
  payment_state === 'CAPTURED' || payment_state === 'REFUNDED';

export const orderRow = (seal: Seal, order: OrderSnapshot) => ({
  id: order.id,
  number: order.number,
  cart_id: order.cartId,
  user_id: order.userId,
  state: order.state,
  saga: order.saga,
  item_count: order.items.length,
  items_total: order.totals.items.amount,
  discount_total: order.totals.discount.amount,
  shipping_total: order.totals.shipping.amount,
  tax_total: order.totals.tax.amount,
  total: order.totals.total.amount,
  currency: order.totals.total.currency,
  needs_review: order.needsReview,
  resumed: order.resumed && { review: order.resumed.review, at: order.resumed.at, by: order.resumed.by },
  ...writtenRow(seal, order),
  ...auditRow(order),
});

export const itemRows = (order: OrderSnapshot) =>
  order.items.map((item, position) => ({
    order_id: order.id,
    position,
    item_count: order.items.length,
    variant_id: item.variantId,
    product_id: item.productId,
    sku: item.sku,
    name: item.name,
    quantity: item.quantity,
    unit_price: item.unitPrice.amount,
    line_total: item.lineTotal.amount,
    currency: item.unitPrice.currency,
  }));

export const paymentRow = ({ id, payment, ...order }: OrderSnapshot) => ({
  id: payment.id,
  order_id: id,
  state: payment.state,
  amount: payment.amount.amount,
  currency: payment.amount.currency,
  method: payment.method,
  gateway_auth_id: payment.authorizationId,
  gateway_capture_id: payment.captureId,
  decline_reason: payment.declineReason,
  action: payment.action,
  refunded_amount: refundedOf(payment).amount,
  ...auditRow(order),
});

export const refundRows = (seal: Seal, { payment }: OrderSnapshot): RefundRow[] =>
  payment.refunds.map(({ number, amount, state, reason }) => ({
    payment_id: payment.id,
    number,
    amount: amount.amount,
    currency: amount.currency,
    state,
    sealed_reason: seal('refundReason', rowOfRefund({ payment_id: payment.id, number }), reason),
  }));
