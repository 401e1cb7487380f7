import type { TestDatabase } from './postgres.ts';

/** For DATABASE_URL. */
export function urlOf({ connection }: TestDatabase): string {
  const { host = '', port = 5432, user = '', password, database = '' } = connection;
  const login = { user, ...(typeof password === 'string' && password !== '' && { password }) };
  if (!host.startsWith('/')) {
    const url = new URL(`postgres://${host}:${port}/${database}`);
    url.username = user;
    url.password = login.password ?? '';
    return url.href;
  }
  return `postgres:///${database}?${new URLSearchParams({ ...login, host, port: String(port) }).toString()}`;
}
