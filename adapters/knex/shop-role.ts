import type { Knex } from 'knex';

import { isOutage, unavailable } from './errors.ts';
import { MIGRATION_LOCK } from './migrate.ts';

export interface ShopLogin {
  readonly name: string;
  /** Only for a role that is made; undefined: it needs none. */
  readonly password?: string | undefined;
}

/** It could still change what it must not, and that cannot be taken from it here. */
export class UnfitRole extends Error {
  override readonly name = 'UnfitRole';
}

/** It has to be made or given its rights, and the role that migrates may not do that. */
export class MayNotAdmit extends Error {
  override readonly name = 'MayNotAdmit';
}

/** What refusals of ours are known by. */
const UNFIT = 'PN001';
const NO_ROLE = 'PN002';
const FORBIDDEN = '42501';

/**
 * One statement for all, so that nobody meets a role with half its rights. It touches only what is not right yet: a shop
 * that is running does not notice.
 */
const ADMIT = `
DO $admit$
DECLARE
  shop text := current_setting('pannier.role');
  password text := current_setting('pannier.password');
  home text := current_schema();
  base text := current_database();
  own record;
  wanted text[];
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = shop) THEN
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', shop) ||
              CASE WHEN password = '' THEN '' ELSE format(' PASSWORD %L', password) END;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN
        NULL; -- Somebody else has just made it, for another database of this server.
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'There is no role %, and % may not make it', shop, current_user USING ERRCODE = '${NO_ROLE}';
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = shop AND (rolsuper OR rolcreaterole)) THEN
    RAISE EXCEPTION 'The role % may do anything on this server', shop USING ERRCODE = '${UNFIT}';
  END IF;
  IF pg_has_role(shop, current_user, 'MEMBER')
     OR pg_has_role(shop, (SELECT nspowner FROM pg_namespace WHERE nspname = home), 'MEMBER') THEN
    RAISE EXCEPTION 'The role % owns the database or the schema, or belongs to who does', shop USING ERRCODE = '${UNFIT}';
  END IF;

  -- What it owned while it was the only role.
  FOR own IN SELECT c.oid::regclass AS name FROM pg_class c
              WHERE c.relnamespace = home::regnamespace AND c.relkind = 'r' AND pg_get_userbyid(c.relowner) = shop LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO CURRENT_USER', own.name);
  END LOOP;
  FOR own IN SELECT p.oid::regprocedure AS name FROM pg_proc p
              WHERE p.pronamespace = home::regnamespace AND pg_get_userbyid(p.proowner) = shop LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO CURRENT_USER', own.name);
  END LOOP;

  -- Everybody may make temporary tables in a database, unless told otherwise.
  IF has_database_privilege(shop, base, 'TEMPORARY') THEN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, %I', base, shop);
    IF NOT has_database_privilege(base, 'TEMPORARY') THEN
      EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO CURRENT_USER', base);
    END IF;
  END IF;

  IF NOT has_schema_privilege(shop, home, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', home, shop);
  END IF;
  IF has_schema_privilege(shop, home, 'CREATE') THEN
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, %I', home, shop);
  END IF;

  FOR own IN SELECT c.oid, c.relname, c.oid::regclass AS name FROM pg_class c
              WHERE c.relnamespace = home::regnamespace AND c.relkind = 'r' ORDER BY c.oid LOOP
    wanted := CASE WHEN own.relname = 'audit_log' THEN ARRAY['INSERT', 'SELECT']
                   WHEN own.relname LIKE 'knex\\_%' THEN ARRAY['SELECT']
                   ELSE ARRAY['DELETE', 'INSERT', 'SELECT', 'UPDATE'] END;
    CONTINUE WHEN wanted = ARRAY(
      SELECT one FROM unnest(ARRAY['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']) one
       WHERE has_table_privilege(shop, own.oid, one) ORDER BY one);
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %I', own.name, shop);
    EXECUTE format('GRANT %s ON TABLE %s TO %I', array_to_string(wanted, ', '), own.name, shop);
  END LOOP;

  -- The shop counts nothing with them; a backup that it makes reads where they stand.
  FOR own IN SELECT c.oid::regclass AS name FROM pg_class c
              WHERE c.relnamespace = home::regnamespace AND c.relkind = 'S'
                AND (NOT has_sequence_privilege(shop, c.oid, 'SELECT')
                     OR has_sequence_privilege(shop, c.oid, 'USAGE, UPDATE')) LOOP
    EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM %I', own.name, shop);
    EXECUTE format('GRANT SELECT ON SEQUENCE %s TO %I', own.name, shop);
  END LOOP;
END
$admit$`;

/**
 * Gives the role of the shop exactly what it needs: rows of all tables, but no table, and of the audit log only to read
 * and to add. Makes the role when there is none. To be done after each migration, with the role that migrates.
 * @throws UnfitRole when it could do more all the same; MayNotAdmit; Unavailable
 */
export async function admitShop(knex: Knex, { name, password = '' }: ShopLogin): Promise<void> {
  try {
    await knex.transaction(async trx => {
      await trx.raw(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      // Not in the text of the statement: servers write that to their logs.
      await trx.raw(`SELECT set_config('pannier.role', ?, true), set_config('pannier.password', ?, true)`, [
        name,
        password,
      ]);
      await trx.raw(ADMIT);
    });
  } catch (error) {
    throw refusalOf(error, name) ?? (isOutage(error) ? unavailable(error) : error);
  }
}

function refusalOf(error: unknown, shop: string): Error | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  // Knex puts the statement in front.
  const said = error.message.split('$admit$ - ').at(-1)!;
  switch (error.code) {
    case UNFIT:
      return new UnfitRole(`${said}. Name another one in DATABASE_URL: it is made when it is missing.`);
    case NO_ROLE:
      return new MayNotAdmit(
        `${said}. Give the role of DATABASE_MIGRATION_URL the right CREATEROLE, or make it beforehand.`,
      );
    case FORBIDDEN:
      return new MayNotAdmit(
        `The role ${shop} cannot be given its rights: ${said}. DATABASE_MIGRATION_URL must name the owner of the tables.`,
      );
    default:
      return undefined;
  }
}
