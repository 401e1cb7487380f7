import type { Offer } from '../../domain/catalog/offer.ts';
import { Category } from '../../domain/catalog/category.ts';
import { Product, type ProductChanges, type VariantDraft } from '../../domain/catalog/product.ts';
import { Sku } from '../../domain/catalog/sku.ts';
import { Cart } from '../../domain/cart/cart.ts';
import type { PricedLine } from '../../domain/cart/cart-pricing.ts';
import { Address } from '../../domain/identity/address.ts';
import { EmailAddress } from '../../domain/identity/email-address.ts';
import { Role } from '../../domain/identity/permissions.ts';
import { Session } from '../../domain/identity/session.ts';
import { User } from '../../domain/identity/user.ts';
import { StockItem } from '../../domain/inventory/stock-item.ts';
import { Order } from '../../domain/ordering/order.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { Currency } from '../../domain/shared/currency.ts';
import {
  AddressId,
  CartId,
  CategoryId,
  OrderId,
  PaymentId,
  ProductId,
  SessionId,
  UserId,
  VariantId,
} from '../../domain/shared/ids.ts';
import { Money } from '../../domain/shared/money.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';

export const NOON = new Date('2026-03-02T12:00:00.000Z');

/** So many seconds after noon, by nobody in particular. */
export const actAt = (seconds: number, by: UserId | null = null): Act => ({
  at: new Date(NOON.getTime() + seconds * 1000),
  by,
});

export const ACT = actAt(0);

let issued = 0;

/** A UUIDv7 in shape; later ones sort after earlier ones. */
export function nextId(): string {
  issued += 1;
  return `019cae1f-f000-7000-8000-${issued.toString(16).padStart(12, '0')}`;
}

export const usd = (amount: number): Money => Money.of(amount, Currency('USD'));

interface CategoryFacts {
  readonly id?: CategoryId;
  readonly name?: string;
  readonly slug?: string;
  readonly parentId?: CategoryId | null;
}

export function aCategory({ id = CategoryId(nextId()), ...facts }: CategoryFacts = {}, act = ACT): Category {
  return Category.create(
    { id, name: 'Test Category', slug: `category-${id.slice(-6)}`, parentId: null, ...facts },
    act,
  );
}

export function aVariant(facts: Partial<VariantDraft> = {}): VariantDraft {
  return { id: VariantId(nextId()), price: usd(2999), ...facts };
}

type ProductFacts = ProductChanges & { readonly id?: ProductId; readonly variants?: readonly VariantDraft[] };

/** With one variant, unless told otherwise. Its category must be there before it can be saved. */
export function aProduct(facts: ProductFacts = {}, act = ACT): Product {
  return Product.create(
    {
      id: ProductId(nextId()),
      name: 'Test Product',
      categoryId: CategoryId(nextId()),
      variants: [aVariant()],
      ...facts,
    },
    act,
  );
}

/** The id of its only, or first, variant. */
export const variantOf = (product: Product): VariantId => product.liveVariants()[0]!.id;

export const skuOf = (product: Product): Sku => product.liveVariants()[0]!.sku;

export const aStockItem = (variantId: VariantId, onHand = 100, act = ACT): StockItem =>
  StockItem.open(variantId, onHand, act);

interface UserFacts {
  readonly id?: UserId;
  readonly email?: string;
  readonly name?: string | null;
  readonly passwordHash?: string;
  readonly role?: string;
}

export function aUser({ id = UserId(nextId()), email, role = 'customer', ...facts }: UserFacts = {}, act = ACT): User {
  return User.register(
    {
      id,
      name: 'Ada Customer',
      passwordHash: '$2b$04$not-a-real-hash',
      ...facts,
      role: Role(role),
      email: EmailAddress(email ?? `customer-${id.slice(-6)}@example.com`),
    },
    act,
  );
}

export const POSTAL_ADDRESS: PostalAddress = {
  name: 'Ada Customer',
  line1: '1 Harbour Street',
  line2: null,
  city: 'Lisbon',
  region: null,
  postalCode: '1100-001',
  country: 'PT',
};

export const anAddress = (userId: UserId, facts: Partial<PostalAddress> = {}, act = ACT): Address =>
  Address.create({ id: AddressId(nextId()), userId, ...POSTAL_ADDRESS, ...facts }, act);

interface SessionFacts {
  readonly userId: UserId;
  readonly tokenHash: string;
  readonly accessTokenId?: string;
}

export const aSession = ({ userId, tokenHash, accessTokenId = nextId() }: SessionFacts, now = NOON): Session =>
  Session.start(
    {
      id: SessionId(nextId()),
      userId,
      tokenHash,
      accessToken: { issuer: 'pannier', id: accessTokenId, expiresAt: new Date(now.getTime() + 900_000) },
    },
    now,
  );

interface CartFacts {
  readonly userId?: UserId | null;
  readonly tokenHash?: string | null;
  readonly lines?: readonly { readonly variantId: VariantId; readonly quantity: number }[];
}

/** An open cart, empty unless it is given lines. */
export function aCart({ userId = null, tokenHash = null, lines = [] }: CartFacts = {}, act = ACT): Cart {
  const cart = Cart.open({ id: CartId(nextId()), userId, tokenHash }, act);
  for (const line of lines) cart.add(line.variantId, line.quantity, usd(2999), act);
  return cart;
}

/** The first variant of a product, as a priced line of a cart. */
export function aPricedLine(product: Product, quantity = 1): PricedLine {
  const { id: productId, name } = product.snapshot();
  const { id: variantId, sku, price } = product.liveVariants()[0]!;
  return {
    variantId,
    productId,
    sku,
    name,
    quantity,
    unitPrice: price,
    lineTotal: price.times(quantity),
    available: quantity,
    problems: [],
  };
}

interface OrderFactsGiven {
  readonly id?: OrderId;
  readonly cartId?: CartId;
  readonly userId?: UserId | null;
  readonly email?: string | null;
  readonly lines?: readonly PricedLine[];
}

/** Placed and not yet paid. Its cart, customer and products must be there before it can be added. */
export function anOrder(facts: OrderFactsGiven = {}, act = ACT): Order {
  return Order.place(
    {
      id: OrderId(nextId()),
      cartId: CartId(nextId()),
      userId: null,
      lines: facts.lines ?? [aPricedLine(aProduct())],
      shippingAddress: POSTAL_ADDRESS,
      email: 'ada@example.com',
      payment: { id: PaymentId(nextId()), method: 'tok_ok' },
      ...facts,
    },
    act,
  );
}

export function anOffer(facts: Partial<Offer> = {}): Offer {
  return {
    variantId: VariantId(nextId()),
    productId: ProductId(nextId()),
    sku: Sku('TEST-SKU'),
    productName: 'Test Product',
    variantName: 'Default',
    options: [],
    price: usd(2999),
    available: 100,
    ...facts,
  };
}
