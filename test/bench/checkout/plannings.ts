import type { Client } from 'pg';

export interface Counted {
  /** Statements that were carried out, those inside triggers among them. */
  readonly statements: number;
  readonly plannings: number;
}

/** False where the extension is not installed. */
export async function canCount(client: Client): Promise<boolean> {
  const { rows } = await client.query(`SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements'`);
  return rows.length > 0;
}

/** Counts what the database does while something is done; at other times it does not count, because that costs. */
export async function counted(client: Client, work: () => Promise<unknown>): Promise<Counted> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
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

/** For the start of the server. */
export const COUNTS = [
  'shared_preload_libraries=pg_stat_statements',
  'pg_stat_statements.track=none',
  'pg_stat_statements.track_planning=on',
];
