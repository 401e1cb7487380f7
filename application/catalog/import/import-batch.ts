import type { Product } from '../../../domain/catalog/product.ts';
import { Sku } from '../../../domain/catalog/sku.ts';
import type { Act } from '../../../domain/shared/audit.ts';
import type { Currency } from '../../../domain/shared/currency.ts';
import type { ProductId, VariantId } from '../../../domain/shared/ids.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Collections } from '../../ports/unit-of-work.ts';
import type { Batch } from './batches.ts';
import type { Claims } from './claims.ts';
import { planProduct, type ProductPlan } from './plan-product.ts';
import { readBlock, type ReadBlock } from './read-block.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Shelves } from './shelves.ts';

export interface BatchTools {
  readonly currency: Currency;
  readonly ids: Ids;
  readonly act: Act;
  /** Both are drafts that only this batch sees. */
  readonly claims: Claims;
  readonly shelves: Shelves;
  /** What an import that writes nothing goes by; undefined when it does write. */
  readonly rehearsal: Rehearsal | undefined;
}

/** Plans a batch with one question to each collection, however many products there are. */
export async function planBatch(
  collections: Collections,
  batch: Batch,
  tools: BatchTools,
): Promise<readonly ProductPlan[]> {
  const blocks = await read(collections, batch, tools);
  const wanted = blocks.flatMap(({ matches }) =>
    matches.flatMap(({ variant, facts }) => (variant && facts.quantity !== undefined ? [variant.id] : [])),
  );
  const stock = new Map<VariantId, Awaited<ReturnType<Collections['stock']['find']>>[number]>();
  if (wanted.length > 0)
    for (const item of await collections.stock.find(wanted)) stock.set(item.snapshot().variantId, item);
  const stockOf = (id: VariantId) => tools.rehearsal?.stock(id) ?? stock.get(id);
  return blocks.map(block => planProduct(block, { ...tools, stockOf }));
}

async function read({ products }: Collections, batch: Batch, tools: BatchTools): Promise<readonly ReadBlock[]> {
  if (batch.blocks.length === 0) return [];
  const bySlug = new Map<string, Product>();
  for (const product of await products.findBySlugs(batch.blocks.map(({ handle }) => handle)))
    bySlug.set(product.snapshot().slug, product);
  const others = await handlesOfOthers(products, batch, bySlug);
  return batch.blocks.map(block => {
    const product = tools.rehearsal?.product(block.handle) ?? bySlug.get(block.handle);
    const otherOwner = (sku: Sku) => {
      const owner = others.get(sku);
      return owner === block.handle ? undefined : owner;
    };
    return readBlock(block, tools.currency, { product, claims: tools.claims, otherOwner });
  });
}

/** The handle of the product that holds each SKU of the batch; asks once more only about those it has not met. */
async function handlesOfOthers(
  products: Collections['products'],
  batch: Batch,
  bySlug: ReadonlyMap<string, Product>,
): Promise<ReadonlyMap<Sku, string>> {
  const skus = new Set(batch.blocks.flatMap(({ rows }) => rows.flatMap(({ sku }) => usable(sku) ?? [])));
  if (skus.size === 0) return new Map();
  const handles = new Map<ProductId, string>();
  for (const [slug, product] of bySlug) handles.set(product.snapshot().id, slug);
  const owners = await products.ownersOf([...skus]);
  for (const id of new Set(owners.values()))
    if (!handles.has(id)) handles.set(id, (await products.find(id))?.snapshot().slug ?? id);
  return new Map([...owners].map(([sku, id]) => [sku, handles.get(id)!]));
}

/** A SKU that the row reader will refuse anyway needs no owner. */
function usable(text: string): Sku | undefined {
  try {
    return Sku(text);
  } catch {
    return undefined;
  }
}

export async function writePlans(
  { categories, products, stock, outbox }: Collections,
  plans: readonly ProductPlan[],
  shelves: Shelves,
): Promise<void> {
  const changed = plans.flatMap(({ product }) => product ?? []);
  const items = plans.flatMap(plan => plan.stock);
  const events = plans.flatMap(plan => plan.events);
  if (shelves.added.length > 0) await categories.save(shelves.added);
  if (changed.length > 0) await products.save(changed);
  if (items.length > 0) await stock.save(items);
  if (events.length > 0) await outbox.add(events);
}
