import { accessSuite } from './access.suite.ts';
import { accountSuite } from './account.suite.ts';
import { answersSuite } from './answers.suite.ts';
import { auditSuite } from './audit.suite.ts';
import { apiKeysSuite } from './api-keys.suite.ts';
import { backlogSuite } from './backlog.suite.ts';
import { badInputSuite } from './bad-input.suite.ts';
import { cachingSuite } from './caching.suite.ts';
import { cartsSuite } from './carts.suite.ts';
import { categoriesSuite } from './categories.suite.ts';
import { checkoutSuite } from './checkout.suite.ts';
import { conventionsSuite } from './conventions.suite.ts';
import { currenciesSuite } from './currencies.suite.ts';
import { guessingSuite } from './guessing.suite.ts';
import type { Suite } from './harness.ts';
import { erasingSuite } from './erasing.suite.ts';
import { idempotencySuite } from './idempotency.suite.ts';
import { importsSuite } from './imports.suite.ts';
import { injectionSuite } from './injection.suite.ts';
import { inventorySuite } from './inventory.suite.ts';
import { listsSuite } from './lists.suite.ts';
import { metricsSuite } from './metrics.suite.ts';
import { mediaSuite } from './media.suite.ts';
import { openOrdersSuite } from './open-orders.suite.ts';
import { ordersSuite } from './orders.suite.ts';
import { passwordsSuite } from './passwords.suite.ts';
import { paymentsSuite } from './payments.suite.ts';
import { indexedSearchSuite } from './indexed-search.suite.ts';
import { productsSuite } from './products.suite.ts';
import { noticesSuite } from './notices.suite.ts';
import { recoverySuite } from './recovery.suite.ts';
import { refundsSuite } from './refunds.suite.ts';
import { resumingSuite } from './resuming.suite.ts';
import { escalationSuite, rolesSuite } from './roles.suite.ts';
import { searchSuite } from './search.suite.ts';
import { secondFactorSuite } from './second-factor.suite.ts';
import { sessionsSuite } from './sessions.suite.ts';
import { settingsSuite } from './settings.suite.ts';
import { signInSuite } from './sign-in.suite.ts';
import { systemSuite } from './system.suite.ts';
import { threeDSecureSuite } from './three-d-secure.suite.ts';
import { variantsSuite } from './variants.suite.ts';
import { versionsSuite } from './versions.suite.ts';

/** What holds for the shop over HTTP, wherever it keeps its data. The last one looks back at all the others. */
export const everySuite: readonly Suite[] = [
  conventionsSuite,
  badInputSuite,
  mediaSuite,
  injectionSuite,
  listsSuite,
  accessSuite,
  signInSuite,
  passwordsSuite,
  recoverySuite,
  secondFactorSuite,
  guessingSuite,
  sessionsSuite,
  rolesSuite,
  escalationSuite,
  apiKeysSuite,
  accountSuite,
  erasingSuite,
  productsSuite,
  variantsSuite,
  searchSuite,
  indexedSearchSuite,
  categoriesSuite,
  currenciesSuite,
  cartsSuite,
  checkoutSuite,
  paymentsSuite,
  threeDSecureSuite,
  ordersSuite,
  openOrdersSuite,
  refundsSuite,
  resumingSuite,
  noticesSuite,
  inventorySuite,
  importsSuite,
  versionsSuite,
  cachingSuite,
  idempotencySuite,
  systemSuite,
  backlogSuite,
  metricsSuite,
  auditSuite,
  settingsSuite,
  answersSuite,
];
