import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';

export interface Counted {
  /** Statements that were carried out, those inside triggers among them. */
  readonly statements: number;
  readonly plannings: number;
}

/** For the start of the server: none where the programs lack it. */
export const settingsToCount = (programs: string): readonly string[] =>
  existsSync(join(programs, '../lib/pg_stat_statements.so'))
    ? ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track_planning=on']
    : [];

/** Does not count until it is told to. */
export async function installCounting(client: Client): Promise<void> {
  await client.query('CREATE EXTENSION pg_stat_statements');
  await counting(client, 'none');
}

/** Counts what the database does while something is done; at other times it does not count, because that costs. */
export async function counted(client: Client, work: () => Promise<unknown>): Promise<Counted> {
  await counting(client, 'all');
  await client.query('SELECT pg_stat_statements_reset()');
  await work();
  const { rows } = await client.query<{ calls: string; plans: string }>(
    `SELECT SUM(calls) AS calls, SUM(plans) AS plans FROM pg_stat_statements s
       JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
      WHERE query NOT LIKE '%pg_stat_statements%'`,
  );
  await counting(client, 'none');
  return { statements: Number(rows[0]!.calls), plannings: Number(rows[0]!.plans) };
}

async function counting(client: Client, what: 'all' | 'none'): Promise<void> {
  await client.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await client.query('SELECT pg_reload_conf()');
  await client.query('SELECT pg_sleep(0.2)');
}
