import type { Product, ProductChanges, ProductSnapshot } from '../../domain/catalog/product.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { DomainError, notFound } from '../../domain/shared/domain-error.ts';
import type { ProductId, VariantId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import {
  type CatalogPorts,
  type ChangeOfProduct,
  defined,
  openVariants,
  type VariantInput,
} from './product-command.ts';

interface Command extends ChangeOfProduct {
  readonly changes: ProductChanges;
  /** For a product of one variant: that variant's own facts. */
  readonly variant?: Partial<VariantInput> | undefined;
  /** All that the product shall have; those known by SKU are changed, the rest come and go. */
  readonly variants?: readonly VariantInput[] | undefined;
}

export class ChangeProduct {
  readonly #ports: CatalogPorts;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  async execute(command: Command): Promise<ProductSnapshot> {
    const { unitOfWork, clock } = this.#ports;
    const act = { at: clock.now(), by: command.by };
    return unitOfWork.run(async collections => {
      const product = await foundProduct(collections, command.productId);
      requireVersion(product.snapshot().version, command.expectedVersion);
      product.change(defined(command.changes), act);
      if (command.variant) await this.#changeOnlyVariant(collections, product, command.variant, act);
      if (command.variants) await this.#replaceVariants(collections, product, command.variants, act);
      await collections.products.save([product]);
      await collections.outbox.add([product.updated()]);
      return product.snapshot();
    });
  }

  async #changeOnlyVariant(collections: Collections, product: Product, input: Partial<VariantInput>, act: Act) {
    const [only, ...others] = product.liveVariants();
    if (others.length > 0)
      throw new DomainError('invalid', 'RULE_VIOLATION', 'It has several variants: change them one by one.', {
        variants: others.length + 1,
      });
    await changeVariant(collections, product, only!.id, input, act);
  }

  async #replaceVariants(collections: Collections, product: Product, inputs: readonly VariantInput[], act: Act) {
    const known = new Map(product.liveVariants().map(variant => [variant.sku, variant.id]));
    const idOf = (input: VariantInput) => input.sku && known.get(input.sku);
    const added = inputs.filter(input => !idOf(input));
    const kept = inputs.flatMap(input => (idOf(input) ? [{ id: idOf(input)!, input }] : []));
    const { drafts, stockItems } = openVariants(added, this.#ports.ids, act);
    if (drafts.length > 0) {
      product.addVariants(drafts, act);
      // Before their stock: it belongs to rows that must be there.
      await collections.products.save([product]);
      await collections.stock.save(stockItems);
    }
    for (const { id, input } of kept) await changeVariant(collections, product, id, input, act);
    for (const id of known.values()) if (!kept.some(variant => variant.id === id)) product.deleteVariant(id, act);
  }
}

export async function foundProduct({ products }: Collections, id: ProductId): Promise<Product> {
  const product = await products.find(id);
  if (!product) throw notFound('Product');
  return product;
}

/** The variant's facts, and its stock as counted now where that is given. */
export async function changeVariant(
  { stock, outbox }: Collections,
  product: Product,
  id: VariantId,
  { stock: onHand, ...facts }: Partial<VariantInput>,
  act: Act,
  expectedVersion?: number,
): Promise<void> {
  product.changeVariant(id, defined(facts), act, expectedVersion);
  if (onHand === undefined) return;
  const [item] = await stock.find([id]);
  item!.countedAs(onHand, act);
  await stock.save([item!]);
  await outbox.add([item!.changed()]);
}
