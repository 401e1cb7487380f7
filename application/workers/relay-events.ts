import type { EventConsumer } from '../events/event-consumer.ts';
import type { Logger } from '../ports/logger.ts';
import type { StoredEvent } from '../../domain/shared/event.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly consumers: readonly EventConsumer[];
  readonly logger: Logger;
}

const BATCH = 100;
const LEASE_SECONDS = 30;

/** Delivers what the outbox holds. Only what was delivered is marked, so a crash in between delivers it again. */
export class RelayEvents implements Worker {
  readonly name = 'relay';
  readonly everyMs = 500;
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async tick(): Promise<number> {
    const { unitOfWork, logger } = this.#ports;
    const events = await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.claim(BATCH, LEASE_SECONDS));
    const delivered: string[] = [];
    for (const event of events) {
      try {
        await this.#deliver(event);
        delivered.push(event.id);
      } catch (error) {
        logger.error('an event could not be delivered', { event_id: event.id, type: event.type, error });
        const why = error instanceof Error ? error.name : 'unknown';
        await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.markFailed(event.id, why));
      }
    }
    if (delivered.length > 0) await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.markPublished(delivered));
    return delivered.length;
  }

  async #deliver(event: StoredEvent): Promise<void> {
    for (const consumer of this.#ports.consumers) {
      if (!consumer.types.includes(event.type)) continue;
      await this.#ports.unitOfWork.run(async collections => {
        if (await collections.consumedEvents.claim(consumer.name, event.id)) await consumer.handle(event, collections);
      });
    }
  }
}
