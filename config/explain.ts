import { EmbeddedPostgresError } from '../adapters/embedded-postgres/embedded-postgres-error.ts';
import { InvalidSigningKeys } from '../adapters/security/signing-keys.ts';
import { InvalidSettings } from './settings.ts';

/** What went wrong with the start, and what to do: a few lines for whoever sits before the screen. */
export function explain(error: unknown): string {
  if (error instanceof InvalidSettings) return `${error.message}\nSee .env.example for all of them.`;
  if (error instanceof EmbeddedPostgresError) return `${error.message}\n${error.remedy}`;
  if (error instanceof InvalidSigningKeys) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}\nStop what uses the port, or choose another: PORT=3001 npm start`;
  if ('path' in error && 'syscall' in error)
    return `${error.message}\nThe shop needs a data folder that this user may write: DATABASE_URL=embedded:/another/folder npm start`;
  if (['NewerDatabase', 'PostgresTooOld', 'Unavailable'].includes(error.name)) return causes(error);
  return error.stack ?? error.message;
}

function causes(error: Error): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
