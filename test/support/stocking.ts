import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Cart } from '../../domain/cart/cart.ts';
import type { Category } from '../../domain/catalog/category.ts';
import type { Product } from '../../domain/catalog/product.ts';
import type { User } from '../../domain/identity/user.ts';
import type { ReservationLine } from '../../domain/inventory/reservation.ts';
import type { Order } from '../../domain/ordering/order.ts';
import type { UserId, VariantId } from '../../domain/shared/ids.ts';
import { aCart, aCategory, ACT, anOrder, aPricedLine, aProduct, aStockItem, aUser, variantOf } from './builders.ts';

export type Run = UnitOfWork['run'];

export async function addCategory(run: Run, ...given: Parameters<typeof aCategory>): Promise<Category> {
  const category = aCategory(...given);
  await run(({ categories }) => categories.save([category]));
  return category;
}

type ProductGiven = NonNullable<Parameters<typeof aProduct>[0]> & { readonly stock?: number };

/** A product with so much stock of each variant (100), in a category of its own unless one is named. */
export async function addProduct(run: Run, { stock = 100, ...facts }: ProductGiven = {}, act = ACT): Promise<Product> {
  const categoryId = facts.categoryId ?? (await addCategory(run)).snapshot().id;
  const product = aProduct({ ...facts, categoryId }, act);
  await run(async collections => {
    await collections.products.save([product]);
    await collections.stock.save(product.liveVariants().map(variant => aStockItem(variant.id, stock, act)));
  });
  return product;
}

export async function addUser(run: Run, ...given: Parameters<typeof aUser>): Promise<User> {
  const user = aUser(...given);
  await run(({ users }) => users.save(user));
  return user;
}

export const addUserId = async (run: Run): Promise<UserId> => (await addUser(run)).snapshot().id;

/** A cart that was checked out, of a guest unless a customer is named. */
export async function addConvertedCart(run: Run, product: Product, userId: UserId | null = null): Promise<Cart> {
  const cart = aCart({ userId, lines: [{ variantId: variantOf(product), quantity: 1 }] });
  cart.convert(ACT);
  await run(({ carts }) => carts.save(cart));
  return cart;
}

interface OrderGiven {
  readonly product?: Product;
  readonly quantity?: number;
  readonly userId?: UserId | null;
  readonly email?: string | null;
  readonly holdSeconds?: number;
}

/** An order of one product, with its cart. It holds no stock yet. */
export async function addOrder(run: Run, given: OrderGiven = {}, act = ACT): Promise<Order> {
  const { quantity = 1, userId = null, email = userId ? null : 'ada@example.com', holdSeconds = 900 } = given;
  const product = given.product ?? (await addProduct(run));
  const cart = await addConvertedCart(run, product, userId);
  const order = anOrder({ cartId: cart.snapshot().id, userId, email, lines: [aPricedLine(product, quantity)] }, act);
  await run(({ orders }) => orders.add(order, holdSeconds));
  return order;
}

/** An order of one product that holds its stock. */
export async function addReservedOrder(run: Run, product: Product, quantity = 1): Promise<Order> {
  const order = await addOrder(run, { product, quantity });
  await run(({ reservations }) => reservations.reserve(order.snapshot().id, reservationLines(order)));
  return order;
}

export const reservationLines = (order: Order): ReservationLine[] =>
  order.snapshot().items.map(({ variantId, quantity }): { variantId: VariantId; quantity: number } => ({
    variantId,
    quantity,
  }));
