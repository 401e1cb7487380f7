import type { Knex } from 'knex';

const PROOFS = `
ALTER TABLE users ADD COLUMN email_verified_at timestamptz;

CREATE TABLE one_time_tokens (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  purpose text NOT NULL CONSTRAINT one_time_tokens_purpose_known
    CHECK (purpose IN ('password-reset', 'email-verification')),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX one_time_tokens_unused ON one_time_tokens (user_id, purpose) WHERE used_at IS NULL;
CREATE INDEX one_time_tokens_expiry ON one_time_tokens (expires_at);

CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  sealed_secret text NOT NULL CONSTRAINT second_factors_secret_is_sealed CHECK (sealed_secret LIKE 'v1:%'),
  confirmed_at timestamptz,
  last_step integer CONSTRAINT second_factors_step_positive CHECK (last_step > 0),
  recovery_hashes jsonb NOT NULL CONSTRAINT second_factors_recovery_list CHECK (jsonb_typeof(recovery_hashes) = 'array'),
  CONSTRAINT second_factors_confirmed_by_a_code CHECK ((confirmed_at IS NULL) = (last_step IS NULL))
);
`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(PROOFS);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
