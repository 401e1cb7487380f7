import { type Cart, cartNotOpen } from '../../domain/cart/cart.ts';
import { insufficientStock, priceCart, requireSellable } from '../../domain/cart/cart-pricing.ts';
import { requireFewOpenOrders } from '../../domain/ordering/open-orders.ts';
import { Order, type OrderSnapshot } from '../../domain/ordering/order.ts';
import type { Act } from '../../domain/shared/audit.ts';
import { DomainError, invalidValue, notFound } from '../../domain/shared/domain-error.ts';
import type { OrderId, PaymentId } from '../../domain/shared/ids.ts';
import type { PostalAddress } from '../../domain/shared/postal-address.ts';
import type { CartKey } from '../cart/cart-key.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import type { PlaceOrderCommand } from './place-order.ts';

interface Opening {
  readonly command: PlaceOrderCommand;
  readonly orderId: OrderId;
  readonly paymentId: PaymentId;
  readonly holdSeconds: number;
  /** So many orders of one customer may hold stock unpaid at once. */
  readonly mostOpenOrders: number;
  readonly act: Act;
}

/** Closes the cart, writes the order at today's prices and holds the stock: all of it, or a refusal and nothing. */
export async function openCheckout(collections: Collections, opening: Opening): Promise<OrderSnapshot> {
  const { command, orderId, act } = opening;
  const cart = await cartToSell(collections, command.cart, opening.mostOpenOrders);
  cart.convert(act);
  const { id: cartId, userId, lines: cartLines } = cart.snapshot();
  const priced = priceCart(cart.snapshot(), await collections.offers.find(cartLines.map(line => line.variantId)));
  requireSellable(priced, command.expectedTotal);
  const order = Order.place(
    {
      id: orderId,
      cartId,
      userId,
      lines: priced.lines,
      shippingAddress: await addressOf(collections, command),
      email: userId ? null : command.email,
      payment: { id: opening.paymentId, method: command.paymentMethod },
    },
    act,
  );
  await collections.carts.save(cart);
  await collections.orders.add(order, opening.holdSeconds);
  await collections.idempotency.bindOrder(command.claim, orderId);
  await collections.outbox.add(order.events());
  // Last, so that the row of a product that everybody wants is locked for the shortest time.
  const short = await collections.reservations.reserve(orderId, priced.lines);
  if (short.length > 0) throw insufficientStock(short);
  return order.snapshot();
}

async function cartToSell({ carts, orders }: Collections, key: CartKey, mostOpenOrders: number): Promise<Cart> {
  // Asked together they cost one round trip; in this order no other checkout of theirs comes in between: it has the cart.
  const [cart, unpaid] =
    'userId' in key
      ? await Promise.all([carts.findOpenOf(key.userId), orders.unpaidOf(key.userId)])
      : [await carts.findByToken(key.tokenHash), []];
  if (cart?.snapshot().status === 'OPEN') {
    requireFewOpenOrders(unpaid, mostOpenOrders);
    return cart;
  }
  if (!('userId' in key) && (!cart || cart.snapshot().userId)) throw notFound('Cart');
  const spent = cart ?? ('userId' in key ? await carts.findLastConvertedOf(key.userId) : undefined);
  if (!spent) throw new DomainError('conflict', 'CART_EMPTY', 'The cart is empty.');
  throw cartNotOpen(await orders.findLiveOrderOf(spent.snapshot().id));
}

async function addressOf({ addresses }: Collections, { shipTo, cart }: PlaceOrderCommand): Promise<PostalAddress> {
  if (!('addressId' in shipTo)) return shipTo;
  const address = 'userId' in cart ? await addresses.find(shipTo.addressId, cart.userId) : undefined;
  if (!address) throw invalidValue('address_id', 'names none of your addresses');
  const { name, line1, line2, city, region, postalCode, country } = address.snapshot();
  return { name, line1, line2, city, region, postalCode, country };
}
