import type { ProductId, VariantId } from '../../domain/shared/ids.ts';

export interface SearchChange {
  readonly productId: ProductId;
  /** Grows with each change of the product. */
  readonly version: number;
}

/** Which products the search index has yet to be told of. Each is there once, however often it has changed. */
export interface SearchChanges {
  /** They have changed. Those that nobody knows are passed over. */
  note(of: { readonly products: readonly ProductId[] } | { readonly variants: readonly VariantId[] }): Promise<void>;
  /** Notes again what was noted since then, by the store's clock. */
  noteAgain(since: Date): Promise<void>;
  /** Products that nobody is telling the index of, the longest waiting first, and theirs alone for the lease. */
  claim(limit: number, leaseSeconds: number): Promise<readonly SearchChange[]>;
  /** The index has been told; whatever has changed once more since it was claimed stays. */
  settle(changes: readonly SearchChange[]): Promise<void>;
  /** What time it is by the store's clock. */
  now(): Promise<Date>;
}
