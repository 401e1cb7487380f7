import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { View } from './tables.ts';

/** An order without anything that tells of whoever placed it. */
export const forgottenOrder = (order: OrderSnapshot): OrderSnapshot => ({
  ...order,
  shippingAddress: null,
  email: null,
  shipment: null,
  cancelReason: null,
  resumed: order.resumed && { ...order.resumed, reason: null },
  payment: { ...order.payment, refunds: order.payment.refunds.map(refund => ({ ...refund, reason: null })) },
});

/** What is written about somebody who has been erased is kept for nobody. */
export const keptOf = ({ erasedUsers }: Pick<View, 'erasedUsers'>, order: OrderSnapshot): OrderSnapshot =>
  order.userId && erasedUsers.get(order.userId) ? forgottenOrder(order) : order;
