import { v7 as uuidv7 } from 'uuid';

import type { Clock } from '../../application/ports/clock.ts';
import type { Stock } from '../../application/ports/stock.ts';
import { StockItem, type StockSnapshot } from '../../domain/inventory/stock-item.ts';
import type { VariantId } from '../../domain/shared/ids.ts';
import { type AuditRow, auditOf, auditRow } from './rows.ts';
import { insert, type Query, sql, upsert } from './sql.ts';

export interface StockRow extends AuditRow {
  readonly variant_id: VariantId;
  readonly on_hand: number;
  readonly reserved: number;
  readonly low_stock_threshold: number | null;
}

export class KnexStock implements Stock {
  readonly #query: Query;
  readonly #clock: Clock;

  constructor(query: Query, clock: Clock) {
    this.#query = query;
    this.#clock = clock;
  }

  async find(variantIds: readonly VariantId[]): Promise<readonly StockItem[]> {
    const rows = await this.#query<StockRow>(sql`
      SELECT * FROM inventory WHERE variant_id = ANY(${[...variantIds]}) ORDER BY variant_id FOR NO KEY UPDATE`);
    return rows.map(row => StockItem.restore(stockOf(row)));
  }

  async save(items: readonly StockItem[]): Promise<void> {
    if (items.length === 0) return;
    const ordered = items.toSorted((a, b) => (a.snapshot().variantId < b.snapshot().variantId ? -1 : 1));
    await this.#query(
      upsert(
        'inventory',
        'variant_id',
        ordered.map(item => rowOf(item.snapshot())),
      ),
    );
    const movements = items.flatMap(item => item.movements());
    if (movements.length === 0) return;
    const at = this.#clock.now();
    await this.#query(
      insert(
        'stock_ledger',
        movements.map(({ variantId, delta, kind, reason, by }) => ({
          id: uuidv7(),
          variant_id: variantId,
          delta,
          kind,
          reason,
          created_by: by,
          created_at: at,
        })),
      ),
    );
  }
}

export const stockOf = (row: StockRow): StockSnapshot => ({
  variantId: row.variant_id,
  onHand: row.on_hand,
  reserved: row.reserved,
  lowStockThreshold: row.low_stock_threshold,
  ...auditOf(row),
});

const rowOf = (stock: StockSnapshot): StockRow => ({
  variant_id: stock.variantId,
  on_hand: stock.onHand,
  reserved: stock.reserved,
  low_stock_threshold: stock.lowStockThreshold,
  ...auditRow(stock),
});
