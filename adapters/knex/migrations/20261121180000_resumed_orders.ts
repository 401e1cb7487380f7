import type { Knex } from 'knex';

/** Who let an order that was put aside go on, when and why, and what it was put aside for. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE orders ADD COLUMN resumed jsonb');
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
