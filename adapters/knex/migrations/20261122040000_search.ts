import type { Knex } from 'knex';

const CHANGES = `
CREATE TABLE search_changes (
  product_id uuid PRIMARY KEY REFERENCES products ON DELETE CASCADE,
  version bigint NOT NULL CONSTRAINT search_changes_version_positive CHECK (version > 0),
  told boolean NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now(),
  next_attempt_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE INDEX search_changes_waiting ON search_changes (next_attempt_at) WHERE NOT told;
CREATE INDEX search_changes_by_time ON search_changes (noted_at);

-- What was there before: the index is told of it as of a change.
INSERT INTO search_changes (product_id, version, told) SELECT id, 1, false FROM products WHERE deleted_at IS NULL;
`;

/** Everything in it can be made again from the other tables, so it has no foreign keys to them. */
const INDEX = `
CREATE TABLE search_generation (
  one_row boolean PRIMARY KEY DEFAULT true CONSTRAINT search_generation_one_row CHECK (one_row),
  generation integer NOT NULL CHECK (generation > 0)
);
INSERT INTO search_generation (generation) VALUES (1);

CREATE TABLE search_documents (
  generation integer NOT NULL CHECK (generation > 0),
  product_id uuid NOT NULL,
  version bigint NOT NULL CONSTRAINT search_documents_version_not_negative CHECK (version >= 0),
  document jsonb,
  sort_name text COLLATE "C",
  search_text text,
  words text[],
  stems tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, search_text)) STORED,
  category_id uuid,
  price bigint,
  in_stock boolean,
  created_at timestamptz,
  PRIMARY KEY (generation, product_id),
  CONSTRAINT search_documents_whole_or_gone
    CHECK (num_nulls(document, sort_name, search_text, words, category_id, price, in_stock, created_at) IN (0, 8))
);
CREATE INDEX search_documents_stems ON search_documents USING gin (stems);
CREATE INDEX search_documents_words ON search_documents USING gin (words);

CREATE TABLE search_words (
  word text COLLATE "C" PRIMARY KEY,
  neighbours text[] NOT NULL
);
CREATE INDEX search_words_neighbours ON search_words USING gin (neighbours);
`;

/** Only where the first migration could make the extension; parts of words are found without it, too, but not as fast. */
const TRIGRAMS_WHERE_POSSIBLE = `
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE INDEX search_documents_text ON search_documents USING gin (search_text gin_trgm_ops);
  END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
  RAISE NOTICE 'pg_trgm cannot be used: parts of words are looked for in all products';
END $$;
`;

export async function up(knex: Knex): Promise<void> {
  for (const part of [CHANGES, INDEX, TRIGRAMS_WHERE_POSSIBLE]) await knex.raw(part);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
