import type { EventConsumer } from '../events/event-consumer.ts';
import type { EventMessenger } from '../events/event-messenger.ts';
import type { Logger } from '../ports/logger.ts';
import type { StoredEvent } from '../../domain/shared/event.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Worker } from './worker.ts';

interface Ports {
  readonly unitOfWork: UnitOfWork;
  readonly consumers: readonly EventConsumer[];
  readonly messengers: readonly EventMessenger[];
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
    const attempt = async (event: StoredEvent): Promise<void> => {
      try {
        await this.#deliver(event);
        delivered.push(event.id);
      } catch (error) {
        logger.error('an event could not be delivered', { event_id: event.id, type: event.type, error });
        const why = error instanceof Error ? error.name : 'unknown';
        await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.markFailed(event.id, why));
      }
    };
    const outward = events.filter(({ type }) => this.#messengersFor(type).length > 0);
    for (const event of events) if (!outward.includes(event)) await attempt(event);
    // All at once, so that a world that does not answer is waited for once, and within the lease.
    await Promise.all(outward.map(attempt));
    if (delivered.length > 0) await unitOfWork.run(({ outboxDelivery }) => outboxDelivery.markPublished(delivered));
    return delivered.length;
  }

  #messengersFor(type: string): readonly EventMessenger[] {
    return this.#ports.messengers.filter(({ types }) => types.includes(type));
  }

  async #deliver(event: StoredEvent): Promise<void> {
    for (const consumer of this.#ports.consumers) {
      if (!consumer.types.includes(event.type)) continue;
      await this.#ports.unitOfWork.run(async collections => {
        if (await collections.consumedEvents.claim(consumer.name, event.id)) await consumer.handle(event, collections);
      });
    }
    for (const messenger of this.#messengersFor(event.type)) await this.#tell(messenger, event);
  }

  /** Noted only once it was told: whoever dies in between tells it again. */
  async #tell(messenger: EventMessenger, event: StoredEvent): Promise<void> {
    const { unitOfWork } = this.#ports;
    const tell = await unitOfWork.run(async collections =>
      (await collections.consumedEvents.has(messenger.name, event.id))
        ? undefined
        : messenger.prepare(event, collections),
    );
    await tell?.();
    await unitOfWork.run(({ consumedEvents }) => consumedEvents.claim(messenger.name, event.id));
  }
}
