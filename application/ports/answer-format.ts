import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import type { StoredAnswer } from './idempotency-records.ts';

/** Writes down what the caller of a checkout is told, so that a worker who finishes it alone says the same words. */
export interface AnswerFormat {
  placed(order: OrderSnapshot): StoredAnswer;
  refused(error: DomainError, requestId: string, at: Date): StoredAnswer;
}
