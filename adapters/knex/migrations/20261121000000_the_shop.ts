import type { Knex } from 'knex';

/** `created_by` and `updated_by` have no foreign key: who did it stays known after the account is gone. */
const AUDIT = `
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  created_by uuid,
  updated_by uuid,
  version integer NOT NULL CHECK (version > 0)`;

/** The shape of an ISO 4217 code; which codes there are is the domain's knowledge. */
const CURRENCY = `currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$')`;

const IDENTITY = `
CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL CONSTRAINT users_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
  name text,
  password_hash text NOT NULL,
  role text NOT NULL CONSTRAINT users_role_known CHECK (role IN ('customer', 'staff', 'admin')),
  disabled boolean NOT NULL DEFAULT false,
  deleted_at timestamptz,
  ${AUDIT}
);
CREATE UNIQUE INDEX users_email_unique ON users (email) WHERE deleted_at IS NULL;

CREATE TABLE addresses (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  line1 text NOT NULL,
  line2 text,
  city text NOT NULL,
  region text,
  postal_code text NOT NULL,
  country text NOT NULL CONSTRAINT addresses_country_shape CHECK (country ~ '^[A-Z]{2}$'),
  ${AUDIT}
);
CREATE INDEX addresses_of_user ON addresses (user_id, id);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  token_hash text NOT NULL CONSTRAINT sessions_token_unique UNIQUE,
  access_tokens jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_access_tokens ON sessions USING gin (access_tokens jsonb_path_ops);

CREATE TABLE spent_refresh_tokens (
  token_hash text PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  CONSTRAINT spent_refresh_tokens_in_order UNIQUE (session_id, position)
);

CREATE TABLE revoked_tokens (
  id text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_tokens_expiry ON revoked_tokens (expires_at);
`;

const CATALOGUE = `
CREATE TABLE categories (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT categories_name_given CHECK (name <> ''),
  slug text COLLATE "C" NOT NULL CONSTRAINT categories_slug_given CHECK (slug <> ''),
  parent_id uuid REFERENCES categories ON DELETE SET NULL CONSTRAINT categories_not_in_itself CHECK (parent_id <> id),
  sort_name text COLLATE "C" NOT NULL,
  deleted_at timestamptz,
  ${AUDIT}
);
CREATE UNIQUE INDEX categories_slug_unique ON categories (slug) WHERE deleted_at IS NULL;
CREATE INDEX categories_of_parent ON categories (parent_id);

CREATE TABLE products (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT products_name_given CHECK (name <> ''),
  slug text COLLATE "C" NOT NULL CONSTRAINT products_slug_given CHECK (slug <> ''),
  description text NOT NULL,
  category_id uuid NOT NULL CONSTRAINT products_category_exists REFERENCES categories,
  vendor text NOT NULL,
  tags text[] NOT NULL,
  status text NOT NULL CONSTRAINT products_status_known CHECK (status IN ('active', 'draft')),
  images jsonb NOT NULL,
  min_price bigint CONSTRAINT products_min_price_not_negative CHECK (min_price >= 0),
  sort_name text COLLATE "C" NOT NULL,
  search_text text NOT NULL,
  deleted_at timestamptz,
  ${AUDIT}
);
CREATE UNIQUE INDEX products_slug_unique ON products (slug) WHERE deleted_at IS NULL;
CREATE INDEX products_of_category ON products (category_id);
CREATE INDEX products_newest ON products (created_at DESC, id DESC) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX products_cheapest ON products (min_price, id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX products_dearest ON products (min_price DESC, id) WHERE deleted_at IS NULL AND status = 'active';
CREATE INDEX products_by_name ON products (sort_name, id) WHERE deleted_at IS NULL AND status = 'active';

CREATE TABLE product_variants (
  id uuid PRIMARY KEY,
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  sku text COLLATE "C" NOT NULL CONSTRAINT product_variants_sku_length CHECK (char_length(sku) BETWEEN 1 AND 100),
  folded_sku text NOT NULL,
  name text NOT NULL,
  options jsonb NOT NULL,
  price bigint NOT NULL CONSTRAINT product_variants_price_not_negative CHECK (price >= 0),
  compare_at_price bigint CONSTRAINT product_variants_compare_at_price_not_negative CHECK (compare_at_price >= 0),
  ${CURRENCY},
  barcode text,
  grams integer CONSTRAINT product_variants_grams_not_negative CHECK (grams >= 0),
  deleted_at timestamptz,
  ${AUDIT}
);
CREATE UNIQUE INDEX product_variants_sku_unique ON product_variants (sku) WHERE deleted_at IS NULL;
CREATE INDEX product_variants_of_product ON product_variants (product_id, position);

CREATE TABLE product_imports (
  id uuid PRIMARY KEY,
  status text NOT NULL
    CONSTRAINT product_imports_status_known CHECK (status IN ('pending', 'running', 'completed', 'failed')),
  dry_run boolean NOT NULL,
  rows_read integer NOT NULL CHECK (rows_read >= 0),
  rows_created integer NOT NULL CHECK (rows_created >= 0),
  rows_updated integer NOT NULL CHECK (rows_updated >= 0),
  rows_skipped integer NOT NULL CHECK (rows_skipped >= 0),
  errors jsonb NOT NULL,
  warnings jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  created_by uuid
);
`;

/** Free room in each page lets a sale replace its stock row in place, without touching an index (HOT). */
const STOCK = `
CREATE TABLE inventory (
  variant_id uuid PRIMARY KEY REFERENCES product_variants ON DELETE CASCADE,
  on_hand integer NOT NULL CONSTRAINT inventory_on_hand_not_negative CHECK (on_hand >= 0),
  reserved integer NOT NULL CONSTRAINT inventory_reserved_not_negative CHECK (reserved >= 0),
  low_stock_threshold integer CONSTRAINT inventory_threshold_not_negative CHECK (low_stock_threshold >= 0),
  ${AUDIT},
  CONSTRAINT inventory_never_oversold CHECK (reserved <= on_hand)
) WITH (fillfactor = 50);
CREATE INDEX inventory_watched ON inventory (variant_id) WHERE low_stock_threshold IS NOT NULL;

CREATE TABLE stock_ledger (
  id uuid PRIMARY KEY,
  variant_id uuid NOT NULL REFERENCES inventory ON DELETE CASCADE,
  delta integer NOT NULL CONSTRAINT stock_ledger_moves_something CHECK (delta <> 0),
  kind text NOT NULL CONSTRAINT stock_ledger_kind_known CHECK (kind IN ('RECEIPT', 'ADJUST', 'SALE', 'RETURN')),
  reason text,
  ref_type text,
  ref_id uuid,
  created_by uuid,
  created_at timestamptz NOT NULL,
  CONSTRAINT stock_ledger_ref_whole CHECK ((ref_type IS NULL) = (ref_id IS NULL)),
  CONSTRAINT stock_ledger_sale_leaves CHECK (kind <> 'SALE' OR delta < 0),
  CONSTRAINT stock_ledger_return_comes CHECK (kind <> 'RETURN' OR delta > 0)
);
CREATE UNIQUE INDEX stock_ledger_once ON stock_ledger (kind, ref_type, ref_id, variant_id) WHERE ref_id IS NOT NULL;
CREATE INDEX stock_ledger_of_variant ON stock_ledger (variant_id, id DESC);
`;

const CARTS = `
CREATE TABLE carts (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  token_hash text CONSTRAINT carts_token_unique UNIQUE,
  status text NOT NULL CONSTRAINT carts_status_known CHECK (status IN ('OPEN', 'CONVERTED', 'ABANDONED')),
  ${AUDIT}
);
CREATE UNIQUE INDEX carts_one_open_per_user ON carts (user_id) WHERE status = 'OPEN';
CREATE INDEX carts_of_user ON carts (user_id);

CREATE TABLE cart_items (
  cart_id uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
  variant_id uuid NOT NULL REFERENCES product_variants ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  quantity integer NOT NULL CONSTRAINT cart_items_quantity_sane CHECK (quantity BETWEEN 1 AND 999),
  seen_price bigint NOT NULL CONSTRAINT cart_items_seen_price_not_negative CHECK (seen_price >= 0),
  ${CURRENCY},
  PRIMARY KEY (cart_id, variant_id)
);
CREATE INDEX cart_items_of_variant ON cart_items (variant_id);
`;

/**
 * What an order has to do with products and variants is history, so it has no foreign keys to them: a check would
 * also lock the row of a popular variant in every checkout at once.
 */
const ORDERS = `
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT orders_number_unique UNIQUE,
  cart_id uuid NOT NULL REFERENCES carts,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  state text NOT NULL CONSTRAINT orders_state_known
    CHECK (state IN ('PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED')),
  saga text NOT NULL CONSTRAINT orders_saga_known
    CHECK (saga IN ('RESERVED', 'CAPTURE_PENDING', 'PAID', 'CANCEL_PENDING', 'CANCELLED')),
  item_count integer NOT NULL CHECK (item_count > 0),
  items_total bigint NOT NULL CONSTRAINT orders_items_total_not_negative CHECK (items_total >= 0),
  discount_total bigint NOT NULL CONSTRAINT orders_discount_total_not_negative CHECK (discount_total >= 0),
  shipping_total bigint NOT NULL CONSTRAINT orders_shipping_total_not_negative CHECK (shipping_total >= 0),
  tax_total bigint NOT NULL CONSTRAINT orders_tax_total_not_negative CHECK (tax_total >= 0),
  total bigint NOT NULL CONSTRAINT orders_total_not_negative CHECK (total >= 0),
  ${CURRENCY},
  shipping_address jsonb NOT NULL,
  email text,
  shipment jsonb,
  cancel_reason text,
  needs_review text,
  expires_at timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  ${AUDIT},
  CONSTRAINT orders_with_so_many_items UNIQUE (id, item_count),
  CONSTRAINT orders_total_adds_up CHECK (total = items_total - discount_total + shipping_total + tax_total),
  CONSTRAINT orders_state_fits_saga CHECK ((state = 'PENDING') = (saga IN ('RESERVED', 'CAPTURE_PENDING')))
);
CREATE UNIQUE INDEX orders_one_live_per_cart ON orders (cart_id) WHERE saga NOT IN ('CANCEL_PENDING', 'CANCELLED');
CREATE INDEX orders_of_cart ON orders (cart_id);
CREATE INDEX orders_of_user ON orders (user_id, id DESC);
CREATE INDEX orders_by_email ON orders (email, id DESC);
CREATE INDEX orders_by_time ON orders (created_at);
CREATE INDEX orders_unfinished ON orders (next_attempt_at)
  WHERE saga IN ('RESERVED', 'CAPTURE_PENDING', 'CANCEL_PENDING');
CREATE INDEX orders_expiring ON orders (expires_at) WHERE saga = 'RESERVED';

CREATE TABLE order_items (
  order_id uuid NOT NULL,
  position integer NOT NULL,
  item_count integer NOT NULL,
  variant_id uuid NOT NULL,
  product_id uuid NOT NULL,
  sku text NOT NULL,
  name text NOT NULL,
  quantity integer NOT NULL CONSTRAINT order_items_quantity_positive CHECK (quantity > 0),
  unit_price bigint NOT NULL CONSTRAINT order_items_unit_price_not_negative CHECK (unit_price >= 0),
  line_total bigint NOT NULL,
  ${CURRENCY},
  PRIMARY KEY (order_id, position),
  CONSTRAINT order_items_one_of_its_order FOREIGN KEY (order_id, item_count) REFERENCES orders (id, item_count)
    ON DELETE CASCADE,
  CONSTRAINT order_items_not_one_too_many CHECK (position >= 0 AND position < item_count),
  CONSTRAINT order_items_line_adds_up CHECK (line_total = quantity * unit_price)
);
CREATE INDEX order_items_of_variant ON order_items (variant_id);

CREATE TABLE payments (
  id uuid PRIMARY KEY,
  order_id uuid NOT NULL CONSTRAINT payments_one_per_order UNIQUE REFERENCES orders ON DELETE CASCADE,
  state text NOT NULL CONSTRAINT payments_state_known
    CHECK (state IN ('NEW', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'VOIDED', 'REFUNDED')),
  amount bigint NOT NULL CONSTRAINT payments_amount_not_negative CHECK (amount >= 0),
  ${CURRENCY},
  method text NOT NULL,
  gateway_auth_id text CONSTRAINT payments_gateway_auth_unique UNIQUE,
  gateway_capture_id text CONSTRAINT payments_gateway_capture_unique UNIQUE,
  decline_reason text,
  action jsonb,
  ${AUDIT},
  CONSTRAINT payments_authorized_by_gateway CHECK (state <> 'AUTHORIZED' OR gateway_auth_id IS NOT NULL),
  CONSTRAINT payments_captured_by_gateway CHECK (state <> 'CAPTURED' OR gateway_capture_id IS NOT NULL)
);

CREATE TABLE reservations (
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  variant_id uuid NOT NULL REFERENCES inventory,
  qty integer NOT NULL CONSTRAINT reservations_qty_positive CHECK (qty > 0),
  state text NOT NULL CONSTRAINT reservations_state_known CHECK (state IN ('HELD', 'PINNED', 'CONSUMED', 'RELEASED')),
  PRIMARY KEY (order_id, variant_id)
) WITH (fillfactor = 80);
CREATE INDEX reservations_of_variant ON reservations (variant_id);
`;

/**
 * An order and its items may be written in any order within a transaction: what counts is what is committed. An order
 * says how many items it has, and each item is one of so many, so none can be added later. That leaves one cheap check
 * for each order, where a trigger on the items would be the dearest part of writing an order.
 */
const ITEMS_ADD_UP = `
CREATE FUNCTION require_items_add_up(which uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM orders o WHERE o.id = which AND NOT (
      SELECT COALESCE(SUM(i.line_total) = o.items_total AND COUNT(*) = o.item_count, false)
        FROM order_items i WHERE i.order_id = o.id AND i.currency = o.currency)) THEN
    RAISE EXCEPTION 'the items of order % do not add up to its total', which
      USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_items_add_up', TABLE = 'orders';
  END IF;
END $$;

CREATE FUNCTION check_items_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (SELECT COALESCE(SUM(line_total) = NEW.items_total AND COUNT(*) = NEW.item_count, false)
            FROM order_items WHERE order_id = NEW.id AND currency = NEW.currency) THEN
    -- Looks again at the order as it is now: this may be about a change that has been changed since.
    PERFORM require_items_add_up(NEW.id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION check_order_of_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM require_items_add_up(OLD.order_id);
  IF TG_OP = 'UPDATE' THEN PERFORM require_items_add_up(NEW.order_id); END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER orders_items_add_up AFTER INSERT OR UPDATE OF items_total, item_count, currency ON orders
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_items_of_order();
CREATE CONSTRAINT TRIGGER order_items_add_up AFTER UPDATE OR DELETE ON order_items
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_of_item();
`;

const DELIVERY = `
CREATE TABLE idempotency_keys (
  owner text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  request_id text NOT NULL,
  state text NOT NULL CONSTRAINT idempotency_keys_state_known CHECK (state IN ('IN_PROGRESS', 'COMPLETED')),
  order_id uuid REFERENCES orders ON DELETE SET NULL,
  applied boolean NOT NULL DEFAULT false,
  locked_until timestamptz NOT NULL,
  response_code integer,
  response_body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (owner, key),
  CONSTRAINT idempotency_keys_answered CHECK (
    (state = 'COMPLETED') = (response_code IS NOT NULL AND response_body IS NOT NULL AND completed_at IS NOT NULL))
);
CREATE INDEX idempotency_keys_of_order ON idempotency_keys (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX idempotency_keys_old ON idempotency_keys (completed_at) WHERE state = 'COMPLETED';

CREATE TABLE gateway_events (
  event_id text PRIMARY KEY,
  ref text NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0)
);
CREATE INDEX gateway_events_waiting ON gateway_events (received_at) WHERE processed_at IS NULL;

CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  aggregate_type text NOT NULL,
  aggregate_id uuid NOT NULL,
  aggregate_version integer NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  dedupe_key text CONSTRAINT outbox_dedupe_key_unique UNIQUE,
  created_at timestamptz NOT NULL,
  published_at timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0)
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE consumed_events (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  consumed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
`;

/** Makes searching for parts of words fast where the server offers trigrams; without them it reads all products. */
const TRIGRAMS_WHERE_POSSIBLE = `
DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX products_search_text ON products USING gin (search_text gin_trgm_ops) WHERE deleted_at IS NULL;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: product search will read all products';
END $$;
`;

export async function up(knex: Knex): Promise<void> {
  for (const part of [IDENTITY, CATALOGUE, STOCK, CARTS, ORDERS, ITEMS_ADD_UP, DELIVERY, TRIGRAMS_WHERE_POSSIBLE])
    await knex.raw(part);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
