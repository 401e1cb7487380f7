import { Product, type VariantChanges, type VariantSnapshot } from '../../../domain/catalog/product.ts';
import type { ImportNote, ImportOutcome } from '../../../domain/catalog/product-import.ts';
import { StockItem } from '../../../domain/inventory/stock-item.ts';
import type { Act } from '../../../domain/shared/audit.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import type { DomainEvent } from '../../../domain/shared/event.ts';
import { ProductId, VariantId } from '../../../domain/shared/ids.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Match } from './match-variants.ts';
import { differences, mergedImages } from './product-facts.ts';
import type { ReadBlock } from './read-block.ts';
import type { VariantFacts } from './row-facts.ts';
import { optionsKey, sheetOptions } from './sheet-form.ts';
import type { Shelves } from './shelves.ts';

/** What taking in one product comes to; nothing is written yet. */
export interface ProductPlan {
  readonly outcome: ImportOutcome;
  /** New or changed; absent when it stays as it is. */
  readonly product?: Product;
  /** New or changed. */
  readonly stock: readonly StockItem[];
  readonly events: readonly DomainEvent[];
}

export interface PlanTools {
  readonly stockOf: (id: VariantId) => StockItem | undefined;
  readonly shelves: Shelves;
  readonly ids: Ids;
  readonly act: Act;
}

export function planProduct(block: ReadBlock, tools: PlanTools): ProductPlan {
  if (block.rows.length === 0) return { outcome: outcomeOf(block, 'skipped', block.errors), stock: [], events: [] };
  if (block.product) return changed(block, block.product, tools);
  return block.matches.length > 0 ? made(block, tools) : unmade(block);
}

function unmade(block: ReadBlock): ProductPlan {
  const message = 'belongs to a product that is not there, and no row of it has a variant that could be taken in';
  const left = block.rows.map(({ row }): ImportNote => ({ row: row.row, handle: block.handle, message }));
  return { outcome: outcomeOf({ ...block, rows: [] }, 'skipped', [...block.errors, ...left]), stock: [], events: [] };
}

function made(block: ReadBlock, { shelves, ids, act }: PlanTools): ProductPlan {
  const { handle, facts } = block;
  const drafts = block.matches.map(match => ({ match, id: VariantId(ids.next()) }));
  const product = Product.create(
    {
      id: ProductId(ids.next()),
      name: facts.name ?? handle,
      slug: handle,
      description: facts.description ?? '',
      categoryId: shelves.place(facts.categoryPath, ids, act),
      vendor: facts.vendor ?? '',
      tags: facts.tags ?? [],
      status: facts.status ?? 'active',
      images: mergedImages([], imagesOf(block)),
      variants: drafts.map(({ match, id }) => draftOf(match, id)),
    },
    act,
  );
  const stock = drafts.map(({ match, id }) => StockItem.open(id, match.facts.quantity ?? 0, act));
  const nameless = { row: facts.head.row, handle, message: 'has no title: the product is called by its handle' };
  const warnings = facts.name ? block.warnings : [...block.warnings, nameless];
  return {
    outcome: outcomeOf({ ...block, warnings }, 'created', block.errors),
    product,
    stock,
    events: [product.updated()],
  };
}

const draftOf = ({ facts }: Match, id: VariantId) => ({
  id,
  sku: facts.sku,
  options: facts.options ?? [],
  price: facts.price!,
  compareAtPrice: facts.compareAtPrice,
  barcode: facts.barcode,
  grams: facts.grams,
});

function changed(block: ReadBlock, product: Product, tools: PlanTools): ProductPlan {
  const { act, ids, shelves } = tools;
  const before = product.snapshot();
  const counts = countStock(block, tools);
  const rows = block.rows.filter(({ row }) => !counts.refused.has(row.row));
  const errors = [...block.errors, ...counts.refused.values()];
  if (rows.length === 0) return { outcome: outcomeOf({ ...block, rows }, 'skipped', errors), stock: [], events: [] };

  const drafts = counts.kept.filter(match => !match.variant).map(match => ({ match, id: VariantId(ids.next()) }));
  for (const { variant, facts } of counts.kept) {
    const changes = variant && variantChanges(variant, facts);
    if (changes && Object.keys(changes).length > 0) product.changeVariant(variant.id, changes, act);
  }
  if (drafts.length > 0)
    product.addVariants(
      drafts.map(({ match, id }) => draftOf(match, id)),
      act,
    );
  const path = block.facts.categoryPath;
  const moved = path && !shelves.holds(before.categoryId, path) && { categoryId: shelves.place(path, ids, act) };
  const changes = { ...differences(before, block.facts, imagesOf({ ...block, rows })), ...moved };
  if (Object.keys(changes).length > 0) product.change(changes, act);

  const isChanged = product.snapshot().version > before.version;
  const opened = drafts.map(({ match, id }) => StockItem.open(id, match.facts.quantity ?? 0, act));
  const isDifferent = isChanged || counts.counted.length > 0;
  return {
    outcome: outcomeOf({ ...block, rows }, isDifferent ? 'updated' : 'skipped', errors),
    ...(isChanged && { product }),
    stock: [...counts.counted, ...opened],
    events: [...(isChanged ? [product.updated()] : []), ...counts.counted.map(item => item.changed())],
  };
}

/** Sets the stock of variants that are there; those whose units are promised to orders are refused. */
function countStock({ matches, handle }: ReadBlock, { stockOf, act }: PlanTools) {
  const kept: Match[] = [];
  const counted: StockItem[] = [];
  const refused = new Map<number, ImportNote>();
  for (const match of matches) {
    const { quantity } = match.facts;
    const item = match.variant && quantity !== undefined ? stockOf(match.variant.id) : undefined;
    try {
      if (item && item.snapshot().onHand !== quantity) {
        item.countedAs(quantity!, act, 'import');
        counted.push(item);
      } else if (match.variant && quantity !== undefined && !item)
        counted.push(StockItem.open(match.variant.id, quantity, act));
      kept.push(match);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      for (const row of match.rows) refused.set(row, { row, handle, message: error.message });
    }
  }
  return { kept, counted, refused };
}

function variantChanges(before: VariantSnapshot, facts: VariantFacts): VariantChanges {
  const { sku, options, price, compareAtPrice, barcode, grams } = facts;
  const sameOptions = !options || optionsKey(sheetOptions(before)) === optionsKey(options);
  return {
    ...(sku && sku !== before.sku && { sku }),
    ...(!sameOptions && { options, name: options.map(({ value }) => value).join(' / ') || 'Default' }),
    ...(price && !price.equals(before.price) && { price }),
    ...(compareAtPrice !== undefined && !sameMoney(compareAtPrice, before.compareAtPrice) && { compareAtPrice }),
    ...(barcode !== undefined && (barcode ?? '') !== (before.barcode ?? '').trim() && { barcode }),
    ...(grams !== undefined && grams !== before.grams && { grams }),
  };
}

const sameMoney = (a: VariantSnapshot['compareAtPrice'], b: VariantSnapshot['compareAtPrice']): boolean =>
  a === null || b === null ? a === b : a.equals(b);

const imagesOf = ({ rows }: Pick<ReadBlock, 'rows'>) => rows.flatMap(({ image }) => image ?? []);

function outcomeOf(
  block: Pick<ReadBlock, 'rows' | 'warnings'>,
  how: 'created' | 'updated' | 'skipped',
  errors: readonly ImportNote[],
): ImportOutcome {
  const failed = new Set(errors.map(({ row }) => row));
  const warnings = block.warnings.filter(({ row }) => !failed.has(row));
  return { created: 0, updated: 0, skipped: 0, [how]: block.rows.length, errors, warnings };
}
