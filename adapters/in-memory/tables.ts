import type { SealedEntry } from '../../application/audit/sealed-entry.ts';
import type { IdempotencyClaim, StoredAnswer } from '../../application/ports/idempotency-records.ts';
import type { GatewayNotice } from '../../application/ports/gateway-webhooks.ts';
import type { MovementRow } from '../../application/ports/inventory-queries.ts';
import type { SearchChange } from '../../application/ports/search-changes.ts';
import type { CartSnapshot } from '../../domain/cart/cart.ts';
import type { CategorySnapshot } from '../../domain/catalog/category.ts';
import type { ProductImport } from '../../domain/catalog/product-import.ts';
import type { ProductSnapshot } from '../../domain/catalog/product.ts';
import type { AddressSnapshot } from '../../domain/identity/address.ts';
import type { OneTimeTokenSnapshot } from '../../domain/identity/one-time-token.ts';
import type { SecondFactorSnapshot } from '../../domain/identity/second-factor.ts';
import type { ApiKeySnapshot } from '../../domain/identity/api-key.ts';
import type { SessionSnapshot } from '../../domain/identity/session.ts';
import type { UserSnapshot } from '../../domain/identity/user.ts';
import type { ReservationLine, ReservationState } from '../../domain/inventory/reservation.ts';
import type { StockSnapshot } from '../../domain/inventory/stock-item.ts';
import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { DomainEvent } from '../../domain/shared/event.ts';
import type {
  AddressId,
  ApiKeyId,
  CartId,
  CategoryId,
  ImportId,
  OrderId,
  PaymentId,
  ProductId,
  SessionId,
  UserId,
  VariantId,
} from '../../domain/shared/ids.ts';
import { rolesTable } from './roles.ts';
import { type Entries, Log, type LogDraft } from './log.ts';
import { type Draft, type Rows, Table } from './table.ts';
import type { Transaction } from './transaction.ts';

/** An order, and what is to become of it when nobody cares. */
export interface OrderRow {
  readonly order: OrderSnapshot;
  /** Until then it may hold its stock without being paid. */
  readonly holdsUntil: Date;
  readonly savedAt: Date;
  /** Of its settling since it was last saved. */
  readonly attempts: number;
  /** Null once it is settled, as is the next. */
  readonly unsettledSince: Date | null;
  readonly nextAttemptAt: Date | null;
}

/** All lines of an order move at once, so the state is kept once. */
export interface ReservationRow {
  readonly orderId: OrderId;
  /** In ascending order of variant id. */
  readonly lines: readonly ReservationLine[];
  readonly state: ReservationState;
  readonly restocked: boolean;
}

export interface IdempotencyRow {
  readonly claim: IdempotencyClaim;
  readonly leasedUntil: Date;
  readonly orderId: OrderId | null;
  readonly applied: boolean;
  readonly answer: StoredAnswer | null;
  readonly completedAt: Date | null;
}

export interface OutboxRow {
  readonly id: string;
  readonly event: DomainEvent;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
  readonly attempts: number;
  /** Not before then is it handed out again. */
  readonly dueAt: Date;
  /** Why it could not be delivered when that was last tried. */
  readonly failure: string | null;
}

/** Stays when the index was told, because the version has to go on growing. */
export interface SearchChangeRow extends SearchChange {
  readonly told: boolean;
  readonly notedAt: Date;
  readonly dueAt: Date;
}

export interface NoticeRow extends GatewayNotice {
  readonly gateway: string;
  readonly receivedAt: Date;
  readonly readAt: Date | null;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly parked: boolean;
}

/** Everything that is stored. Tables named `…By…`, `un…` or `live…` are indexes. */
export const emptyTables = () => ({
  categories: new Table<CategoryId, CategorySnapshot>(),
  liveCategoriesBySlug: new Table<string, CategoryId>(),
  products: new Table<ProductId, ProductSnapshot>(),
  liveProductsBySlug: new Table<string, ProductId>(),
  liveVariantsBySku: new Table<string, VariantId>(),
  productsByVariant: new Table<VariantId, ProductId>(),
  stock: new Table<VariantId, StockSnapshot>(),
  ledger: new Log<VariantId, MovementRow>(),
  reservations: new Table<OrderId, ReservationRow>(),
  carts: new Table<CartId, CartSnapshot>(),
  cartsByToken: new Table<string, CartId>(),
  openCartsByUser: new Table<UserId, CartId>(),
  cartsByUser: new Log<UserId, CartId>(),
  orders: new Table<OrderId, OrderRow>(),
  ordersByNumber: new Table<string, OrderId>(),
  ordersByPayment: new Table<PaymentId, OrderId>(),
  unfinishedOrders: new Table<OrderId, OrderId>(),
  liveOrdersByCart: new Table<CartId, OrderId>(),
  ordersByUser: new Log<UserId, OrderId>(),
  users: new Table<UserId, UserSnapshot>(),
  usersByEmail: new Table<string, UserId>(),
  /** What is left of them: carts and orders may still point there. */
  erasedUsers: new Table<UserId, UserId>(),
  addresses: new Table<AddressId, AddressSnapshot>(),
  addressesByUser: new Log<UserId, AddressId>(),
  sessions: new Table<SessionId, SessionSnapshot>(),
  sessionsByToken: new Table<string, SessionId>(),
  sessionsByAccessToken: new Table<string, SessionId>(),
  sessionsByUser: new Log<UserId, SessionId>(),
  /** By id and issuer. */
  revokedTokens: new Table<string, Date>(),
  oneTimeTokens: new Table<string, OneTimeTokenSnapshot>(),
  secondFactors: new Table<UserId, SecondFactorSnapshot>(),
  sessionCutoff: new Table<'all', { readonly moment: Date }>(),
  roles: rolesTable(),
  apiKeys: new Table<ApiKeyId, ApiKeySnapshot>(),
  idempotency: new Table<string, IdempotencyRow>(),
  idempotencyByOrder: new Table<OrderId, string>(),
  productImports: new Table<ImportId, ProductImport>(),
  searchChanges: new Table<ProductId, SearchChangeRow>(),
  outbox: new Table<string, OutboxRow>(),
  outboxByDedupeKey: new Table<string, string>(),
  unpublishedEvents: new Table<string, string>(),
  /** By the id of the event: who has had it. */
  consumedEvents: new Table<string, readonly string[]>(),
  notices: new Table<string, NoticeRow>(),
  unreadNotices: new Table<string, string>(),
  audit: new Log<'all', SealedEntry>(),
});

/** What is committed. */
export type Tables = ReturnType<typeof emptyTables>;

/** What one unit of work sees and writes. */
export type Drafts = { readonly [Name in keyof Tables]: DraftOf<Tables[Name]> };
type DraftOf<Part> =
  Part extends Table<infer Key, infer Row>
    ? Draft<Key, Row>
    : Part extends Log<infer Key, infer Entry>
      ? LogDraft<Key, Entry>
      : never;

/** Either of the two, to be read only. */
export type View = { readonly [Name in keyof Tables]: ViewOf<Tables[Name]> };
type ViewOf<Part> =
  Part extends Table<infer Key, infer Row>
    ? Rows<Key, Row>
    : Part extends Log<infer Key, infer Entry>
      ? Entries<Key, Entry>
      : never;

export function draftsOf(tables: Tables, transaction: Transaction): Drafts {
  const drafts: Record<string, unknown> = {};
  for (const name in tables) drafts[name] = tables[name as keyof Tables].draft(transaction);
  return drafts as Drafts;
}
