import type { Product, VariantSnapshot } from '../../domain/catalog/product.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { notFound } from '../../domain/shared/domain-error.ts';
import type { ProductId, UserId, VariantId } from '../../domain/shared/ids.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import { changeVariant, foundProduct } from './change-product.ts';
import { type CatalogPorts, openVariants, type VariantInput } from './product-command.ts';

interface ChangeOfVariant {
  readonly variantId: VariantId;
  readonly by: UserId;
  readonly expectedVersion?: number | undefined;
}

/** Three small verbs on the variants of one product. */
export class ChangeVariants {
  readonly #ports: CatalogPorts;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  async add(command: { productId: ProductId; by: UserId; variant: VariantInput }): Promise<VariantSnapshot> {
    const act = { at: this.#ports.clock.now(), by: command.by };
    const { drafts, stockItems } = openVariants([command.variant], this.#ports.ids, act);
    return this.#ports.unitOfWork.run(async collections => {
      const product = await foundProduct(collections, command.productId);
      product.addVariants(drafts, act);
      await save(collections, product);
      await collections.stock.save(stockItems);
      return product.variant(drafts[0]!.id);
    });
  }

  /** Resolves to the product that the variant belongs to. */
  change(command: ChangeOfVariant & { changes: Partial<VariantInput> }): Promise<ProductId> {
    return this.#with(command, async (product, collections, act) => {
      const { variantId, changes, expectedVersion } = command;
      await changeVariant(collections, product, variantId, changes, act, expectedVersion);
      return product.snapshot().id;
    });
  }

  async remove(command: ChangeOfVariant): Promise<void> {
    await this.#with(command, async (product, _collections, act) =>
      product.deleteVariant(command.variantId, act, command.expectedVersion),
    );
  }

  async #with<Result>(
    { variantId, by }: ChangeOfVariant,
    change: (product: Product, collections: Collections, act: Act) => Promise<Result>,
  ): Promise<Result> {
    const act = { at: this.#ports.clock.now(), by };
    return this.#ports.unitOfWork.run(async collections => {
      const product = await collections.products.findByVariant(variantId);
      if (!product) throw notFound('Variant');
      const result = await change(product, collections, act);
      await save(collections, product);
      return result;
    });
  }
}

async function save({ products, outbox }: Collections, product: Product): Promise<void> {
  await products.save([product]);
  await outbox.add([product.updated()]);
}
