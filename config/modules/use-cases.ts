import { ContainerModule } from 'inversify';
import { sha256 } from '../../adapters/security/sha256.ts';
import { VerifyAuditLog } from '../../application/audit/verify-audit-log.ts';
import { WatchedUnitOfWork } from '../../application/audit/watched-unit-of-work.ts';
import { ChangeCart } from '../../application/cart/change-cart.ts';
import { OpenGuestCart } from '../../application/cart/open-guest-cart.ts';
import { ShowCart } from '../../application/cart/show-cart.ts';
import { ChangeCategories } from '../../application/catalog/change-categories.ts';
import { ChangeProduct } from '../../application/catalog/change-product.ts';
import { ChangeVariants } from '../../application/catalog/change-variants.ts';
import { CreateProduct } from '../../application/catalog/create-product.ts';
import { DeleteProduct } from '../../application/catalog/delete-product.ts';
import { ExportProducts } from '../../application/catalog/export-products.ts';
import { ImportProducts } from '../../application/catalog/import-products.ts';
import { StartProductImport } from '../../application/catalog/start-product-import.ts';
import { PlaceOrder } from '../../application/checkout/place-order.ts';
import { SettleOrder } from '../../application/checkout/settle-order.ts';
import { OnceOnly } from '../../application/idempotency/once-only.ts';
import { ChangeStock } from '../../application/inventory/change-stock.ts';
import { CancelOrder } from '../../application/ordering/cancel-order.ts';
import { FulfilOrder } from '../../application/ordering/fulfil-order.ts';
import { RefundOrder } from '../../application/ordering/refund-order.ts';
import { ResumeOrder } from '../../application/ordering/resume-order.ts';
import { IndexedCatalog } from '../../application/search/indexed-catalog.ts';
import { ReindexSearch } from '../../application/search/reindex-search.ts';
import { VerifySearch } from '../../application/search/verify-search.ts';
import {
  ANSWERS,
  CLOCK,
  IDS,
  LOGGER,
  PATIENCE,
  PAYMENT_GATEWAY,
  PRODUCT_SHEETS,
  SEARCH_INDEX,
  SECRET_TOKENS,
  SETTINGS,
  STORE,
  UNIT_OF_WORK,
} from '../tokens.ts';

/** What the shop can do. Each use case is given its ports by name, and knows nothing of this file. */
export const useCases = new ContainerModule(({ bind }) => {
  bind(OnceOnly).toResolvedValue(
    ({ unitOfWork }, { idempotencyLeaseSeconds: leaseSeconds }) => new OnceOnly({ unitOfWork, leaseSeconds }),
    [STORE, SETTINGS],
  );
  bind(WatchedUnitOfWork).toResolvedValue(({ unitOfWork }) => new WatchedUnitOfWork(unitOfWork), [OnceOnly]);
  bind(UNIT_OF_WORK).toService(WatchedUnitOfWork);
  bind(VerifyAuditLog).toResolvedValue(({ auditLog }) => new VerifyAuditLog({ auditLog, sha256 }), [STORE]);

  const catalog = [UNIT_OF_WORK, CLOCK, IDS] as const;
  bind(CreateProduct).toResolvedValue(
    (unitOfWork, clock, ids) => new CreateProduct({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(ChangeProduct).toResolvedValue(
    (unitOfWork, clock, ids) => new ChangeProduct({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(DeleteProduct).toResolvedValue(
    (unitOfWork, clock, ids) => new DeleteProduct({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(ChangeVariants).toResolvedValue(
    (unitOfWork, clock, ids) => new ChangeVariants({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(ChangeCategories).toResolvedValue(
    (unitOfWork, clock, ids) => new ChangeCategories({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(StartProductImport).toResolvedValue(
    (unitOfWork, clock, ids) => new StartProductImport({ unitOfWork, clock, ids }),
    [...catalog],
  );
  bind(ImportProducts).toResolvedValue(
    (unitOfWork, clock, ids, sheets) => new ImportProducts({ unitOfWork, clock, ids, sheets }),
    [...catalog, PRODUCT_SHEETS],
  );
  bind(ExportProducts).toResolvedValue(
    ({ catalog: products }, sheets) => new ExportProducts({ catalog: products, sheets }),
    [STORE, PRODUCT_SHEETS],
  );

  bind(IndexedCatalog).toResolvedValue(
    ({ catalog: products }, index, { search: { language } }, clock, logger) =>
      new IndexedCatalog({ catalog: products, index, language, clock, logger }),
    [STORE, SEARCH_INDEX, SETTINGS, CLOCK, LOGGER],
  );
  bind(ReindexSearch).toResolvedValue(
    (unitOfWork, { catalog: products }, index) => new ReindexSearch({ unitOfWork, catalog: products, index }),
    [UNIT_OF_WORK, STORE, SEARCH_INDEX],
  );
  bind(VerifySearch).toResolvedValue(
    ({ catalog: products }, index) => new VerifySearch({ catalog: products, index, sha256 }),
    [STORE, SEARCH_INDEX],
  );

  bind(ChangeStock).toResolvedValue(
    (unitOfWork, clock) => new ChangeStock({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );

  bind(OpenGuestCart).toResolvedValue(
    (unitOfWork, clock, ids, secretTokens) => new OpenGuestCart({ unitOfWork, clock, ids, secretTokens }),
    [UNIT_OF_WORK, CLOCK, IDS, SECRET_TOKENS],
  );
  bind(ShowCart).toResolvedValue(
    (unitOfWork, { carts, offers }, clock, ids) => new ShowCart({ unitOfWork, carts, offers, clock, ids }),
    [UNIT_OF_WORK, STORE, CLOCK, IDS],
  );
  bind(ChangeCart).toResolvedValue(
    (unitOfWork, { offers }, clock, ids) => new ChangeCart({ unitOfWork, offers, clock, ids }),
    [UNIT_OF_WORK, STORE, CLOCK, IDS],
  );

  bind(SettleOrder).toResolvedValue(
    (unitOfWork, gateway, answers, clock, patience) =>
      new SettleOrder({ unitOfWork, gateway, answers, clock, patience }),
    [UNIT_OF_WORK, PAYMENT_GATEWAY, ANSWERS, CLOCK, PATIENCE],
  );
  bind(PlaceOrder).toResolvedValue(
    (unitOfWork, { orders }, settleOrder, answers, clock, ids, settings) =>
      new PlaceOrder({
        unitOfWork,
        orders,
        settleOrder,
        answers,
        clock,
        ids,
        holdSeconds: settings.orderHoldSeconds,
        mostOpenOrders: settings.maxOpenOrders,
        leaseSeconds: settings.idempotencyLeaseSeconds,
      }),
    [UNIT_OF_WORK, STORE, SettleOrder, ANSWERS, CLOCK, IDS, SETTINGS],
  );
  bind(CancelOrder).toResolvedValue(
    (unitOfWork, { orders }, settleOrder, answers, clock) =>
      new CancelOrder({ unitOfWork, orders, settleOrder, answers, clock }),
    [UNIT_OF_WORK, STORE, SettleOrder, ANSWERS, CLOCK],
  );
  bind(RefundOrder).toResolvedValue(
    (unitOfWork, settleOrder, clock) => new RefundOrder({ unitOfWork, settleOrder, clock }),
    [UNIT_OF_WORK, SettleOrder, CLOCK],
  );
  bind(ResumeOrder).toResolvedValue(
    (unitOfWork, { orders }, settleOrder, answers, clock) =>
      new ResumeOrder({ unitOfWork, orders, settleOrder, answers, clock }),
    [UNIT_OF_WORK, STORE, SettleOrder, ANSWERS, CLOCK],
  );
  bind(FulfilOrder).toResolvedValue(
    (unitOfWork, clock) => new FulfilOrder({ unitOfWork, clock }),
    [UNIT_OF_WORK, CLOCK],
  );
});
