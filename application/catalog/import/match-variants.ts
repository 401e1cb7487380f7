import { MOST_VARIANTS, type Product, type VariantSnapshot } from '../../../domain/catalog/product.ts';
import type { Sku } from '../../../domain/catalog/sku.ts';
import type { VariantId } from '../../../domain/shared/ids.ts';
import type { Claims } from './claims.ts';
import type { RowFacts, VariantFacts } from './row-facts.ts';
import { optionsKey, sheetOptions } from './sheet-form.ts';
import { quoted } from './wording.ts';

export interface Match {
  /** More than one when the sheet repeats the variant; the last one counts. */
  readonly rows: readonly number[];
  readonly facts: VariantFacts;
  /** Undefined: a new variant. */
  readonly variant: VariantSnapshot | undefined;
}

export interface Matches {
  readonly found: readonly Match[];
  /** Why rows have no variant, by row. */
  readonly refused: ReadonlyMap<number, string>;
  readonly warnings: ReadonlyMap<number, string>;
}

export interface Surroundings {
  readonly handle: string;
  readonly product: Product | undefined;
  /** The SKUs of the file so far; those that are found are added. */
  readonly claims: Claims;
  /** The handle of another product whose live variant has the SKU. */
  readonly otherOwner: (sku: Sku) => string | undefined;
}

interface Spoken {
  readonly rows: readonly number[];
  readonly facts: VariantFacts;
  readonly key: string;
}

/** Which variant each row means: the one with its SKU, else an unclaimed one with its options, else a new one. */
export function matchVariants(rows: readonly RowFacts[], surroundings: Surroundings): Matches {
  const matching = new Matching(surroundings);
  const spoken = rows.flatMap(({ row: { row }, variant: facts }) =>
    facts ? [{ rows: [row], facts, key: optionsKey(facts.options ?? []) }] : [],
  );
  const named = matching.repeatsJoined(spoken.filter(({ facts }) => facts.sku));
  const entitled = named.filter(each => matching.mayUseItsSku(each));
  const unknown = entitled.filter(each => !matching.bySku(each));
  for (const each of unknown) matching.namedByOptions(each);
  const unnamed = matching.twinsRefused(
    spoken.filter(({ facts }) => !facts.sku),
    entitled,
  );
  for (const each of unnamed) matching.unnamed(each);
  return matching.result();
}

class Matching {
  readonly #about: Surroundings;
  readonly #live: readonly VariantSnapshot[];
  readonly #found: Match[] = [];
  readonly #refused = new Map<number, string>();
  readonly #warnings = new Map<number, string>();
  readonly #taken = new Set<VariantId>();

  constructor(about: Surroundings) {
    this.#about = about;
    this.#live = about.product?.liveVariants() ?? [];
  }

  repeatsJoined(spoken: readonly Spoken[]): readonly Spoken[] {
    const bySku = new Map<Sku, Spoken>();
    for (const each of spoken) {
      const sku = each.facts.sku!;
      const earlier = bySku.get(sku);
      if (earlier && earlier.key !== each.key) {
        this.#refuse(each, `The SKU ${quoted(sku)} is already that of row ${earlier.rows[0]}`);
        continue;
      }
      if (earlier)
        this.#warnings.set(each.rows[0]!, `says the variant of row ${earlier.rows[0]} again: this row counts`);
      bySku.set(sku, { ...each, rows: [...(earlier?.rows ?? []), ...each.rows] });
    }
    return [...bySku.values()];
  }

  mayUseItsSku(each: Spoken): boolean {
    const { claims, handle, otherOwner } = this.#about;
    const sku = each.facts.sku!;
    const claim = claims.get(sku);
    if (claim && (claim.handle !== handle || claim.optionsKey !== each.key))
      return this.#refuse(each, `The SKU ${quoted(sku)} is already that of row ${claim.row} (${claim.handle})`);
    const owner = claim ? undefined : otherOwner(sku);
    if (owner === undefined) return true;
    return this.#refuse(each, `The SKU ${quoted(sku)} is already that of the product ${quoted(owner)}`);
  }

  bySku(each: Spoken): boolean {
    const variant = this.#live.find(({ sku }) => sku === each.facts.sku);
    if (variant) this.#match(each, variant);
    return variant !== undefined;
  }

  namedByOptions(each: Spoken): void {
    if (!each.facts.options && this.#about.product) {
      this.#refuse(each, `The SKU ${quoted(each.facts.sku!)} is not known, and the sheet has no options for a new one`);
      return;
    }
    // What the file has called by another SKU is another variant, even with the same options.
    this.#match(
      each,
      this.#unclaimed(each, ({ sku }) => !this.#about.claims.get(sku)),
    );
  }

  twinsRefused(spoken: readonly Spoken[], named: readonly Spoken[]): readonly Spoken[] {
    const rowOf = new Map(named.map(({ key, rows }) => [key, rows[0]!]));
    return spoken.filter(each => {
      const twin = rowOf.get(each.key);
      if (twin !== undefined)
        return this.#refuse(each, `has the same options as row ${twin}, and no SKU to tell them apart`);
      rowOf.set(each.key, each.rows[0]!);
      return true;
    });
  }

  unnamed(each: Spoken): void {
    if (each.facts.options)
      this.#match(
        each,
        this.#unclaimed(each, () => true),
      );
    else if (this.#live.length <= 1) this.#match(each, this.#live[0]);
    else this.#refuse(each, 'says neither a SKU nor options, and the product has several variants');
  }

  result(): Matches {
    const found = this.#found.toSorted((a, b) => a.rows[0]! - b.rows[0]!);
    return { found, refused: this.#refused, warnings: this.#warnings };
  }

  #unclaimed({ key }: Spoken, also: (variant: VariantSnapshot) => boolean): VariantSnapshot | undefined {
    return this.#live.find(
      variant => !this.#taken.has(variant.id) && optionsKey(sheetOptions(variant)) === key && also(variant),
    );
  }

  #match(each: Spoken, variant: VariantSnapshot | undefined): void {
    if (!variant && !each.facts.price) {
      this.#refuse(each, 'is a new variant and has no price');
      return;
    }
    const added = this.#found.filter(match => !match.variant).length;
    if (!variant && this.#live.length + added >= MOST_VARIANTS) {
      this.#refuse(each, `is one too many: a product has at most ${MOST_VARIANTS} variants`);
      return;
    }
    if (variant) this.#taken.add(variant.id);
    this.#found.push({ rows: each.rows, facts: each.facts, variant });
    const { claims, handle } = this.#about;
    if (each.facts.sku) claims.add(each.facts.sku, { row: each.rows[0]!, handle, optionsKey: each.key });
  }

  #refuse(each: Spoken, why: string): false {
    for (const row of each.rows) this.#refused.set(row, why);
    return false;
  }
}
