import type { SettleOrder } from '../../../application/checkout/settle-order.ts';
import type { OrderQueries } from '../../../application/ports/order-queries.ts';
import { notFound } from '../../../domain/shared/domain-error.ts';
import { OrderId, type PaymentId } from '../../../domain/shared/ids.ts';
import { one, type Route, route } from '../route.ts';
import { idParams } from '../schemas.ts';
import { receiptSchema, receiptView } from '../views/order-view.ts';

export interface SandboxUseCases {
  readonly orders: OrderQueries;
  readonly settleOrder: SettleOrder;
  /** Says for the customer that the payment is meant. */
  readonly confirm: (ref: PaymentId) => void;
}

/** Stands in for the bank's own page where customers confirm a payment; never in production. */
export const sandboxRoutes = ({ orders, settleOrder, confirm }: SandboxUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/payments/sandbox/{id}/confirm',
    name: 'confirmSandboxPayment',
    tag: 'Payments',
    summary: 'Confirm the payment of an order at the sandbox bank, as a customer would on its page',
    access: 'public',
    idempotency: 'ignored',
    params: idParams,
    answers: { 200: one(receiptSchema) },
    handle: async ({ params }) => {
      const order = await orders.find(OrderId(params.id));
      if (!order) throw notFound('Order');
      confirm(order.payment.id);
      return { status: 200, data: receiptView((await settleOrder.settle(order)).order) };
    },
  }),
];
