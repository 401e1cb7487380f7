import { type Api, dataOf } from './api.ts';
import type { Reply } from './client.ts';
import type { Cart, Receipt } from './shapes.ts';
import { ADDRESS, fresh } from './shop.ts';

export const putIntoCart = async (shopper: Api, variantId: string, quantity = 1): Promise<Cart> =>
  dataOf(await shopper.post<Cart>('/carts/me/items', { variant_id: variantId, quantity }));

/** What a checkout says unless a test says otherwise. */
export const CHECKOUT = { payment_method: 'tok_ok', shipping_address: ADDRESS };

/** Takes the cart to the till as it is. */
export const checkOut = (shopper: Api, facts: Readonly<Record<string, unknown>> = {}, key = fresh('checkout')) =>
  shopper.post<Receipt>('/orders', { ...CHECKOUT, ...facts }, { 'Idempotency-Key': key });

export async function buy(
  shopper: Api,
  variantId: string,
  { quantity = 1, ...facts }: Readonly<{ quantity?: number; [fact: string]: unknown }> = {},
): Promise<Reply<Receipt>> {
  await putIntoCart(shopper, variantId, quantity);
  return checkOut(shopper, facts);
}

export const bought = async (...given: Parameters<typeof buy>): Promise<Receipt> => dataOf(await buy(...given));

export const cancel = <Data>(shopper: Api, path: string, body?: unknown) =>
  shopper.post<Data>(`${path}/cancel`, body, { 'Idempotency-Key': fresh('cancel') });
