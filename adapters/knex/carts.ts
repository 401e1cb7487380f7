import type { CartQueries, Carts } from '../../application/ports/carts.ts';
import { Cart, type CartLine, type CartSnapshot, type CartStatus } from '../../domain/cart/cart.ts';
import type { CartId, UserId, VariantId } from '../../domain/shared/ids.ts';
import { type AuditRow, auditOf, auditRow, moneyOf } from './rows.ts';
import { insert, type Query, sql, type Sql, type Tell, upsert } from './sql.ts';

interface CartRow extends AuditRow {
  readonly id: CartId;
  readonly user_id: UserId | null;
  readonly token_hash: string | null;
  readonly status: CartStatus;
}

interface LineRow {
  readonly cart_id: CartId;
  readonly variant_id: VariantId;
  readonly quantity: number;
  readonly seen_price: number;
  readonly currency: string;
}

const LINES = sql`
  COALESCE((SELECT json_agg(l ORDER BY l.position) FROM cart_items l WHERE l.cart_id = c.id), '[]')`;

export class KnexCarts implements Carts {
  readonly #query: Query;
  readonly #tell: Tell;
  /** The lines as they are stored, so that a cart which only changes its status does not write them again. */
  readonly #stored = new WeakMap<Cart, readonly CartLine[]>();

  constructor(query: Query, tell: Tell) {
    this.#query = query;
    this.#tell = tell;
  }

  find(id: CartId): Promise<Cart | undefined> {
    return this.#locked(sql`id = ${id}`);
  }

  findByToken(tokenHash: string): Promise<Cart | undefined> {
    return this.#locked(sql`token_hash = ${tokenHash}`);
  }

  findOpenOf(userId: UserId): Promise<Cart | undefined> {
    return this.#locked(sql`user_id = ${userId} AND status = 'OPEN'`);
  }

  findLastConvertedOf(userId: UserId): Promise<Cart | undefined> {
    return this.#locked(sql`user_id = ${userId} AND status = 'CONVERTED' ORDER BY updated_at DESC, id DESC LIMIT 1`);
  }

  async findOrOpen(userId: UserId, fresh: Cart): Promise<Cart> {
    const open = await this.findOpenOf(userId);
    if (open) return open;
    // Waits for whoever is opening one at this moment; then theirs is the one.
    const [opened] = await this.#query(sql`
      ${insert('carts', [rowOf(fresh.snapshot())])}
      ON CONFLICT (user_id) WHERE status = 'OPEN' DO NOTHING RETURNING id`);
    if (!opened) return this.findOrOpen(userId, fresh);
    this.#saveLines(fresh);
    return fresh;
  }

  async save(cart: Cart): Promise<void> {
    const snapshot = cart.snapshot();
    const stored = this.#stored.get(cart);
    this.#tell(stored ? changed(rowOf(snapshot)) : upsert('carts', 'id', [rowOf(snapshot)]));
    if (stored !== snapshot.lines) this.#saveLines(cart);
  }

  /**
   * Waiting for the lock shows the cart as it is then, but its lines as they were before. Whoever changes lines counts
   * up the version of the cart, so they are read again when it is not the version that came with the lines.
   */
  async #locked(condition: Sql): Promise<Cart | undefined> {
    const [row] = await this.#query<CartRow & { lines: readonly LineRow[]; version_of_lines: number }>(sql`
      SELECT c.*, ${LINES} AS lines, (SELECT version FROM carts WHERE id = c.id) AS version_of_lines
        FROM carts c WHERE ${condition} FOR NO KEY UPDATE OF c`);
    if (!row) return undefined;
    const lines = row.version_of_lines === row.version ? row.lines : await this.#linesOf(row.id);
    const cart = Cart.restore(cartOf(row, lines));
    this.#stored.set(cart, cart.snapshot().lines);
    return cart;
  }

  #linesOf(id: CartId): Promise<LineRow[]> {
    return this.#query<LineRow>(sql`SELECT * FROM cart_items WHERE cart_id = ${id} ORDER BY position`);
  }

  #saveLines(cart: Cart): void {
    const { id, lines } = cart.snapshot();
    const rows = lines.map((line, position) => ({
      cart_id: id,
      variant_id: line.variantId,
      position,
      quantity: line.quantity,
      seen_price: line.seenPrice.amount,
      currency: line.seenPrice.currency,
    }));
    const removed = sql`
      DELETE FROM cart_items WHERE cart_id = ${id} AND variant_id <> ALL(${rows.map(row => row.variant_id)}::uuid[])`;
    this.#tell(
      rows.length === 0
        ? removed
        : sql`WITH removed AS (${removed}) ${upsert('cart_items', 'cart_id, variant_id', rows)}`,
    );
    this.#stored.set(cart, lines);
  }
}

export class KnexCartQueries implements CartQueries {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  byToken(tokenHash: string): Promise<CartSnapshot | undefined> {
    return this.#find(sql`c.token_hash = ${tokenHash}`);
  }

  openOf(userId: UserId): Promise<CartSnapshot | undefined> {
    return this.#find(sql`c.user_id = ${userId} AND c.status = 'OPEN'`);
  }

  async #find(condition: Sql): Promise<CartSnapshot | undefined> {
    const [row] = await this.#query<CartRow & { lines: readonly LineRow[] }>(sql`
      SELECT c.*, ${LINES} AS lines FROM carts c WHERE ${condition}`);
    return row && cartOf(row, row.lines);
  }
}

/** Cheaper than adding a row that is there already. */
const changed = ({ id, user_id, token_hash, status, updated_at, updated_by, version }: CartRow): Sql => sql`
  UPDATE carts SET user_id = ${user_id}, token_hash = ${token_hash}, status = ${status}, updated_at = ${updated_at},
         updated_by = ${updated_by}, version = ${version}
   WHERE id = ${id}`;

const cartOf = (row: CartRow, lines: readonly LineRow[]): CartSnapshot => ({
  id: row.id,
  userId: row.user_id,
  tokenHash: row.token_hash,
  status: row.status,
  lines: lines.map(line => ({
    variantId: line.variant_id,
    quantity: line.quantity,
    seenPrice: moneyOf(line.seen_price, line.currency),
  })),
  ...auditOf(row),
});

const rowOf = (cart: CartSnapshot): CartRow => ({
  id: cart.id,
  user_id: cart.userId,
  token_hash: cart.tokenHash,
  status: cart.status,
  ...auditRow(cart),
});
