import Joi from 'joi';
import type { ChangeCart } from '../../../application/cart/change-cart.ts';
import type { OpenGuestCart } from '../../../application/cart/open-guest-cart.ts';
import type { ShowCart } from '../../../application/cart/show-cart.ts';
import type { CartView } from '../../../application/cart/cart-view.ts';
import { VariantId } from '../../../domain/shared/ids.ts';
import { type Answer, one, type Route, route } from '../route.ts';
import { quantity, uuid } from '../schemas.ts';
import { cartSchema, cartView } from '../views/cart-view.ts';

export interface CartUseCases {
  readonly openGuestCart: OpenGuestCart;
  readonly showCart: ShowCart;
  readonly changeCart: ChangeCart;
}

const variantParams = Joi.object<{ variant_id: string }>({ variant_id: uuid.required() });

const answer = (view: CartView, status: 200 | 201 = 200): Answer => ({
  status,
  data: cartView(view),
  version: view.cart.version,
});

export const cartRoutes = (use: CartUseCases): Route[] => [
  route({
    method: 'POST',
    path: '/carts',
    name: 'openGuestCart',
    tag: 'Cart',
    summary: 'Open a cart without an account',
    access: 'public',
    idempotency: 'ignored',
    answers: { 201: one(cartSchema) },
    handle: async () => {
      const view = await use.openGuestCart.execute();
      const data = cartView(view, view.cartToken);
      return { status: 201, data, version: view.cart.version, location: '/api/v1/carts/me' };
    },
  }),
  route({
    method: 'GET',
    path: '/carts/me',
    name: 'showCart',
    tag: 'Cart',
    summary: 'The cart at today’s prices, with what is wrong with each line',
    access: 'cart',
    answers: { 200: one(cartSchema) },
    handle: async ({ cart }) => answer(await use.showCart.execute(cart)),
  }),
  route({
    method: 'DELETE',
    path: '/carts/me',
    name: 'clearCart',
    tag: 'Cart',
    summary: 'Take everything out of the cart',
    access: 'cart',
    answers: { 200: one(cartSchema) },
    errors: ['CART_NOT_OPEN'],
    handle: async ({ cart, ifMatch }) => answer(await use.changeCart.clear({ key: cart, expectedVersion: ifMatch })),
  }),
  route({
    method: 'POST',
    path: '/carts/me/items',
    name: 'addToCart',
    tag: 'Cart',
    summary: 'Put something into the cart; adding it again adds up',
    access: 'cart',
    body: Joi.object<{ variant_id: string; quantity: number }>({
      variant_id: uuid.required(),
      quantity: quantity.required(),
    }),
    answers: { 201: one(cartSchema) },
    errors: [
      'ITEM_UNAVAILABLE',
      'CART_NOT_OPEN',
      'CART_FULL',
      'QUANTITY_TOO_LARGE',
      'CURRENCY_MISMATCH',
      'PRECONDITION_FAILED',
    ],
    handle: async ({ cart, body, ifMatch }) => {
      const line = { variantId: VariantId(body.variant_id), quantity: body.quantity };
      return answer(await use.changeCart.add({ key: cart, ...line, expectedVersion: ifMatch }), 201);
    },
  }),
  route({
    method: 'PATCH',
    path: '/carts/me/items/{variant_id}',
    name: 'changeCartLine',
    tag: 'Cart',
    summary: 'Change how many',
    access: 'cart',
    params: variantParams,
    body: Joi.object<{ quantity: number }>({ quantity: quantity.required() }),
    answers: { 200: one(cartSchema) },
    errors: ['CART_NOT_OPEN'],
    handle: async ({ cart, params, body, ifMatch }) => {
      const line = { variantId: VariantId(params.variant_id), quantity: body.quantity };
      return answer(await use.changeCart.setQuantity({ key: cart, ...line, expectedVersion: ifMatch }));
    },
  }),
  route({
    method: 'DELETE',
    path: '/carts/me/items/{variant_id}',
    name: 'removeFromCart',
    tag: 'Cart',
    summary: 'Take something out of the cart',
    access: 'cart',
    params: variantParams,
    answers: { 200: one(cartSchema) },
    errors: ['CART_NOT_OPEN'],
    handle: async ({ cart, params, ifMatch }) => {
      const variantId = VariantId(params.variant_id);
      return answer(await use.changeCart.remove({ key: cart, variantId, expectedVersion: ifMatch }));
    },
  }),
];
