import type { Clock } from '../../application/ports/clock.ts';
import type { SearchChange, SearchChanges } from '../../application/ports/search-changes.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';
import { later } from './later.ts';
import type { Drafts } from './tables.ts';

export class InMemorySearchChanges implements SearchChanges {
  readonly #drafts: Drafts;
  readonly #clock: Clock;

  constructor(drafts: Drafts, clock: Clock) {
    this.#drafts = drafts;
    this.#clock = clock;
  }

  async note(of: { products: readonly ProductId[] } | { variants: readonly VariantId[] }): Promise<void> {
    const { products, productsByVariant, searchChanges } = this.#drafts;
    const named = 'products' in of ? of.products : of.variants.map(id => productsByVariant.get(id));
    const now = this.#clock.now();
    for (const productId of new Set(named)) {
      if (!productId || !products.get(productId)) continue;
      const version = (searchChanges.get(productId)?.version ?? 0) + 1;
      searchChanges.set(productId, { productId, version, told: false, notedAt: now, dueAt: now });
    }
  }

  async noteAgain(since: Date): Promise<void> {
    const noted = [...this.#drafts.searchChanges.values()].filter(({ notedAt }) => notedAt >= since);
    await this.note({ products: noted.map(({ productId }) => productId) });
  }

  async claim(limit: number, leaseSeconds: number): Promise<readonly SearchChange[]> {
    const now = this.#clock.now();
    const due = [...this.#drafts.searchChanges.values()]
      .filter(({ told, dueAt }) => !told && dueAt <= now)
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
      .slice(0, limit);
    for (const row of due) this.#drafts.searchChanges.set(row.productId, { ...row, dueAt: later(now, leaseSeconds) });
    return due.map(({ productId, version }) => ({ productId, version }));
  }

  async settle(changes: readonly SearchChange[]): Promise<void> {
    const { searchChanges } = this.#drafts;
    for (const { productId, version } of changes) {
      const row = searchChanges.get(productId);
      if (row?.version === version) searchChanges.set(productId, { ...row, told: true });
    }
  }

  async now(): Promise<Date> {
    return this.#clock.now();
  }
}
