import type { AnswerFormat } from '../../application/ports/answer-format.ts';
import { errorBody, statusOf } from './errors.ts';
import { receiptView } from './views/order-view.ts';

/** How the answer to a checkout is written down, by whoever finishes it. */
export const httpAnswers: AnswerFormat = {
  placed: order => ({
    status: 201,
    body: JSON.stringify({ data: receiptView(order), meta: {}, links: { self: `/api/v1/orders/${order.id}` } }),
  }),
  refused: (error, requestId, at) => ({ status: statusOf(error), body: errorBody(error, requestId, at) }),
};
