import { auditContract } from './audit.contract.ts';
import { apiKeysContract } from './api-keys.contract.ts';
import { backlogContract } from './backlog.contract.ts';
import { cartsContract } from './carts.contract.ts';
import { catalogQueriesContract } from './catalog-queries.contract.ts';
import { catalogSearchContract } from './catalog-search.contract.ts';
import { categoriesContract } from './categories.contract.ts';
import { erasingContract } from './erasing.contract.ts';
import { gatewayNoticesContract } from './gateway-notices.contract.ts';
import { housekeepingContract } from './housekeeping.contract.ts';
import { idempotencyContract } from './idempotency.contract.ts';
import { inventoryQueriesContract } from './inventory-queries.contract.ts';
import { ledgersContract } from './ledgers.contract.ts';
import { offersContract } from './offers.contract.ts';
import { oneTimeTokensContract } from './one-time-tokens.contract.ts';
import { orderQueriesContract } from './order-queries.contract.ts';
import { orderWorkContract } from './order-work.contract.ts';
import { ordersContract } from './orders.contract.ts';
import { outboxDeliveryContract } from './outbox-delivery.contract.ts';
import { outboxContract } from './outbox.contract.ts';
import { productImportsContract } from './product-imports.contract.ts';
import { productsContract } from './products.contract.ts';
import { reservationsContract } from './reservations.contract.ts';
import { rolesContract } from './roles.contract.ts';
import { secondFactorsContract } from './second-factors.contract.ts';
import { searchChangesContract } from './search-changes.contract.ts';
import { sessionsContract } from './sessions.contract.ts';
import { stockContract } from './stock.contract.ts';
import type { StoreHarness, StoreUnderTest } from './store-harness.ts';
import { mochaApi, type SuiteApi } from './suite-api.ts';
import { unitOfWorkContract } from './unit-of-work.contract.ts';
import { usersContract } from './users.contract.ts';

const CONTRACTS = [
  unitOfWorkContract,
  categoriesContract,
  productsContract,
  offersContract,
  stockContract,
  reservationsContract,
  cartsContract,
  ordersContract,
  orderWorkContract,
  usersContract,
  erasingContract,
  sessionsContract,
  rolesContract,
  apiKeysContract,
  oneTimeTokensContract,
  secondFactorsContract,
  idempotencyContract,
  outboxContract,
  outboxDeliveryContract,
  gatewayNoticesContract,
  housekeepingContract,
  productImportsContract,
  searchChangesContract,
  catalogQueriesContract,
  catalogSearchContract,
  inventoryQueriesContract,
  orderQueriesContract,
  ledgersContract,
  backlogContract,
  auditContract,
];

/** Everything that the shop expects of a store. An adapter that passes can be used. */
export function storeContract(harness: StoreHarness, api: SuiteApi = mochaApi): void {
  let opened: Promise<StoreUnderTest> | undefined;
  const shared: StoreHarness = {
    name: harness.name,
    open: async () => {
      const underTest = await (opened ??= harness.open());
      return {
        get store() {
          return underTest.store;
        },
        inspect: underTest.inspect,
        clear: () => underTest.clear(),
        close: () => Promise.resolve(),
      };
    },
  };
  api.describe(`${harness.name} store`, () => {
    api.after(async () => (await opened)?.close());
    for (const contract of CONTRACTS) contract(shared, api);
  });
}
