import type { Knex } from 'knex';

import { configOf } from './adapters/knex/connect.ts';
import { migrationSource } from './adapters/knex/migrations/all.ts';

const url = process.env['DATABASE_MIGRATION_URL'] ?? process.env['DATABASE_URL'];
if (!url) throw new Error('Set DATABASE_URL to the database to look at, such as postgres://user@host/shop.');

/**
 * For Knex's own command line, which looks for the name in NODE_ENV, or else for "development":
 * `NODE_OPTIONS='--import tsx' npx knex --knexfile knexfile.ts migrate:status`
 */
export const development: Knex.Config = { ...configOf({ connection: url }), migrations: { migrationSource } };
export const production = development;
