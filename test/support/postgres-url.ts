import type { TestDatabase } from './postgres.ts';

/** For DATABASE_URL; as another role than the one that made the database when it is named. */
export function urlOf({ connection }: TestDatabase, role?: string): string {
  const { host = '', port = 5432, password, database = '' } = connection;
  const user = role ?? connection.user ?? '';
  const login = { user, ...(typeof password === 'string' && password !== '' && { password }) };
  if (!host.startsWith('/')) {
    const url = new URL(`postgres://${host}:${port}/${database}`);
    url.username = user;
    url.password = login.password ?? '';
    return url.href;
  }
  return `postgres:///${database}?${new URLSearchParams({ ...login, host, port: String(port) }).toString()}`;
}
