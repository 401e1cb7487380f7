import type { StockItem, StockSnapshot } from '../../domain/inventory/stock-item.ts';
import { DomainError, notFound } from '../../domain/shared/domain-error.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { ProductId, UserId, VariantId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Collections, UnitOfWork } from '../ports/unit-of-work.ts';

interface Change {
  readonly variantId: VariantId;
  readonly by: UserId;
  readonly expectedVersion?: number | undefined;
}

interface Count {
  readonly stockQty?: number | undefined;
  readonly lowStockThreshold?: number | null | undefined;
}

/** What staff do to stock. Every unit that comes or goes leaves a line in the ledger. */
export class ChangeStock {
  readonly #ports: { readonly unitOfWork: UnitOfWork; readonly clock: Clock };

  constructor(ports: { unitOfWork: UnitOfWork; clock: Clock }) {
    this.#ports = ports;
  }

  adjust(command: Change & { delta: number; reason: string }): Promise<StockSnapshot> {
    return this.#ports.unitOfWork.run(collections =>
      this.#change(collections, command, (item, act) => item.adjust(command.delta, command.reason, act)),
    );
  }

  count(command: Change & Count): Promise<StockSnapshot> {
    return this.#ports.unitOfWork.run(collections => this.#count(collections, command));
  }

  /** For a product of one variant, where no other can be meant. */
  countProduct({ productId, ...rest }: Omit<Change, 'variantId'> & Count & { productId: ProductId }) {
    return this.#ports.unitOfWork.run(async collections => {
      const product = await collections.products.find(productId);
      if (!product) throw notFound('Product');
      const [only, ...others] = product.liveVariants();
      if (others.length > 0)
        throw new DomainError('invalid', 'RULE_VIOLATION', 'It has several variants: count each of them.', {
          variant_ids: product.liveVariants().map(variant => variant.id),
        });
      return this.#count(collections, { ...rest, variantId: only!.id });
    });
  }

  #count(collections: Collections, command: Change & Count): Promise<StockSnapshot> {
    return this.#change(collections, command, (item, act) => {
      if (command.stockQty !== undefined) item.countedAs(command.stockQty, act);
      if (command.lowStockThreshold !== undefined) item.warnAt(command.lowStockThreshold, act);
    });
  }

  async #change(
    { stock, outbox }: Collections,
    { variantId, by, expectedVersion }: Change,
    change: (item: StockItem, act: Act) => void,
  ): Promise<StockSnapshot> {
    const [item] = await stock.find([variantId]);
    if (!item) throw notFound('Variant');
    requireVersion(item.snapshot().version, expectedVersion);
    change(item, { at: this.#ports.clock.now(), by });
    await stock.save([item]);
    await outbox.add([item.changed()]);
    return item.snapshot();
  }
}
