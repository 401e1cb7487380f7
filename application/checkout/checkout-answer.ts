import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { StoredAnswer } from '../ports/idempotency-records.ts';

/** What the caller of a checkout is told about the order as it now stands. */
export const checkoutAnswer = (answers: AnswerFormat, order: OrderSnapshot, requestId: string): StoredAnswer =>
  order.state === 'CANCELLED'
    ? answers.refused(whyCancelled(order), requestId, order.updatedAt)
    : answers.placed(order);

function whyCancelled({ id, cancelReason, payment }: OrderSnapshot): DomainError {
  const details = { order_id: id };
  switch (cancelReason) {
    case 'payment_declined':
    case 'capture_refused':
      return new DomainError('conflict', 'PAYMENT_DECLINED', 'The payment was declined.', {
        ...details,
        reason: payment.declineReason,
      });
    case 'expired':
      return new DomainError(
        'conflict',
        'RESERVATION_EXPIRED',
        'The payment took too long; the stock was given back.',
        details,
      );
    default:
      return new DomainError('conflict', 'INVALID_TRANSITION', 'The order was cancelled.', details);
  }
}
