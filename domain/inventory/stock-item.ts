import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError } from '../shared/domain-error.ts';
import type { DomainEvent } from '../shared/event.ts';
import type { VariantId } from '../shared/ids.ts';

export interface StockSnapshot extends Audit {
  readonly variantId: VariantId;
  readonly onHand: number;
  readonly reserved: number;
  /** At or below this many available units staff are told; null: never. */
  readonly lowStockThreshold: number | null;
}

export type MovementKind = 'RECEIPT' | 'ADJUST' | 'SALE' | 'RETURN';

/** One line of the ledger. The sum of all deltas of a variant is what is on hand. */
export interface Movement {
  readonly variantId: VariantId;
  readonly delta: number;
  readonly kind: MovementKind;
  readonly reason: string | null;
  readonly by: Act['by'];
}

export const LARGEST_STOCK = 1_000_000_000;

/** How much of one variant there is: `on hand` in the building, `reserved` for orders that are not yet paid. */
export class StockItem {
  #state: StockSnapshot;
  #movements: Movement[] = [];

  private constructor(state: StockSnapshot) {
    this.#state = state;
  }

  /** @throws DomainError when `onHand` is negative */
  static open(variantId: VariantId, onHand: number, act: Act): StockItem {
    const item = new StockItem({ variantId, onHand: 0, reserved: 0, lowStockThreshold: null, ...created(act) });
    item.#move(onHand, 'RECEIPT', null, act);
    return item;
  }

  static restore(snapshot: StockSnapshot): StockItem {
    return new StockItem(snapshot);
  }

  snapshot(): StockSnapshot {
    return this.#state;
  }

  /** What has changed since it was loaded; the store appends it to the ledger. */
  movements(): readonly Movement[] {
    return this.#movements;
  }

  get available(): number {
    return this.#state.onHand - this.#state.reserved;
  }

  adjust(delta: number, reason: string, act: Act): void {
    this.#move(delta, 'ADJUST', reason, act);
    this.#state = revised(this.#state, act);
  }

  /** A count: the difference is taken from what is on hand now, not from what the counter once read. */
  countedAs(onHand: number, act: Act, reason = 'counted'): void {
    this.#move(onHand - this.#state.onHand, 'ADJUST', reason, act);
    this.#state = revised(this.#state, act);
  }

  warnAt(threshold: number | null, act: Act): void {
    this.#state = revised({ ...this.#state, lowStockThreshold: threshold }, act);
  }

  changed(): DomainEvent {
    const { variantId, onHand, reserved, version } = this.#state;
    return {
      type: 'inventory.changed',
      aggregateType: 'inventory',
      aggregateId: variantId,
      aggregateVersion: version,
      payload: { variant_id: variantId, on_hand: onHand, reserved },
    };
  }

  #move(delta: number, kind: MovementKind, reason: string | null, act: Act): void {
    const onHand = this.#state.onHand + delta;
    if (onHand < this.#state.reserved) {
      const { reserved } = this.#state;
      throw reserved > 0
        ? new DomainError('conflict', 'STOCK_BELOW_RESERVED', `${reserved} units are reserved for open orders.`, {
            reserved,
          })
        : new DomainError('invalid', 'RULE_VIOLATION', 'Stock cannot fall below zero.', {
            on_hand: this.#state.onHand,
          });
    }
    if (onHand > LARGEST_STOCK)
      throw new DomainError('invalid', 'RULE_VIOLATION', `Stock is at most ${LARGEST_STOCK}.`);
    if (delta !== 0) this.#movements.push({ variantId: this.#state.variantId, delta, kind, reason, by: act.by });
    this.#state = { ...this.#state, onHand };
  }
}
