import type { CategorySnapshot } from '../../../domain/catalog/category.ts';
import { failedRows, type ProductImport } from '../../../domain/catalog/product-import.ts';
import type { ProductSnapshot, VariantSnapshot } from '../../../domain/catalog/product.ts';
import type { ApiKeySnapshot } from '../../../domain/identity/api-key.ts';
import type { RoleSnapshot } from '../../../domain/identity/role-bundle.ts';
import type { UserSnapshot } from '../../../domain/identity/user.ts';
import type { StockSnapshot } from '../../../domain/inventory/stock-item.ts';
import type { OrderSnapshot } from '../../../domain/ordering/order.ts';
import { refundedOf } from '../../../domain/payments/payment.ts';
import type { Money } from '../../../domain/shared/money.ts';
import type { AuditFacts } from '../../ports/audit-trail.ts';
import type { Collections } from '../../ports/unit-of-work.ts';

/** How one kind of thing stands in the audit log. */
export interface Audited {
  readonly type: string;
  readonly idOf: (snapshot: unknown) => string;
  /** All that may ever be told of it: neither a person nor a secret nor what somebody typed freely can be known by it. */
  readonly factsOf: (snapshot: unknown) => AuditFacts;
  /** Its entry stands for everything else that the same unit of work writes; undefined: it is not worth one. */
  readonly sums?: (snapshot: unknown) => 'told' | 'not yet';
}

interface Kind<Snapshot> {
  readonly type: string;
  readonly idOf: (snapshot: Snapshot) => string;
  readonly factsOf: (snapshot: Snapshot) => AuditFacts;
  readonly sums?: (snapshot: Snapshot) => 'told' | 'not yet';
}

/** Fixes the type of one row; the table holds rows of all types. */
const audited = <Snapshot>(kind: Kind<Snapshot>): Audited => kind as unknown as Audited;

const plain = ({ amount, currency }: Money) => ({ amount, currency });

const variantFacts = ({ id, sku, name, price, compareAtPrice, deletedAt }: VariantSnapshot): AuditFacts => ({
  [`variant ${id}`]: {
    sku,
    name,
    price: plain(price),
    compare_at_price: compareAtPrice && plain(compareAtPrice),
    deleted: deletedAt !== null,
  },
});

/** By the name of the collection. What is not listed is not looked at; another kind of thing is one row more. */
export const AUDITED: Partial<Record<keyof Collections, Audited>> = {
  categories: audited<CategorySnapshot>({
    type: 'category',
    idOf: ({ id }) => id,
    factsOf: ({ name, slug, parentId, deletedAt }) => ({
      name,
      slug,
      parent_id: parentId,
      deleted: deletedAt !== null,
    }),
  }),
  products: audited<ProductSnapshot>({
    type: 'product',
    idOf: ({ id }) => id,
    factsOf: ({ name, slug, categoryId, vendor, status, variants, deletedAt }) =>
      Object.assign(
        { name, slug, category_id: categoryId, vendor, status, deleted: deletedAt !== null },
        ...variants.map(variantFacts),
      ) as AuditFacts,
  }),
  stock: audited<StockSnapshot>({
    type: 'variant',
    idOf: ({ variantId }) => variantId,
    factsOf: ({ onHand, lowStockThreshold }) => ({ on_hand: onHand, low_stock_threshold: lowStockThreshold }),
  }),
  orders: audited<OrderSnapshot>({
    type: 'order',
    idOf: ({ id }) => id,
    factsOf: ({ state, saga, payment, needsReview }) => ({
      state,
      checkout: saga,
      payment: payment.state,
      refunds: payment.refunds.map(({ amount, state: refund }) => ({ ...plain(amount), state: refund })),
      refunded: plain(refundedOf(payment)),
      needs_review: needsReview !== null,
    }),
  }),
  users: audited<UserSnapshot>({
    type: 'user',
    idOf: ({ id }) => id,
    factsOf: ({ role, disabled }) => ({ role, disabled }),
  }),
  roles: audited<RoleSnapshot>({
    type: 'role',
    idOf: ({ name }) => name,
    factsOf: ({ permissions }) => ({ permissions }),
  }),
  apiKeys: audited<ApiKeySnapshot>({
    type: 'api-key',
    idOf: ({ id }) => id,
    factsOf: ({ ownerId, permissions, expiresAt, revokedAt }) => ({
      owner_id: ownerId,
      permissions,
      expires_at: expiresAt?.toISOString() ?? null,
      revoked: revokedAt !== null,
    }),
  }),
  // Ten thousand rows are one act: its beginning is told, and its end with the counts.
  productImports: audited<ProductImport>({
    type: 'import',
    idOf: ({ id }) => id,
    factsOf: report => ({
      status: report.status,
      dry_run: report.dryRun,
      rows: report.rows,
      created: report.created,
      updated: report.updated,
      skipped: report.skipped,
      failed: failedRows(report),
    }),
    sums: ({ status }) => (status === 'running' ? 'not yet' : 'told'),
  }),
};
