import { Product, type ProductChanges, type ProductSnapshot } from '../../domain/catalog/product.ts';
import type { CategoryId, UserId } from '../../domain/shared/ids.ts';
import { ProductId } from '../../domain/shared/ids.ts';
import { type CatalogPorts, defined, openVariants, type VariantInput } from './product-command.ts';

export interface NewProduct extends ProductChanges {
  readonly name: string;
  readonly categoryId: CategoryId;
  readonly variants: readonly VariantInput[];
}

export class CreateProduct {
  readonly #ports: CatalogPorts;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  async execute(command: { product: NewProduct; by: UserId }): Promise<ProductSnapshot> {
    const { unitOfWork, clock, ids } = this.#ports;
    const act = { at: clock.now(), by: command.by };
    const { drafts, stockItems } = openVariants(command.product.variants, ids, act);
    const { name, categoryId, variants: _inputs, ...rest } = command.product;
    const facts = { ...defined(rest), name, categoryId, id: ProductId(ids.next()), variants: drafts };
    const product = Product.create(facts, act);
    await unitOfWork.run(async ({ products, stock, outbox }) => {
      await products.save([product]);
      await stock.save(stockItems);
      await outbox.add([product.updated()]);
    });
    return product.snapshot();
  }
}
