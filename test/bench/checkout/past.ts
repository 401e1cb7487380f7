import type { Client } from 'pg';

/** Makes what a paid order of three lines leaves behind, for so many of them; `first` is how many there are already. */
export async function fillPast(client: Client, first: number, count: number): Promise<void> {
  const BATCH = 50_000;
  // Foreign keys and the sums of orders hold by construction; to have them checked would take minutes.
  await client.query('SET session_replication_role = replica');
  for (let from = first; from < first + count; from += BATCH)
    await client.query(pastOrders(from, Math.min(BATCH, first + count - from)));
  await client.query('SET session_replication_role = DEFAULT');
  await client.query('VACUUM ANALYZE');
}

/** As long as what is sealed in earnest. Nobody opens it here. */
const sealed = (length: number): string => `'v1:' || repeat('x', ${length})`;

const id = (kind: string, number = 'n'): string =>
  `('0190' || lpad(to_hex(${number} / 65536), 4, '0') || '-' || lpad(to_hex(${number} % 65536), 4, '0') || '-7${kind}-8000-000000000000')::uuid`;

const line = `(n * 3 + k)`;
const variant = `('00000000-0000-7000-8002-' || (100000000001 + (n * 7 + k * 333) % 1000))::uuid`;

const pastOrders = (from: number, count: number): string => `
  CREATE TEMPORARY TABLE past AS SELECT n, now() - interval '3 days' AS at
    FROM generate_series(${from}::bigint, ${from + count - 1}) n;
  INSERT INTO carts (id, token_hash, status, created_at, updated_at, version)
  SELECT ${id('001')}, 'past-' || n, 'CONVERTED', at, at, 2 FROM past;
  INSERT INTO cart_items (cart_id, variant_id, position, quantity, seen_price, currency)
  SELECT ${id('001')}, ${variant}, k, 1, 1999, 'USD' FROM past, generate_series(0, 2) k;
  INSERT INTO orders (id, number, cart_id, state, saga, item_count, items_total, discount_total, shipping_total,
                      tax_total, total, currency, sealed_shipping_address, sealed_email, email_index, expires_at, created_at,
                      updated_at, version)
  SELECT ${id('002')}, 'P' || n, ${id('001')}, 'PAID', 'PAID', 3, 5997, 0, 0, 0, 5997, 'USD', ${sealed(240)},
         ${sealed(75)}, 'a-master-key:' || md5(n::text), at, at, at, 3 FROM past;
  INSERT INTO person_keys (person_id, wrapped) SELECT ${id('002')}, ${sealed(95)} FROM past;
  INSERT INTO order_items (order_id, position, item_count, variant_id, product_id, sku, name, quantity, unit_price,
                           line_total, currency)
  SELECT ${id('002')}, k, 3, ${variant}, ${variant}, 'SKU-' || n % 1000, 'Product', 1, 1999, 1999, 'USD'
    FROM past, generate_series(0, 2) k;
  INSERT INTO payments (id, order_id, state, amount, currency, method, gateway_auth_id, gateway_capture_id, created_at,
                        updated_at, version)
  SELECT ${id('003')}, ${id('002')}, 'CAPTURED', 5997, 'USD', 'tok_ok', 'past_auth_' || n, 'past_capture_' || n, at, at, 3
    FROM past;
  INSERT INTO reservations (order_id, variant_id, qty, state)
  SELECT ${id('002')}, ${variant}, 1, 'CONSUMED' FROM past, generate_series(0, 2) k;
  INSERT INTO stock_ledger (id, variant_id, delta, kind, ref_type, ref_id, created_at)
  SELECT ${id('004', line)}, ${variant}, -1, 'SALE', 'order', ${id('002')}, at FROM past, generate_series(0, 2) k;
  INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, order_id, locked_until, response_code,
                                sealed_body, created_at, completed_at)
  SELECT 'cart:past-' || n, 'key', 'f', 'r', 'COMPLETED', ${id('002')}, at, 201, ${sealed(1100)}, at, at FROM past;
  INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, type, payload, dedupe_key, created_at,
                      published_at)
  SELECT ${id('005')}, 'order', ${id('002')}, 1, 'order.created', '{}'::jsonb, NULL, at, at FROM past
  UNION ALL
  SELECT ${id('006')}, 'order', ${id('002')}, 3, 'order.paid', '{}'::jsonb, 'paid:' || n, at, at FROM past;
  DROP TABLE past`;
