import Joi from 'joi';
import type { CartView } from '../../../application/cart/cart-view.ts';
import type { CartProblem } from '../../../domain/cart/cart-pricing.ts';
import { total, uuid, version } from '../schemas.ts';

export const cartSchema = Joi.object({
  id: uuid.required(),
  status: Joi.string().valid('OPEN', 'CONVERTED', 'ABANDONED').required(),
  version: version.required(),
  items: Joi.array()
    .items(
      Joi.object({
        variant_id: uuid.required(),
        product_id: uuid.allow(null).required(),
        sku: Joi.string().allow(null).required(),
        name: Joi.string().allow(null).required(),
        quantity: Joi.number().integer().required(),
        unit_price: total.required(),
        line_total: total.required(),
        available: Joi.number().integer().required(),
        problems: Joi.array()
          .items(
            Joi.object({
              code: Joi.string().valid('ITEM_UNAVAILABLE', 'INSUFFICIENT_STOCK', 'PRICE_CHANGED').required(),
              available: Joi.number().integer(),
              previous_price: total,
            }),
          )
          .required(),
      }),
    )
    .required(),
  subtotal: total.allow(null).required().description('Null while the cart is empty. Lines that are gone do not count.'),
  total: total.allow(null).required(),
  cart_token: Joi.string().description('Told once, when a guest opens the cart: send it as X-Cart-Token.'),
}).meta({ name: 'Cart' });

export const cartView = ({ cart, lines, subtotal }: CartView, cartToken?: string) => ({
  id: cart.id,
  status: cart.status,
  version: cart.version,
  items: lines.map(line => ({
    variant_id: line.variantId,
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    line_total: line.lineTotal,
    available: line.available,
    problems: line.problems.map(problemView),
  })),
  subtotal,
  total: subtotal,
  ...(cartToken && { cart_token: cartToken }),
});

const problemView = (problem: CartProblem) =>
  problem.code === 'PRICE_CHANGED' ? { code: problem.code, previous_price: problem.previousPrice } : problem;
