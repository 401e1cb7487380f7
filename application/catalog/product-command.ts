import type { VariantDraft } from '../../domain/catalog/product.ts';
import { StockItem } from '../../domain/inventory/stock-item.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { ProductId } from '../../domain/shared/ids.ts';
import { VariantId } from '../../domain/shared/ids.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export interface CatalogPorts {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A variant as staff describe it; what is left out gets a default. `stock` is on hand, in units. */
export type VariantInput = Omit<VariantDraft, 'id'> & { readonly stock?: number | undefined };

export interface ChangeOfProduct {
  readonly productId: ProductId;
  readonly by: UserId;
  readonly expectedVersion?: number | undefined;
}

/** Gives each variant its id, and each id its stock. */
export function openVariants(inputs: readonly VariantInput[], ids: Ids, act: Act) {
  const drafts = inputs.map(({ stock = 0, ...draft }) => ({ stock, ...draft, id: VariantId(ids.next()) }));
  return { drafts, stockItems: drafts.map(({ id, stock }) => StockItem.open(id, stock, act)) };
}

/** A change without the fields that were left out, so that they keep their value. */
export const defined = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never;
