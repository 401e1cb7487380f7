import { type Act, type Audit, created, revised } from '../shared/audit.ts';
import { DomainError, notFound } from '../shared/domain-error.ts';
import type { DomainEvent } from '../shared/event.ts';
import type { CategoryId, ProductId, VariantId } from '../shared/ids.ts';
import type { Money } from '../shared/money.ts';
import { slugify } from '../shared/text.ts';
import { requireVersion } from '../shared/versions.ts';
import { type Sku, suggestSku } from './sku.ts';

export interface VariantOption {
  readonly name: string;
  readonly value: string;
}

export interface VariantSnapshot extends Audit {
  readonly id: VariantId;
  readonly sku: Sku;
  readonly name: string;
  readonly options: readonly VariantOption[];
  readonly price: Money;
  readonly compareAtPrice: Money | null;
  readonly barcode: string | null;
  readonly grams: number | null;
  readonly deletedAt: Date | null;
}

export interface ProductImage {
  readonly src: string;
  readonly alt: string;
}

export type ProductStatus = 'active' | 'draft';

export interface ProductSnapshot extends Audit {
  readonly id: ProductId;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly categoryId: CategoryId;
  readonly vendor: string;
  readonly tags: readonly string[];
  readonly status: ProductStatus;
  readonly images: readonly ProductImage[];
  /** In the order they are shown; deleted ones stay, because orders and movements speak of them. */
  readonly variants: readonly VariantSnapshot[];
  readonly deletedAt: Date | null;
}

export interface VariantDraft {
  readonly id: VariantId;
  readonly sku?: Sku | undefined;
  readonly name?: string | undefined;
  readonly options?: readonly VariantOption[] | undefined;
  readonly price: Money;
  readonly compareAtPrice?: Money | null | undefined;
  readonly barcode?: string | null | undefined;
  readonly grams?: number | null | undefined;
}

export type ProductChanges = Partial<
  Pick<ProductSnapshot, 'name' | 'slug' | 'description' | 'categoryId' | 'vendor' | 'tags' | 'status' | 'images'>
>;
export type VariantChanges = Partial<
  Pick<VariantSnapshot, 'sku' | 'name' | 'options' | 'price' | 'compareAtPrice' | 'barcode' | 'grams'>
>;

/** How many variants one product may have; real catalogues reach 69. */
export const MOST_VARIANTS = 250;

/** Something that the shop offers, in one or more variants. Stock is not here: it changes with every sale. */
export class Product {
  #state: ProductSnapshot;

  private constructor(state: ProductSnapshot) {
    this.#state = state;
  }

  static create(
    facts: Pick<ProductSnapshot, 'id' | 'name' | 'categoryId'> & ProductChanges & { variants: readonly VariantDraft[] },
    act: Act,
  ): Product {
    const product = new Product({
      id: facts.id,
      name: facts.name,
      slug: facts.slug ?? `${slugify(facts.name) || 'product'}-${facts.id.slice(-6)}`,
      description: facts.description ?? '',
      categoryId: facts.categoryId,
      vendor: facts.vendor ?? '',
      tags: facts.tags ?? [],
      status: facts.status ?? 'active',
      images: facts.images ?? [],
      variants: [],
      deletedAt: null,
      ...created(act),
    });
    product.#append(facts.variants, act);
    return product;
  }

  static restore(snapshot: ProductSnapshot): Product {
    return new Product(snapshot);
  }

  snapshot(): ProductSnapshot {
    return this.#state;
  }

  change(changes: ProductChanges, act: Act): void {
    this.#state = revised({ ...this.#state, ...changes }, act);
  }

  addVariants(drafts: readonly VariantDraft[], act: Act): void {
    this.#append(drafts, act);
    this.#state = revised(this.#state, act);
  }

  changeVariant(id: VariantId, changes: VariantChanges, act: Act, expectedVersion?: number): void {
    const variant = this.variant(id);
    requireVersion(variant.version, expectedVersion);
    this.#replace(revised({ ...variant, ...changes }, act), act);
  }

  deleteVariant(id: VariantId, act: Act, expectedVersion?: number): void {
    const variant = this.variant(id);
    requireVersion(variant.version, expectedVersion);
    if (this.liveVariants().length === 1)
      throw new DomainError(
        'invalid',
        'LAST_VARIANT',
        'A product keeps at least one variant: delete the product instead.',
      );
    this.#replace(revised({ ...variant, deletedAt: act.at }, act), act);
  }

  /** Its variants go with it, so that their SKUs are free again. */
  delete(act: Act): void {
    const variants = this.#state.variants.map(variant =>
      variant.deletedAt ? variant : revised({ ...variant, deletedAt: act.at }, act),
    );
    this.#state = revised({ ...this.#state, variants, deletedAt: act.at }, act);
  }

  liveVariants(): readonly VariantSnapshot[] {
    return this.#state.variants.filter(variant => !variant.deletedAt);
  }

  variant(id: VariantId): VariantSnapshot {
    const variant = this.liveVariants().find(candidate => candidate.id === id);
    if (!variant) throw notFound('Variant');
    return variant;
  }

  /** The event that tells search, caches and webhooks; the same for every change. */
  updated(): DomainEvent {
    return {
      type: this.#state.deletedAt
        ? 'product.deleted'
        : this.#state.version === 1
          ? 'product.created'
          : 'product.updated',
      aggregateType: 'product',
      aggregateId: this.#state.id,
      aggregateVersion: this.#state.version,
      payload: { product_id: this.#state.id, slug: this.#state.slug },
    };
  }

  #append(drafts: readonly VariantDraft[], act: Act): void {
    const added = drafts.map((draft): VariantSnapshot => ({
      id: draft.id,
      sku: draft.sku ?? suggestSku(this.#state.name, draft.id),
      name: draft.name ?? (draft.options?.map(option => option.value).join(' / ') || 'Default'),
      options: draft.options ?? [],
      price: draft.price,
      compareAtPrice: draft.compareAtPrice ?? null,
      barcode: draft.barcode ?? null,
      grams: draft.grams ?? null,
      deletedAt: null,
      ...created(act),
    }));
    this.#state = { ...this.#state, variants: [...this.#state.variants, ...added] };
    if (this.liveVariants().length > MOST_VARIANTS)
      throw new DomainError('invalid', 'TOO_MANY_VARIANTS', `A product has at most ${MOST_VARIANTS} variants.`);
    this.#requireOneCurrency();
  }

  #replace(changed: VariantSnapshot, act: Act): void {
    const variants = this.#state.variants.map(variant => (variant.id === changed.id ? changed : variant));
    this.#state = revised({ ...this.#state, variants }, act);
    this.#requireOneCurrency();
  }

  /** Else nothing could be said of its lowest price. */
  #requireOneCurrency(): void {
    const prices = this.liveVariants().flatMap(({ price, compareAtPrice }) => [price, compareAtPrice ?? price]);
    if (prices.some(({ currency }) => currency !== prices[0]!.currency))
      throw new DomainError('invalid', 'CURRENCY_MISMATCH', 'A product has prices of one currency.');
  }
}
