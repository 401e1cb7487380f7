import { expect } from 'chai';
import type { Knex } from 'knex';

import { ACT, aCart, aSession, anAddress, variantOf } from '../../support/builders.ts';
import { addProduct, addReservedOrder, addUserId } from '../../support/stocking.ts';
import { onEachPostgres } from '../../support/postgres.ts';
import { rejectionOf } from '../../support/waiting.ts';
import { type KnexDatabase, openDatabase } from './knex-database.ts';

const ID = '019cae1f-ffff-7000-8000-000000000001';

const apiKey = (nameAndPermissions: string): string =>
  `INSERT INTO api_keys (id, owner_id, secret_hash, created_at, name, permissions)
   SELECT '${ID}', id, 'hash', now(), ${nameAndPermissions} FROM users LIMIT 1`;

/** What is tried behind the application's back, and the rule of the database that stops it. */
const ATTEMPTS: readonly [title: string, statement: string, constraint: string][] = [
  ['less than nothing on hand', `UPDATE inventory SET on_hand = -1, reserved = -1`, 'inventory_on_hand_not_negative'],
  ['less than nothing reserved', `UPDATE inventory SET reserved = -1`, 'inventory_reserved_not_negative'],
  ['selling a unit twice', `UPDATE inventory SET reserved = on_hand + 1`, 'inventory_never_oversold'],
  ['a negative threshold', `UPDATE inventory SET low_stock_threshold = -1`, 'inventory_threshold_not_negative'],
  ['a movement of nothing', `UPDATE stock_ledger SET delta = 0`, 'stock_ledger_moves_something'],
  ['a movement of an unknown kind', `UPDATE stock_ledger SET kind = 'THEFT'`, 'stock_ledger_kind_known'],
  ['a sale that adds stock', `UPDATE stock_ledger SET kind = 'SALE'`, 'stock_ledger_sale_leaves'],
  ['a return that takes stock', `UPDATE stock_ledger SET kind = 'RETURN', delta = -1`, 'stock_ledger_return_comes'],
  ['half a reference in the ledger', `UPDATE stock_ledger SET ref_type = 'order'`, 'stock_ledger_ref_whole'],
  [
    'one sale twice in the ledger',
    `WITH sold AS (SELECT id, variant_id FROM stock_ledger LIMIT 1)
     INSERT INTO stock_ledger (id, variant_id, delta, kind, ref_type, ref_id, created_at)
     SELECT gen_random_uuid(), variant_id, -1, 'SALE', 'order', '${ID}', now() FROM sold, generate_series(1, 2)`,
    'stock_ledger_once',
  ],
  ['a negative price', `UPDATE product_variants SET price = -1`, 'product_variants_price_not_negative'],
  [
    'a negative price to compare with',
    `UPDATE product_variants SET compare_at_price = -1`,
    'product_variants_compare_at_price_not_negative',
  ],
  [
    'a variant that weighs less than nothing',
    `UPDATE product_variants SET grams = -1`,
    'product_variants_grams_not_negative',
  ],
  ['an empty SKU', `UPDATE product_variants SET sku = ''`, 'product_variants_sku_length'],
  ['a currency of two letters', `UPDATE product_variants SET currency = 'US'`, 'product_variants_currency_check'],
  ['two live variants with one SKU', `UPDATE product_variants SET sku = 'SAME'`, 'product_variants_sku_unique'],
  ['two live products with one slug', `UPDATE products SET slug = 'same'`, 'products_slug_unique'],
  ['a product of an unknown status', `UPDATE products SET status = 'secret'`, 'products_status_known'],
  ['a product without a name', `UPDATE products SET name = ''`, 'products_name_given'],
  ['a lowest price below nothing', `UPDATE products SET min_price = -1`, 'products_min_price_not_negative'],
  ['a product in no category', `UPDATE products SET category_id = '${ID}'`, 'products_category_exists'],
  ['two live categories with one slug', `UPDATE categories SET slug = 'same'`, 'categories_slug_unique'],
  ['a category inside itself', `UPDATE categories SET parent_id = id`, 'categories_not_in_itself'],
  ['two accounts of one address', `UPDATE users SET email = 'same@example.com'`, 'users_email_unique'],
  ['an address in plain text', `UPDATE users SET sealed_email = 'ada@example.com'`, 'users_email_is_sealed'],
  ['a name in plain text', `UPDATE users SET sealed_name = 'Ada'`, 'users_name_is_sealed'],
  ['a customer without an address', `UPDATE users SET sealed_email = NULL`, 'users_have_an_address'],
  ['half an erasing', `UPDATE users SET deleted_at = now()`, 'users_erased_are_nobody'],
  ['a key in plain text', `UPDATE person_keys SET wrapped = 'secret'`, 'person_keys_are_wrapped'],
  ['a look-up in plain text', `UPDATE user_emails SET email_index = 'k:ada@example.com'`, 'user_emails_name_their_key'],
  ['two customers found by one address', `UPDATE user_emails SET email_index = 'k:same'`, 'user_emails_pkey'],
  ['an entry of an address book in plain text', `UPDATE addresses SET sealed_address = '{}'`, 'addresses_are_sealed'],
  ['an empty entry of an address book', `UPDATE addresses SET sealed_address = NULL`, 'addresses_say_where'],
  ['an order that goes to plain text', `UPDATE orders SET sealed_shipping_address = '{}'`, 'orders_address_is_sealed'],
  ['an order of a guest in plain text', `UPDATE orders SET sealed_email = 'ada@example.com'`, 'orders_email_is_sealed'],
  ['a parcel in plain text', `UPDATE orders SET sealed_shipment = '{}'`, 'orders_shipment_is_sealed'],
  [
    'a cancelling for a plain reason',
    `UPDATE orders SET sealed_cancel_reason = 'Ada'`,
    'orders_cancel_reason_is_sealed',
  ],
  ['a resuming for a plain reason', `UPDATE orders SET sealed_resume_reason = 'Ada'`, 'orders_resume_reason_is_sealed'],
  ['an order that goes nowhere', `UPDATE orders SET sealed_shipping_address = NULL`, 'orders_say_where'],
  [
    'an order that is found by no address',
    `UPDATE orders SET email_index = 'k:x', sealed_email = NULL`,
    'orders_index_an_email',
  ],
  [
    'an answer in plain text',
    `INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, locked_until, response_code, sealed_body,
                                   completed_at)
     VALUES ('o', 'k', 'f', 'r', 'COMPLETED', now(), 200, '{}', now())`,
    'idempotency_keys_are_sealed',
  ],
  [
    'a role with a name of its own kind',
    `INSERT INTO roles (name, permissions) VALUES ('The King', '{}')`,
    'roles_name_shape',
  ],
  [
    'a role that pretends to be built in',
    `INSERT INTO roles (name, permissions, built_in) VALUES ('king', '{}', true)`,
    'roles_built_in_known',
  ],
  ['customers who may do something', `UPDATE roles SET permissions = '{users:write}'`, 'roles_customers_may_nothing'],
  ['taking away a role that somebody has', `DELETE FROM roles`, 'users_role_known'],
  ['an API key that permits nothing', apiKey(`'till', '{}'`), 'api_keys_permissions_some'],
  ['an API key without a name', apiKey(`'', '{orders:read}'`), 'api_keys_name_length'],
  ['a second moment for all sessions', `INSERT INTO session_cutoff VALUES (false, now())`, 'session_cutoff_is_one'],
  ['a role that nobody knows', `UPDATE users SET role = 'king'`, 'users_role_known'],
  ['a country of three letters', `UPDATE addresses SET country = 'PRT'`, 'addresses_country_shape'],
  ['two sessions of one refresh token', `UPDATE sessions SET token_hash = 'same'`, 'sessions_token_unique'],
  ['an unknown state of a cart', `UPDATE carts SET status = 'LOST'`, 'carts_status_known'],
  [
    'two open carts of one customer',
    `UPDATE carts SET status = 'OPEN', user_id = (SELECT id FROM users ORDER BY id LIMIT 1)`,
    'carts_one_open_per_user',
  ],
  ['a line of nothing in a cart', `UPDATE cart_items SET quantity = 0`, 'cart_items_quantity_sane'],
  ['a line of a thousand in a cart', `UPDATE cart_items SET quantity = 1000`, 'cart_items_quantity_sane'],
  ['one variant twice in a cart', `INSERT INTO cart_items SELECT * FROM cart_items`, 'cart_items_pkey'],
  ['an order item of nothing', `UPDATE order_items SET quantity = 0, line_total = 0`, 'order_items_quantity_positive'],
  ['a line that does not add up', `UPDATE order_items SET line_total = line_total + 1`, 'order_items_line_adds_up'],
  ['a total that does not add up', `UPDATE orders SET total = total + 1`, 'orders_total_adds_up'],
  [
    'a total below nothing',
    `UPDATE orders SET discount_total = items_total + 1, total = -1`,
    'orders_total_not_negative',
  ],
  [
    'a negative discount',
    `UPDATE orders SET discount_total = -1, total = total + 1`,
    'orders_discount_total_not_negative',
  ],
  [
    'items that are not what the order says',
    `UPDATE orders SET items_total = items_total + 1, total = total + 1`,
    'orders_items_add_up',
  ],
  [
    'an order without items',
    `INSERT INTO orders SELECT (jsonb_populate_record(o, '{"id": "${ID}", "number": "0", "items_total": 0, "total": 0,
       "state": "CANCELLED", "saga": "CANCELLED"}')).* FROM orders o LIMIT 1`,
    'orders_items_add_up',
  ],
  [
    'an item added to an order',
    `INSERT INTO order_items SELECT (jsonb_populate_record(i, '{"position": 1}')).* FROM order_items i`,
    'order_items_not_one_too_many',
  ],
  [
    'an item added to an order that owns up to it',
    `WITH more AS (UPDATE orders SET item_count = 2 RETURNING id)
     INSERT INTO order_items SELECT (jsonb_populate_record(i, '{"position": 1, "item_count": 2}')).* FROM order_items i`,
    'order_items_one_of_its_order',
  ],
  ['an item of another number of items', `UPDATE order_items SET item_count = 2`, 'order_items_one_of_its_order'],
  ['an item taken from an order', `DELETE FROM order_items`, 'orders_items_add_up'],
  [
    'an item repriced after the sale',
    `UPDATE order_items SET unit_price = 1, line_total = quantity`,
    'orders_items_add_up',
  ],
  ['an item in another currency', `UPDATE order_items SET currency = 'EUR'`, 'orders_items_add_up'],
  ['an unknown state of an order', `UPDATE orders SET state = 'LOST', saga = 'PAID'`, 'orders_state_known'],
  ['an unknown state of a checkout', `UPDATE orders SET saga = 'LOST'`, 'orders_saga_known'],
  ['an order paid before its checkout is', `UPDATE orders SET state = 'PAID'`, 'orders_state_fits_saga'],
  [
    'two live orders of one cart',
    `UPDATE orders SET cart_id = (SELECT id FROM carts WHERE status = 'CONVERTED' ORDER BY id LIMIT 1)`,
    'orders_one_live_per_cart',
  ],
  ['a negative payment', `UPDATE payments SET amount = -1`, 'payments_amount_not_negative'],
  ['an unknown state of a payment', `UPDATE payments SET state = 'LOST'`, 'payments_state_known'],
  [
    'an authorisation that no gateway gave',
    `UPDATE payments SET state = 'AUTHORIZED'`,
    'payments_authorized_by_gateway',
  ],
  ['a capture that no gateway made', `UPDATE payments SET state = 'CAPTURED'`, 'payments_captured_by_gateway'],
  ['one authorisation for two orders', `UPDATE payments SET gateway_auth_id = 'same'`, 'payments_gateway_auth_unique'],
  ['one capture for two orders', `UPDATE payments SET gateway_capture_id = 'same'`, 'payments_gateway_capture_unique'],
  [
    'two payments of one order',
    `UPDATE payments SET order_id = (SELECT id FROM orders ORDER BY id LIMIT 1)`,
    'payments_one_per_order',
  ],
  ['a reservation of nothing', `UPDATE reservations SET qty = 0`, 'reservations_qty_positive'],
  ['an unknown state of a reservation', `UPDATE reservations SET state = 'LOST'`, 'reservations_state_known'],
  ['reserving for one order twice', `INSERT INTO reservations SELECT * FROM reservations`, 'reservations_pkey'],
  [
    'a finished request without an answer',
    `INSERT INTO idempotency_keys (owner, key, fingerprint, request_id, state, locked_until)
     VALUES ('o', 'k', 'f', 'r', 'COMPLETED', now())`,
    'idempotency_keys_answered',
  ],
  [
    'one event twice in the outbox',
    `INSERT INTO outbox (id, aggregate_type, aggregate_id, aggregate_version, type, payload, dedupe_key, created_at)
     SELECT gen_random_uuid(), 'order', '${ID}', 1, 'order.paid', '{}', 'paid:1', now() FROM generate_series(1, 2)`,
    'outbox_dedupe_key_unique',
  ],
  [
    'one event twice at one consumer',
    `INSERT INTO consumed_events (consumer, event_id) SELECT 'mail', '${ID}' FROM generate_series(1, 2)`,
    'consumed_events_pkey',
  ],
  [
    'one notice of a gateway twice',
    `INSERT INTO gateway_events (gateway, event_id, type, payload)
     SELECT 'stripe', 'evt_1', 't', '{}' FROM generate_series(1, 2)`,
    'gateway_events_pkey',
  ],
  [
    'an order that nobody ever tries to settle',
    `UPDATE orders SET next_attempt_at = NULL`,
    'orders_unsettled_are_attempted',
  ],
];

const CAPTURE = `UPDATE payments SET state = 'CAPTURED', gateway_auth_id = 'a' || id, gateway_capture_id = 'c' || id;`;
const refund = (number: number, amount: string, state = 'PENDING', currency = 'currency'): string =>
  `INSERT INTO refunds (payment_id, number, amount, currency, state)
   SELECT id, ${number}, ${amount}, ${currency}, '${state}' FROM payments;`;
const promise = (amount: string): string => `UPDATE payments SET refunded_amount = ${amount};`;
const REFUNDED = CAPTURE + refund(1, '10') + promise('10');

/** Every way to give back more than was taken, or something else than the payment says. */
const REFUND_ATTEMPTS: typeof ATTEMPTS = [
  ['a refund of nothing', CAPTURE + refund(1, '0'), 'refunds_amount_positive'],
  ['a refund without a number', CAPTURE + refund(0, '1'), 'refunds_number_positive'],
  ['a refund in an unknown state', CAPTURE + refund(1, '1', 'LOST'), 'refunds_state_known'],
  ['a refund for a plain reason', `${REFUNDED} UPDATE refunds SET sealed_reason = 'Ada'`, 'refunds_reason_is_sealed'],
  ['one refund twice', CAPTURE + refund(1, '1') + refund(1, '1'), 'refunds_pkey'],
  ['a refund of more than was taken', CAPTURE + promise('amount + 1'), 'payments_refunded_at_most_captured'],
  [
    'two refunds that together are more than was taken',
    CAPTURE + refund(1, 'amount') + refund(2, '1') + promise('amount + 1'),
    'payments_refunded_at_most_captured',
  ],
  ['a refund that its payment does not count', CAPTURE + refund(1, 'amount + 1'), 'payments_refunds_add_up'],
  ['a second refund that its payment does not count', REFUNDED + refund(2, '1'), 'payments_refunds_add_up'],
  ['a payment that counts a refund too many', REFUNDED + promise('11'), 'payments_refunds_add_up'],
  ['a payment that forgets a refund', REFUNDED + promise('0'), 'payments_refunds_add_up'],
  ['less than nothing given back', CAPTURE + promise('-1'), 'payments_refunded_not_negative'],
  ['a refund that grows', `${REFUNDED} UPDATE refunds SET amount = 11`, 'payments_refunds_add_up'],
  ['a refund that is lost', `${REFUNDED} DELETE FROM refunds`, 'payments_refunds_add_up'],
  [
    'a refused refund that counts all the same',
    CAPTURE + refund(1, '10', 'REFUSED') + promise('10'),
    'payments_refunds_add_up',
  ],
  [
    'a refused refund that is promised again behind the back of its payment',
    `${CAPTURE + refund(1, '10', 'REFUSED')} UPDATE refunds SET state = 'DONE'`,
    'payments_refunds_add_up',
  ],
  [
    'a refund that moves to another payment',
    `${CAPTURE} ${refund(1, '10')} DELETE FROM refunds WHERE payment_id = (SELECT MAX(id::text)::uuid FROM payments);
     UPDATE payments SET refunded_amount = 10 WHERE id = (SELECT MIN(id::text)::uuid FROM payments);
     UPDATE refunds SET payment_id = (SELECT MAX(id::text)::uuid FROM payments)`,
    'payments_refunds_add_up',
  ],
  [
    'a refund in another currency',
    CAPTURE + refund(1, '10', 'DONE', `'EUR'`) + promise('10'),
    'payments_refunds_add_up',
  ],
  [
    'a payment that changes its currency',
    `${REFUNDED} UPDATE payments SET currency = 'EUR'`,
    'payments_refunds_add_up',
  ],
  ['a payment that shrinks', `${REFUNDED} UPDATE payments SET amount = 9`, 'payments_refunded_at_most_captured'],
  ['a refund of what was never taken', refund(1, '10') + promise('10'), 'payments_refunded_after_capture'],
  [
    'a payment that begins with refunds',
    `${CAPTURE} CREATE TEMPORARY TABLE p ON COMMIT DROP AS SELECT * FROM payments; DELETE FROM payments;
     INSERT INTO payments SELECT (jsonb_populate_record(p, '{"refunded_amount": 10}')).* FROM p`,
    'payments_refunds_add_up',
  ],
];

onEachPostgres('behind the application, the database refuses', postgres => {
  let database: KnexDatabase;

  before(async () => {
    database = await openDatabase(postgres);
    await stockTheShop(database);
  });

  after(() => database.close());

  for (const [title, statement, constraint] of [...ATTEMPTS, ...REFUND_ATTEMPTS])
    it(title, async () => {
      const error = await rejectionOf(
        database.knex.transaction(async trx => {
          await trx.raw(statement);
          await trx.raw('SET CONSTRAINTS ALL IMMEDIATE');
        }),
      );
      expect(error).to.have.property('constraint', constraint);
    });
});

onEachPostgres('the tables of the shop', postgres => {
  let database: KnexDatabase;

  before(async () => {
    database = await openDatabase(postgres);
  });

  after(() => database.close());

  it('have an index that begins with the columns of each foreign key', async () => {
    const missing = await rowsOf(
      database.knex,
      `SELECT conrelid::regclass || '.' || conname AS name FROM pg_constraint c
        WHERE contype = 'f' AND NOT EXISTS (
          SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`,
    );
    expect(missing).to.deep.equal([]);
  });

  it('say who changed a row, when, and how often, wherever the shop changes things', async () => {
    const audited = await rowsOf(
      database.knex,
      `SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = current_schema()
          AND column_name IN ('created_at', 'updated_at', 'created_by', 'updated_by', 'version')
        GROUP BY table_name HAVING COUNT(*) = 5 ORDER BY 1`,
    );
    expect(audited).to.deep.equal([
      'addresses',
      'carts',
      'categories',
      'inventory',
      'orders',
      'payments',
      'product_variants',
      'products',
      'roles',
      'users',
    ]);
  });

  it('have no sequences and no types of their own but those that the list of migrations needs', async () => {
    const own = await rowsOf(
      database.knex,
      `SELECT relname AS name FROM pg_class WHERE relkind = 'S' AND relname NOT LIKE 'knex_migrations%'
       UNION ALL SELECT typname FROM pg_type WHERE typtype = 'e'`,
    );
    expect(own).to.deep.equal([]);
  });

  it('lose what a deleted row owns, and keep what only refers to it', async () => {
    await stockTheShop(database);
    const { knex } = database;
    await knex.raw('UPDATE orders SET user_id = (SELECT id FROM users ORDER BY id LIMIT 1)');
    await knex('users').delete();
    for (const table of ['addresses', 'sessions']) expect(await knex(table)).to.deep.equal([]);
    expect(await knex('orders').distinct('user_id')).to.deep.equal([{ user_id: null }]);
  });
});

/** Two of everything, so that what must be unique can clash. */
async function stockTheShop({ store }: KnexDatabase): Promise<void> {
  const run: typeof store.unitOfWork.run = work => store.unitOfWork.run(work);
  for (let i = 0; i < 2; i += 1) {
    const product = await addProduct(run);
    const userId = await addUserId(run);
    await addReservedOrder(run, product, 2);
    await run(async ({ carts, addresses, sessions }) => {
      await carts.save(aCart({ userId, lines: [{ variantId: variantOf(product), quantity: 1 }] }, ACT));
      await addresses.save(anAddress(userId));
      await sessions.save(aSession({ userId, tokenHash: `hash-${userId}` }));
    });
  }
}

async function rowsOf(knex: Knex, statement: string): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(statement);
  return rows.map(row => row.name);
}
