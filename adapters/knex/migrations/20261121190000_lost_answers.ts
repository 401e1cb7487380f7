import type { Knex } from 'knex';

/** Finds the few keys whose work was done and whose answer was lost among all those of three days. */
const LOST_ANSWERS = `
CREATE INDEX idempotency_keys_lost ON idempotency_keys (locked_until) WHERE applied AND state = 'IN_PROGRESS';
`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(LOST_ANSWERS);
}

export function down(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}
