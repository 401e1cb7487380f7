import type { Sku } from '../../../domain/catalog/sku.ts';

/** Which row of the file took a SKU. */
export interface Claim {
  readonly row: number;
  readonly handle: string;
  readonly optionsKey: string;
}

/** The SKUs that the file has taken so far; what is added to a draft is not known to the others until it is kept. */
export class Claims {
  readonly #kept: Map<Sku, Claim>;
  readonly #added = new Map<Sku, Claim>();

  private constructor(kept: Map<Sku, Claim>) {
    this.#kept = kept;
  }

  static none(): Claims {
    return new Claims(new Map());
  }

  draft(): Claims {
    return new Claims(this.#kept);
  }

  get(sku: Sku): Claim | undefined {
    return this.#added.get(sku) ?? this.#kept.get(sku);
  }

  add(sku: Sku, claim: Claim): void {
    this.#added.set(sku, claim);
  }

  keep(): void {
    for (const [sku, claim] of this.#added) this.#kept.set(sku, claim);
  }
}
