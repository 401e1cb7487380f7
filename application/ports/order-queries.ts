import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { OrderState } from '../../domain/ordering/order-states.ts';
import type { OrderId, PaymentId, UserId } from '../../domain/shared/ids.ts';
import type { Page, PageRequest } from './paging.ts';

export interface OrderCriteria {
  readonly userId?: UserId | undefined;
  readonly state?: OrderState | undefined;
  /** Placed at or after, and before. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Of the guest, or of the customer's account. */
  readonly email?: string | undefined;
  readonly number?: string | undefined;
}

export interface OrderQueries {
  /** Newest first; positions carry the id twice, because ids grow with time. */
  list(criteria: OrderCriteria, page: PageRequest): Promise<Page<OrderSnapshot>>;
  /** With `userId`, another customer's order is undefined, too. */
  find(id: OrderId, userId?: UserId): Promise<OrderSnapshot | undefined>;
  findByPayment(ref: PaymentId): Promise<OrderSnapshot | undefined>;
}
