import type { SearchChange, SearchChanges } from '../../application/ports/search-changes.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';
import { type Query, sql, type Sql } from './sql.ts';

export class KnexSearchChanges implements SearchChanges {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  note(of: { products: readonly ProductId[] } | { variants: readonly VariantId[] }): Promise<void> {
    if ('products' in of) return this.#note(sql`SELECT id FROM products WHERE id = ANY(${[...of.products]}::uuid[])`);
    return this.#note(sql`
      SELECT DISTINCT product_id AS id FROM product_variants WHERE id = ANY(${[...of.variants]}::uuid[])`);
  }

  noteAgain(since: Date): Promise<void> {
    return this.#note(sql`SELECT product_id AS id FROM search_changes WHERE noted_at >= ${since}`);
  }

  async claim(limit: number, leaseSeconds: number): Promise<readonly SearchChange[]> {
    const rows = await this.#query<{ product_id: ProductId; version: number }>(sql`
      WITH due AS MATERIALIZED (
        SELECT product_id, version FROM search_changes WHERE NOT told AND next_attempt_at <= now()
         ORDER BY next_attempt_at FOR NO KEY UPDATE SKIP LOCKED LIMIT ${limit}
      ), claimed AS (
        UPDATE search_changes c SET next_attempt_at = now() + make_interval(secs => ${leaseSeconds})
          FROM due d WHERE c.product_id = d.product_id
      )
      SELECT * FROM due`);
    return rows.map(row => ({ productId: row.product_id, version: row.version }));
  }

  async settle(changes: readonly SearchChange[]): Promise<void> {
    const [ids, versions] = [changes.map(({ productId }) => productId), changes.map(({ version }) => version)];
    await this.#query(sql`
      WITH settled AS MATERIALIZED (
        SELECT c.product_id FROM search_changes c
          JOIN unnest(${ids}::uuid[], ${versions}::bigint[]) AS s (id, version)
            ON s.id = c.product_id AND s.version = c.version
         ORDER BY c.product_id FOR NO KEY UPDATE OF c
      )
      UPDATE search_changes c SET told = true FROM settled s WHERE c.product_id = s.product_id`);
  }

  async now(): Promise<Date> {
    const [row] = await this.#query<{ now: Date }>(sql`SELECT now() AS now`);
    return row!.now;
  }

  async #note(ids: Sql): Promise<void> {
    await this.#query(sql`
      INSERT INTO search_changes (product_id, version, told) SELECT n.id, 1, false FROM (${ids}) n ORDER BY n.id
      ON CONFLICT (product_id) DO UPDATE
         SET version = search_changes.version + 1, told = false, noted_at = now(), next_attempt_at = now()`);
  }
}
