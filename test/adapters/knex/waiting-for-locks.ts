import type { Knex } from 'knex';

import { aMoment } from '../../support/waiting.ts';

/** Resolves once somebody in this database waits for a lock that somebody else holds. */
export async function whileSomebodyWaits(knex: Knex): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw<{ rows: unknown[] }>(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pg_blocking_pids(pid) <> '{}'`,
    );
    if (rows.length > 0) return;
    await aMoment();
  }
}
