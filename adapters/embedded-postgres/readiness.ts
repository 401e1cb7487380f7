import { Client } from 'pg';

export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export const connectionTo = (host: string, port: number): PostgresConnection => ({
  host,
  port,
  user: 'pannier',
  database: 'postgres',
});

/** Never rejects: a server that starts, stops or is gone does not take connections. */
export async function takesConnections(connection: PostgresConnection): Promise<boolean> {
  const client = new Client({ ...connection, ssl: false, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
