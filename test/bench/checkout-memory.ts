import { createApp } from '../../config/app.ts';
import { prepareShop } from '../../config/first-start.ts';
import { parseSettings } from '../../config/settings.ts';
import { SECRET_TOKENS, STORE } from '../../config/tokens.ts';
import { ChangeCart } from '../../application/cart/change-cart.ts';
import { OpenGuestCart } from '../../application/cart/open-guest-cart.ts';
import { PlaceOrder } from '../../application/checkout/place-order.ts';
import { ChangeStock } from '../../application/inventory/change-stock.ts';
import { UserId, type VariantId } from '../../domain/shared/ids.ts';
import { POSTAL_ADDRESS } from '../support/builders.ts';
import { printRatios, repeated, timed } from './support.ts';

/**
 * How many checkouts one process does when nothing is in the way: the use cases over the store in memory and the sandbox
 * gateway, without HTTP. The yardstick is the least that anybody could do: the same maps read and written by hand, and the
 * same answer made, without rules, copies, transactions or errors.
 */
const CHECKOUTS = 5_000;
const ROUNDS = 3;
const LINES = 2;

const settings = parseSettings({ DATABASE_URL: 'memory:', LOG_LEVEL: 'silent', BCRYPT_COST: '4' });
const app = await createApp(settings);
await prepareShop(app.container, settings, () => {});
const tokens = app.container.get(SECRET_TOKENS);
const variants = await stockedVariants();

async function stockedVariants(): Promise<readonly VariantId[]> {
  const { items } = await app.container.get(STORE).catalog.search({ sort: 'newest' }, { limit: 50 });
  const ids = items.map(({ variants: [first] }) => first!.id);
  const by = UserId('019cae1f-f000-7000-8000-000000000001');
  for (const variantId of ids) await app.container.get(ChangeStock).count({ variantId, by, stockQty: 1_000_000 });
  return ids;
}

/** A guest with so many different things in the cart. */
async function aFullCart(number: number): Promise<{ readonly tokenHash: string }> {
  const { cartToken } = await app.container.get(OpenGuestCart).execute();
  const key = { tokenHash: tokens.hash(cartToken) };
  for (let line = 0; line < LINES; line += 1) {
    const variantId = variants[(number * LINES + line) % variants.length]!;
    await app.container.get(ChangeCart).add({ key, variantId, quantity: 1 });
  }
  return key;
}

async function shop(round: number): Promise<{ filling: number; paying: number }> {
  const filling = await timed(() => repeated(CHECKOUTS, aFullCart));
  const placeOrder = app.container.get(PlaceOrder);
  const paying = await timed(async () => {
    let number = 0;
    for (const cart of filling.result) {
      number += 1;
      const { answer } = await placeOrder.execute({
        cart,
        paymentMethod: 'tok_ok',
        shipTo: POSTAL_ADDRESS,
        email: 'ada@example.com',
        claim: {
          owner: cart.tokenHash,
          key: `bench-${round}-${number}`,
          fingerprint: 'the same request',
          requestId: 'bench-request',
        },
      });
      if (answer.status !== 201) throw new Error(answer.body);
    }
  });
  return { filling: CHECKOUTS / filling.seconds, paying: CHECKOUTS / paying.seconds };
}

/** Reads and writes what a checkout does, in the same three steps: placed, authorised, captured. */
async function bare(): Promise<number> {
  const stock = new Map(variants.map(id => [id, { onHand: 1_000_000, reserved: 0 }]));
  const [carts, orders, keys, bank, ledger] = [new Map(), new Map(), new Map(), new Map(), new Map()];
  const lines = variants.slice(0, LINES).map(id => ({ id, quantity: 1, price: 2_999 }));
  for (let cart = 0; cart < CHECKOUTS; cart += 1) carts.set(cart, { state: 'open', lines });
  const { seconds } = await timed(async () => {
    for (let cart = 0; cart < CHECKOUTS; cart += 1) {
      const open: unknown = carts.get(cart);
      if (open === undefined || keys.has(cart)) throw new Error('This cannot be.');
      carts.set(cart, { state: 'converted', lines });
      for (const { id, quantity } of lines) {
        const item = stock.get(id)!;
        stock.set(id, { ...item, reserved: item.reserved + quantity });
      }
      orders.set(cart, { state: 'PENDING', lines, total: LINES * 2_999 });
      await Promise.resolve();
      bank.set(cart, 'authorized');
      await Promise.resolve();
      orders.set(cart, { state: 'AUTHORIZED', lines, total: LINES * 2_999 });
      await Promise.resolve();
      bank.set(cart, 'captured');
      await Promise.resolve();
      for (const { id, quantity } of lines) {
        const item = stock.get(id)!;
        stock.set(id, { onHand: item.onHand - quantity, reserved: item.reserved - quantity });
        ledger.set(`${cart}-${id}`, { id, quantity });
      }
      const order = { state: 'PAID', lines, total: LINES * 2_999 };
      orders.set(cart, order);
      keys.set(cart, JSON.stringify({ data: order, meta: {}, links: {} }));
    }
  });
  return CHECKOUTS / seconds;
}

await shop(-1); // Once without counting, until the compiler has seen it all.
const rounds = await repeated(ROUNDS, shop);
const yardsticks = await repeated(ROUNDS, bare);
const best = (values: readonly number[]): number => Math.max(...values);
const [yardstick, paying, filling] = [
  best(yardsticks),
  best(rounds.map(round => round.paying)),
  best(rounds.map(round => round.filling)),
];
printRatios(
  `Checkouts in memory, ${LINES} lines each, one process (best of ${ROUNDS} × ${CHECKOUTS})`,
  ['', 'per second', 'µs each', 'times the yardstick'],
  [
    ['checkout: place, authorise, capture', paying, 1e6 / paying, yardstick / paying],
    [`opening a cart and filling it`, filling, 1e6 / filling, ''],
    ['yardstick: the same maps by hand', yardstick, 1e6 / yardstick, 1],
  ],
);
await app.close();
