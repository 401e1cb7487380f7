import { DomainError } from '../shared/domain-error.ts';
import type { OrderId } from '../shared/ids.ts';

/** Nobody holds back stock that they do not pay for more than a few times at once. */
export function requireFewOpenOrders(open: readonly OrderId[], most: number): void {
  if (open.length < most) return;
  throw new DomainError('conflict', 'TOO_MANY_OPEN_ORDERS', 'Pay or cancel what you have ordered first.', {
    order_ids: open,
  });
}
