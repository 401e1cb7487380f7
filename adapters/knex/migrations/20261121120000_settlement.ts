import type { Knex } from 'knex';

/**
 * What is still to be done about an order: nothing while `next_attempt_at` is null, so the index that workers look into
 * holds the unsettled few, however many are done with. Of the orders that an older version saves meanwhile some stay
 * due although they are settled: looking at them does no harm, and without `unsettled_since` they are never stuck.
 */
const ORDERS = `
ALTER TABLE orders
  ALTER COLUMN next_attempt_at DROP NOT NULL,
  ADD COLUMN unsettled_since timestamptz,
  ADD COLUMN saved_at timestamptz NOT NULL DEFAULT now(),
  ADD CONSTRAINT orders_unsettled_are_attempted CHECK (unsettled_since IS NULL OR next_attempt_at IS NOT NULL);
UPDATE orders SET next_attempt_at = NULL WHERE saga IN ('PAID', 'CANCELLED') OR needs_review IS NOT NULL;
UPDATE orders SET unsettled_since = now() WHERE next_attempt_at IS NOT NULL;
DROP INDEX orders_unfinished;
CREATE INDEX orders_due ON orders (next_attempt_at, id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX orders_cancelled ON orders (saved_at) WHERE saga = 'CANCELLED';
CREATE INDEX orders_in_review ON orders (id) WHERE needs_review IS NOT NULL;
`;

/** Money on its way back. What was refused does not count. */
const REFUNDS = `
CREATE TABLE refunds (
  payment_id uuid NOT NULL REFERENCES payments ON DELETE CASCADE,
  number integer NOT NULL CONSTRAINT refunds_number_positive CHECK (number > 0),
  amount bigint NOT NULL CONSTRAINT refunds_amount_positive CHECK (amount > 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  state text NOT NULL CONSTRAINT refunds_state_known CHECK (state IN ('PENDING', 'DONE', 'REFUSED')),
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (payment_id, number)
);
ALTER TABLE payments
  ADD COLUMN refunded_amount bigint NOT NULL DEFAULT 0
    CONSTRAINT payments_refunded_not_negative CHECK (refunded_amount >= 0),
  ADD CONSTRAINT payments_refunded_at_most_captured CHECK (refunded_amount <= amount);
INSERT INTO refunds (payment_id, number, amount, currency, state)
SELECT id, 1, amount, currency, 'DONE' FROM payments WHERE state = 'REFUNDED' AND amount > 0;
UPDATE payments SET refunded_amount = amount WHERE state = 'REFUNDED';
ALTER TABLE payments ADD CONSTRAINT payments_refunded_after_capture
  CHECK (refunded_amount = 0 OR state IN ('CAPTURED', 'REFUNDED'));
`;

/**
 * A payment says how much of it goes back, and is held to that when the transaction ends. Two that refund at once both
 * have to change that number, so they meet at its row: together they cannot give back more than either sees.
 */
const REFUNDS_ADD_UP = `
CREATE FUNCTION require_refunds_add_up(which uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM payments p WHERE p.id = which AND NOT (
      SELECT COALESCE(SUM(r.amount) FILTER (WHERE r.state <> 'REFUSED'), 0) = p.refunded_amount
             AND COALESCE(bool_and(r.currency = p.currency), true)
        FROM refunds r WHERE r.payment_id = which)) THEN
    RAISE EXCEPTION 'the refunds of payment % do not add up to what it says', which
      USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_refunds_add_up', TABLE = 'payments';
  END IF;
END $$;

CREATE FUNCTION check_refunds_of_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM require_refunds_add_up(NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION check_payment_of_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM require_refunds_add_up(OLD.payment_id); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM require_refunds_add_up(NEW.payment_id); END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER payments_refunds_add_up AFTER UPDATE ON payments DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.refunded_amount <> NEW.refunded_amount OR OLD.currency <> NEW.currency)
  EXECUTE FUNCTION check_refunds_of_payment();
CREATE CONSTRAINT TRIGGER payments_begin_without_refunds AFTER INSERT ON payments DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.refunded_amount <> 0) EXECUTE FUNCTION check_refunds_of_payment();
CREATE CONSTRAINT TRIGGER refunds_add_up AFTER INSERT OR UPDATE OR DELETE ON refunds
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_payment_of_refund();
`;

/** `next_attempt_at` is the end of the lease while somebody delivers, and afterwards when it is worth trying again. */
const DELIVERY = `
ALTER TABLE outbox
  ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN failure text,
  ADD COLUMN parked boolean NOT NULL DEFAULT false;
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL AND NOT parked;
CREATE INDEX outbox_parked ON outbox (id) WHERE published_at IS NULL AND parked;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

ALTER TABLE consumed_events DROP CONSTRAINT consumed_events_pkey, ADD PRIMARY KEY (event_id, consumer);

ALTER TABLE gateway_events
  ADD COLUMN gateway text NOT NULL DEFAULT 'sandbox',
  ALTER COLUMN ref DROP NOT NULL,
  ADD COLUMN next_attempt_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN parked boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT gateway_events_pkey,
  ADD PRIMARY KEY (gateway, event_id);
ALTER TABLE gateway_events ALTER COLUMN gateway DROP DEFAULT;
DROP INDEX gateway_events_waiting;
CREATE INDEX gateway_events_waiting ON gateway_events (received_at, gateway, event_id)
  WHERE processed_at IS NULL AND NOT parked;
CREATE INDEX gateway_events_parked ON gateway_events (received_at) WHERE processed_at IS NULL AND parked;
CREATE INDEX gateway_events_read ON gateway_events (processed_at) WHERE processed_at IS NOT NULL;
`;

export async function up(knex: Knex): Promise<void> {
  for (const part of [ORDERS, REFUNDS, REFUNDS_ADD_UP, DELIVERY]) await knex.raw(part);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
