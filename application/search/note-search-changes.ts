import type { StoredEvent } from '../../domain/shared/event.ts';
import { ProductId, VariantId } from '../../domain/shared/ids.ts';
import type { EventConsumer } from '../events/event-consumer.ts';
import type { Collections } from '../ports/unit-of-work.ts';

/** What of an order gives or takes stock; between them it only stays away. */
const OF_ORDERS = ['order.created', 'order.cancelled', 'order.refunded'];

/** Notes which products the search index has to be told of: once each, however many events there are. */
export class NoteSearchChanges implements EventConsumer {
  readonly name = 'search-changes';
  readonly types = ['product.created', 'product.updated', 'product.deleted', 'inventory.changed', ...OF_ORDERS];

  handle({ aggregateType, aggregateId, payload }: StoredEvent, { searchChanges }: Collections): Promise<void> {
    if (aggregateType === 'product') return searchChanges.note({ products: [ProductId(aggregateId)] });
    if (aggregateType === 'inventory') return searchChanges.note({ variants: [VariantId(aggregateId)] });
    const items = (payload['items'] ?? []) as readonly { readonly variant_id: string }[];
    return searchChanges.note({ variants: items.map(item => VariantId(item.variant_id)) });
  }
}
