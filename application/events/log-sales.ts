import type { Logger } from '../ports/logger.ts';
import type { StoredEvent } from '../../domain/shared/event.ts';
import type { EventConsumer } from './event-consumer.ts';

const SAYINGS: Readonly<Record<string, string>> = {
  'order.created': 'Order created',
  'order.paid': 'Order paid',
  'order.cancelled': 'Order cancelled',
  'order.refunded': 'Order refunded',
  'order.parked': 'Order needs a person',
  'order.resumed': 'Order goes on again',
};

/** One line in the log for each step of a sale, for people and for those who count them. */
export class LogSales implements EventConsumer {
  readonly name = 'log-sales';
  readonly types = Object.keys(SAYINGS);
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  handle({ id, type, payload }: StoredEvent): Promise<void> {
    const { order_id, order_number, user_id, total } = payload;
    const say = type === 'order.parked' ? 'error' : 'info';
    this.#logger[say](SAYINGS[type]!, { event: type, event_id: id, order_id, order_number, user_id, total });
    return Promise.resolve();
  }
}
