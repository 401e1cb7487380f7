import type { Clock } from '../../application/ports/clock.ts';
import type { Stock } from '../../application/ports/stock.ts';
import { type Movement, StockItem } from '../../domain/inventory/stock-item.ts';
import type { OrderId, VariantId } from '../../domain/shared/ids.ts';
import { requireRow } from './references.ts';
import type { Sequence } from './sequence.ts';
import type { Drafts } from './tables.ts';

export class InMemoryStock implements Stock {
  readonly #drafts: Drafts;
  readonly #ledger: Ledger;

  constructor(drafts: Drafts, ledger: Ledger) {
    this.#drafts = drafts;
    this.#ledger = ledger;
  }

  async find(variantIds: readonly VariantId[]): Promise<readonly StockItem[]> {
    return [...new Set(variantIds)]
      .toSorted()
      .map(id => this.#drafts.stock.get(id))
      .filter(row => row !== undefined)
      .map(row => StockItem.restore(row));
  }

  async save(items: readonly StockItem[]): Promise<void> {
    for (const item of items) {
      const row = item.snapshot();
      requireRow(this.#drafts.productsByVariant, row.variantId, 'variant');
      this.#drafts.stock.set(row.variantId, row);
      for (const movement of item.movements()) this.#ledger.append(movement);
    }
  }
}

/** Writes movements down; nothing is ever changed in it. */
export class Ledger {
  readonly #drafts: Drafts;
  readonly #ids: Sequence;
  readonly #clock: Clock;

  constructor(drafts: Drafts, ids: Sequence, clock: Clock) {
    this.#drafts = drafts;
    this.#ids = ids;
    this.#clock = clock;
  }

  append(movement: Movement, orderId: OrderId | null = null): void {
    this.#drafts.ledger.append(movement.variantId, {
      ...movement,
      id: this.#ids.next(),
      refType: orderId && 'order',
      refId: orderId,
      at: this.#clock.now(),
    });
  }
}
