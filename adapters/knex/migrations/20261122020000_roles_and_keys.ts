import type { Knex } from 'knex';

const ROLES = `
CREATE TABLE roles (
  name text PRIMARY KEY CONSTRAINT roles_name_shape CHECK (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  permissions text[] NOT NULL,
  built_in boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid,
  updated_by uuid,
  version integer NOT NULL DEFAULT 1 CONSTRAINT roles_version_positive CHECK (version > 0),
  CONSTRAINT roles_built_in_known CHECK (built_in = (name IN ('customer', 'staff', 'admin'))),
  CONSTRAINT roles_customers_may_nothing CHECK (name <> 'customer' OR permissions = '{}')
);
INSERT INTO roles (name, permissions, built_in) VALUES
  ('customer', '{}', true),
  ('staff', '{products:write,inventory:read,inventory:write,orders:read,orders:write}', true),
  ('admin', '{products:write,inventory:read,inventory:write,orders:read,orders:write,users:read,users:write,'
            'roles:write,api-keys:write,analytics:read,webhooks:write,audit:read,jobs:write}', true);

ALTER TABLE users DROP CONSTRAINT users_role_known;
ALTER TABLE users ADD CONSTRAINT users_role_known FOREIGN KEY (role) REFERENCES roles;
CREATE INDEX users_with_role ON users (role);
`;

const API_KEYS = `
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL CONSTRAINT api_keys_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  secret_hash text NOT NULL,
  permissions text[] NOT NULL CONSTRAINT api_keys_permissions_some CHECK (cardinality(permissions) > 0),
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_of_owner ON api_keys (owner_id);
`;

/** Sessions were last renewed when they began to last seven days, or later: earlier is the safe side. */
const SESSIONS = `
ALTER TABLE sessions ADD COLUMN renewed_at timestamptz;
UPDATE sessions SET renewed_at = GREATEST(started_at, expires_at - interval '7 days'),
  access_tokens = (SELECT COALESCE(jsonb_agg(token || '{"issuer": "pannier"}'), '[]')
                     FROM jsonb_array_elements(access_tokens) token);
ALTER TABLE sessions ALTER COLUMN renewed_at SET NOT NULL;

ALTER TABLE revoked_tokens ADD COLUMN issuer text NOT NULL DEFAULT 'pannier';
ALTER TABLE revoked_tokens ALTER COLUMN issuer DROP DEFAULT;
ALTER TABLE revoked_tokens DROP CONSTRAINT revoked_tokens_pkey;
ALTER TABLE revoked_tokens ADD PRIMARY KEY (issuer, id);

CREATE TABLE session_cutoff (
  one boolean PRIMARY KEY DEFAULT true CONSTRAINT session_cutoff_is_one CHECK (one),
  moment timestamptz NOT NULL
);
`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(ROLES);
  await knex.raw(API_KEYS);
  await knex.raw(SESSIONS);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
