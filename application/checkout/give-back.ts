import type { OrderSnapshot } from '../../domain/ordering/order.ts';
import type { Act } from '../../domain/shared/audit.ts';
import type { AnswerFormat } from '../ports/answer-format.ts';
import type { Collections } from '../ports/unit-of-work.ts';
import { checkoutAnswer } from './checkout-answer.ts';

/** The order came to nothing: its cart is open again, or what it held is in the cart that the customer has by now. */
async function reopenCart({ carts }: Collections, { cartId, userId }: OrderSnapshot, act: Act): Promise<void> {
  const cart = await carts.find(cartId);
  if (cart?.snapshot().status !== 'CONVERTED') return;
  cart.reopen(act);
  const current = userId ? await carts.findOpenOf(userId) : undefined;
  current?.absorb(cart, act);
  await carts.save(cart);
  if (current) await carts.save(current);
}

/** What every order that comes to nothing before it is paid leaves behind. Stock comes last: its rows are the busiest. */
export async function giveStockAndCartBack(collections: Collections, order: OrderSnapshot, act: Act): Promise<void> {
  await reopenCart(collections, order, act);
  await collections.reservations.release(order.id);
}

/** For an order that is ended from outside of its checkout: whoever repeats the request is told so. */
export async function endCheckout(
  collections: Collections,
  order: OrderSnapshot,
  { act, answers }: { readonly act: Act; readonly answers: AnswerFormat },
): Promise<void> {
  await collections.idempotency.completeForOrder(order.id, requestId => checkoutAnswer(answers, order, requestId));
  await giveStockAndCartBack(collections, order, act);
}
