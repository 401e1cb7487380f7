import type { Client } from 'pg';

export type Kind = 'many' | 'hot';

export const SKUS = 1000;

/** Lines of an order: different things of a thousand, or the one that everybody wants. */
export const LINES: Readonly<Record<Kind, number>> = { many: 3, hot: 1 };

const FIRST_VARIANT = 100_000_000_001;
const FIRST_CART = 100_000_000_000;

/** The last group of the cart's id. Three digits are left free, so that other ids can be told apart by them. */
export const cartNumber = (index: number): number => FIRST_CART + index * 1000;

export const tokenOf = (index: number): string => `bench-cart-token-${cartNumber(index)}`;

/** How the last group of the id of a line's variant follows from the index of the cart, in any language. */
export const variantNumber = (kind: Kind, line: number, index = ':i'): string =>
  kind === 'hot' ? String(FIRST_VARIANT) : `${FIRST_VARIANT} + (${index} * 7 + ${line * 333}) % ${SKUS}`;

const AUDIT = 'now(), now(), 1';

/** A thousand products of one variant, with more in stock than anybody will ever buy. */
export async function fillShelves(client: Client): Promise<void> {
  const variants = `generate_series(${FIRST_VARIANT}, ${FIRST_VARIANT + SKUS - 1}) n`;
  await client.query(`
    INSERT INTO categories (id, name, slug, sort_name, created_at, updated_at, version)
    VALUES ('00000000-0000-7000-8000-000000000001', 'Bench', 'bench', 'bench', ${AUDIT});
    INSERT INTO products (id, name, slug, description, category_id, vendor, tags, status, images, min_price, sort_name,
                          search_text, created_at, updated_at, version)
    SELECT ('00000000-0000-7000-8001-' || n)::uuid, 'Product ' || n, 'product-' || n, '',
           '00000000-0000-7000-8000-000000000001', '', '{}', 'active', '[]', 1999, 'product ' || n, 'product ' || n, ${AUDIT}
      FROM ${variants};
    INSERT INTO product_variants (id, product_id, position, sku, folded_sku, name, options, price, currency, created_at,
                                  updated_at, version)
    SELECT ('00000000-0000-7000-8002-' || n)::uuid, ('00000000-0000-7000-8001-' || n)::uuid, 0, 'SKU-' || n, 'sku-' || n,
           'Default', '[]', 1999, 'USD', ${AUDIT} FROM ${variants};
    INSERT INTO inventory (variant_id, on_hand, reserved, created_at, updated_at, version)
    SELECT id, 100000000, 0, ${AUDIT} FROM product_variants;
    INSERT INTO stock_ledger (id, variant_id, delta, kind, created_at)
    SELECT gen_random_uuid(), id, 100000000, 'RECEIPT', now() FROM product_variants`);
}

/** Guests' carts, full and ready for the till, from one index up to another. */
export async function fillCarts(client: Client, kind: Kind, from: number, count: number): Promise<void> {
  const number = `(${FIRST_CART} + i * 1000)`;
  const variant = `CASE line ${Array.from({ length: LINES[kind] }, (_, line) => `WHEN ${line} THEN ${variantNumber(kind, line, 'i')}`).join(' ')} END`;
  const carts = `generate_series(${from}::bigint, ${from + count - 1}) i`;
  await client.query(`
    INSERT INTO carts (id, token_hash, status, created_at, updated_at, version)
    SELECT ('00000000-0000-7000-8003-' || ${number})::uuid,
           encode(sha256(('bench-cart-token-' || ${number})::bytea), 'hex'), 'OPEN', ${AUDIT} FROM ${carts};
    INSERT INTO cart_items (cart_id, variant_id, position, quantity, seen_price, currency)
    SELECT ('00000000-0000-7000-8003-' || ${number})::uuid, ('00000000-0000-7000-8002-' || ${variant})::uuid, line, 1,
           1999, 'USD' FROM ${carts}, generate_series(0, ${LINES[kind] - 1}) line`);
}
