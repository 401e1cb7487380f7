import type { Knex } from 'knex';

/**
 * `entry` is `json`, not `jsonb`, because that keeps the text as it came, and the hash is made over the text. What is
 * searched for is taken from it by the server, so nobody can change one without the other.
 */
const AUDIT_LOG = `
CREATE TABLE audit_log (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  at timestamptz NOT NULL,
  entry json NOT NULL,
  previous_hash text NOT NULL CONSTRAINT audit_log_never_forks UNIQUE CHECK (previous_hash ~ '^[0-9a-f]{64}$'),
  hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  actor_id uuid GENERATED ALWAYS AS ((entry ->> 'actor_id')::uuid) STORED,
  action text NOT NULL GENERATED ALWAYS AS (entry ->> 'action') STORED,
  outcome text NOT NULL GENERATED ALWAYS AS (entry ->> 'outcome') STORED,
  subject_id text GENERATED ALWAYS AS (entry ->> 'subject_id') STORED,
  CONSTRAINT audit_log_outcome_known CHECK (outcome IN ('done', 'refused')),
  CONSTRAINT audit_log_at_as_in_entry CHECK (at = (entry ->> 'at')::timestamptz)
);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, seq DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_by_subject ON audit_log (subject_id, seq DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_log_by_action ON audit_log (action, seq DESC);
CREATE INDEX audit_log_by_time ON audit_log (at);
`;

/** Holds for the owner of the table as well, so that nothing is lost by accident. */
const ONLY_GROWS = `
CREATE FUNCTION audit_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'permission denied: the audit log only grows' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_only_grows();
`;

/** How many orders of a customer hold stock unpaid is asked at every checkout, however long their history is. */
const UNPAID_ORDERS = `
CREATE INDEX orders_unpaid ON orders (user_id) WHERE saga = 'RESERVED' AND user_id IS NOT NULL;
`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(AUDIT_LOG);
  await knex.raw(ONLY_GROWS);
  await knex.raw(UNPAID_ORDERS);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
