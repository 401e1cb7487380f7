import type { Knex } from 'knex';

/**
 * One key for each person: a user, an order of somebody without an account (by its id), or the shop itself (all zeros).
 * To lose a row is to lose the person. These two tables have no foreign keys because they are backed up apart from the
 * others, and put back beside older ones.
 */
const KEYS = `
CREATE TABLE person_keys (
  person_id uuid PRIMARY KEY,
  wrapped text NOT NULL CONSTRAINT person_keys_are_wrapped CHECK (wrapped LIKE 'v1:%'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_emails (
  email_index text COLLATE "C" PRIMARY KEY,
  user_id uuid NOT NULL,
  CONSTRAINT user_emails_name_their_key CHECK (email_index LIKE '%_:_%' AND email_index NOT LIKE '%@%')
);
CREATE INDEX user_emails_of_user ON user_emails (user_id);
`;

/** What was plain stays for as long as it takes to seal it, which is before the shop opens; then it is null for ever. */
const USERS = `
ALTER TABLE users
  ALTER COLUMN email DROP NOT NULL,
  ADD COLUMN sealed_email text CONSTRAINT users_email_is_sealed CHECK (sealed_email LIKE 'v1:%'),
  ADD COLUMN sealed_name text CONSTRAINT users_name_is_sealed CHECK (sealed_name LIKE 'v1:%'),
  ADD CONSTRAINT users_have_an_address CHECK (deleted_at IS NOT NULL OR email IS NOT NULL OR sealed_email IS NOT NULL),
  ADD CONSTRAINT users_erased_are_nobody CHECK (deleted_at IS NULL OR
    (num_nonnulls(email, name, sealed_email, sealed_name) = 0 AND password_hash = '' AND disabled));
CREATE INDEX users_plain ON users (id) WHERE email IS NOT NULL OR name IS NOT NULL;

ALTER TABLE addresses
  ALTER COLUMN name DROP NOT NULL,
  ALTER COLUMN line1 DROP NOT NULL,
  ALTER COLUMN city DROP NOT NULL,
  ALTER COLUMN postal_code DROP NOT NULL,
  ALTER COLUMN country DROP NOT NULL,
  ADD COLUMN sealed_address text CONSTRAINT addresses_are_sealed CHECK (sealed_address LIKE 'v1:%'),
  ADD CONSTRAINT addresses_say_where CHECK (sealed_address IS NOT NULL OR
    num_nulls(name, line1, city, postal_code, country) = 0);
CREATE INDEX addresses_plain ON addresses (id) WHERE line1 IS NOT NULL;
`;

const ORDERS = `
ALTER TABLE orders
  ALTER COLUMN shipping_address DROP NOT NULL,
  ADD COLUMN sealed_shipping_address text
    CONSTRAINT orders_address_is_sealed CHECK (sealed_shipping_address LIKE 'v1:%'),
  ADD COLUMN sealed_email text CONSTRAINT orders_email_is_sealed CHECK (sealed_email LIKE 'v1:%'),
  ADD COLUMN email_index text COLLATE "C",
  ADD COLUMN sealed_shipment text CONSTRAINT orders_shipment_is_sealed CHECK (sealed_shipment LIKE 'v1:%'),
  ADD COLUMN sealed_cancel_reason text
    CONSTRAINT orders_cancel_reason_is_sealed CHECK (sealed_cancel_reason LIKE 'v1:%'),
  ADD COLUMN sealed_resume_reason text
    CONSTRAINT orders_resume_reason_is_sealed CHECK (sealed_resume_reason LIKE 'v1:%'),
  ADD CONSTRAINT orders_say_where CHECK (shipping_address IS NOT NULL OR sealed_shipping_address IS NOT NULL),
  ADD CONSTRAINT orders_index_an_email CHECK (email_index IS NULL OR sealed_email IS NOT NULL);
DROP INDEX orders_by_email;
CREATE INDEX orders_by_email_index ON orders (email_index, id DESC) WHERE email_index IS NOT NULL;
CREATE INDEX orders_plain ON orders (id) WHERE shipping_address IS NOT NULL OR email IS NOT NULL
  OR shipment IS NOT NULL OR cancel_reason IS NOT NULL OR resumed->>'reason' IS NOT NULL;

ALTER TABLE refunds
  ADD COLUMN sealed_reason text CONSTRAINT refunds_reason_is_sealed CHECK (sealed_reason LIKE 'v1:%');
CREATE INDEX refunds_plain ON refunds (payment_id, number) WHERE reason IS NOT NULL;

ALTER TABLE idempotency_keys
  ADD COLUMN sealed_body text CONSTRAINT idempotency_keys_are_sealed CHECK (sealed_body LIKE 'v1:%'),
  DROP CONSTRAINT idempotency_keys_answered,
  ADD CONSTRAINT idempotency_keys_answered CHECK ((state = 'COMPLETED') = (response_code IS NOT NULL
    AND num_nonnulls(response_body, sealed_body) = 1 AND completed_at IS NOT NULL));
CREATE INDEX idempotency_keys_plain ON idempotency_keys (owner, key) WHERE response_body IS NOT NULL;
`;

export async function up(knex: Knex): Promise<void> {
  for (const part of [KEYS, USERS, ORDERS]) await knex.raw(part);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
