import type {
  InventoryCriteria,
  InventoryQueries,
  InventoryRow,
  MovementRow,
} from '../../application/ports/inventory-queries.ts';
import type { Page, PageRequest } from '../../application/ports/paging.ts';
import type { MovementKind } from '../../domain/inventory/stock-item.ts';
import type { UserId, VariantId } from '../../domain/shared/ids.ts';
import { fold } from '../../domain/shared/text.ts';
import { newestFirst, type Ordering, positionById, readPage } from './pages.ts';
import { containing, type Query, sql, type Sql } from './sql.ts';
import { stockOf, type StockRow } from './stock.ts';

interface ListedRow extends StockRow {
  readonly sku: string;
  readonly product_name: string;
}

interface LedgerRow {
  readonly id: string;
  readonly variant_id: VariantId;
  readonly delta: number;
  readonly kind: MovementKind;
  readonly reason: string | null;
  readonly ref_type: string | null;
  readonly ref_id: string | null;
  readonly created_by: UserId | null;
  readonly created_at: Date;
}

const STOCK = sql`
  inventory i JOIN product_variants v ON v.id = i.variant_id JOIN products p ON p.id = v.product_id`;
const SELECT_STOCK = sql`SELECT i.*, v.sku, p.name AS product_name FROM ${STOCK}`;
const LIVE = sql`v.deleted_at IS NULL`;
const BY_SKU: Ordering = { value: sql`v.sku`, id: sql`v.id`, byValue: 'ASC', byId: 'ASC' };

export class KnexInventoryQueries implements InventoryQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  list(criteria: InventoryCriteria, page: PageRequest): Promise<Page<InventoryRow>> {
    return readPage<ListedRow, InventoryRow>(this.#query, {
      select: SELECT_STOCK,
      from: STOCK,
      where: conditionsOf(criteria),
      order: BY_SKU,
      page,
      positionOf: row => ({ value: row.sku, id: row.variant_id }),
      itemOf: inventoryRowOf,
    });
  }

  async find(variantId: VariantId): Promise<InventoryRow | undefined> {
    const [row] = await this.#query<ListedRow>(sql`${SELECT_STOCK} WHERE ${LIVE} AND v.id = ${variantId}`);
    return row && inventoryRowOf(row);
  }

  ledger(variantId: VariantId, page: PageRequest): Promise<Page<MovementRow>> {
    return readPage<LedgerRow, MovementRow>(this.#query, {
      select: sql`SELECT * FROM stock_ledger`,
      from: sql`stock_ledger`,
      where: [sql`variant_id = ${variantId}`],
      order: newestFirst(sql`id`),
      page,
      positionOf: positionById,
      itemOf: movementOf,
    });
  }
}

function conditionsOf({ variantId, sku, text, low }: InventoryCriteria): Sql[] {
  const conditions = [LIVE];
  if (variantId !== undefined) conditions.push(sql`v.id = ${variantId}`);
  if (sku !== undefined) conditions.push(sql`v.sku = ${sku}`);
  if (low) conditions.push(sql`i.low_stock_threshold IS NOT NULL AND i.on_hand - i.reserved <= i.low_stock_threshold`);
  if (text !== undefined) {
    const pattern = containing(fold(text));
    conditions.push(sql`(v.folded_sku LIKE ${pattern} OR p.sort_name LIKE ${pattern})`);
  }
  return conditions;
}

const inventoryRowOf = (row: ListedRow): InventoryRow => ({
  ...stockOf(row),
  sku: row.sku,
  name: row.product_name,
  available: row.on_hand - row.reserved,
});

const movementOf = (row: LedgerRow): MovementRow => ({
  id: row.id,
  variantId: row.variant_id,
  delta: row.delta,
  kind: row.kind,
  reason: row.reason,
  by: row.created_by,
  refType: row.ref_type,
  refId: row.ref_id,
  at: row.created_at,
});
