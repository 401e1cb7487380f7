import { requireVersion } from '../../domain/shared/versions.ts';
import { foundProduct } from './change-product.ts';
import type { CatalogPorts, ChangeOfProduct } from './product-command.ts';

/** Takes a product out of the shop. Orders keep what they say of it. */
export class DeleteProduct {
  readonly #ports: CatalogPorts;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  async execute({ productId, by, expectedVersion }: ChangeOfProduct): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async collections => {
      const product = await foundProduct(collections, productId);
      requireVersion(product.snapshot().version, expectedVersion);
      product.delete({ at: clock.now(), by });
      await collections.products.save([product]);
      await collections.outbox.add([product.updated()]);
    });
  }
}
