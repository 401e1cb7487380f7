import { EmbeddedPostgresError } from '../adapters/embedded-postgres/embedded-postgres-error.ts';
import { InvalidSigningKeys } from '../adapters/security/signing-keys.ts';
import { InvalidSettings } from './settings.ts';

/** A second shop would lose its database whenever the first one stops. */
export class DataFolderInUse extends Error {
  constructor(place: string) {
    super(`Another process runs a shop on ${place}`);
  }
}

/** By the SQLSTATE of a server that answers, and lets nobody in. */
const ADMISSION: Readonly<Record<string, string>> = {
  '28000':
    'The server must have this role and let it in: make it, or set DATABASE_MIGRATION_URL to one that may make it.',
  '28P01': 'Are user and password in DATABASE_URL and DATABASE_MIGRATION_URL right?',
  '3D000': 'Make the database that DATABASE_URL names first, such as with: createdb',
};

/** What went wrong with the start, and what to do: a few lines for whoever sits before the screen. */
export function explain(error: unknown): string {
  if (error instanceof InvalidSettings) return `${error.message}\nSee .env.example for all of them.`;
  if (error instanceof EmbeddedPostgresError) return `${error.message}\n${error.remedy}`;
  if (error instanceof DataFolderInUse)
    return `${error.message}\nStop it, choose another folder with DATABASE_URL=embedded:/another/folder, or let both use a Postgres of your own: DATABASE_URL=postgres://…`;
  if (error instanceof InvalidSigningKeys) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}\nStop what uses the port, or choose another: PORT=3001 npm start`;
  if ('code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EACCES') && 'port' in error)
    return `${error.message}\nThis machine or user cannot listen there: HOST=127.0.0.1 PORT=3000 npm start`;
  if ('path' in error && 'syscall' in error)
    return `${error.message}\nThe shop needs a data folder that this user may write: DATABASE_URL=embedded:/another/folder npm start`;
  if (error.name === 'UnreadablePersonalData')
    return `${error.message}\nPII_KEYS must hold each key that has sealed something: put back the one that is missing, behind the first.`;
  const refused = 'code' in error && ADMISSION[String(error.code)];
  if (refused) return `${error.message}\n${refused}`;
  if (
    [
      'NewerDatabase',
      'PostgresTooOld',
      'MayNotMigrate',
      'UnfitRole',
      'MayNotAdmit',
      'MissingMasterKey',
      'Unavailable',
    ].includes(error.name)
  )
    return causes(error);
  return error.stack ?? error.message;
}

function causes(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause.message : '';
  const said = error.message.includes(cause) ? error.message : `${error.message}\n${cause}`;
  if (error.name !== 'Unavailable') return said;
  return `${said}\nIs the server running, and are host, port, user and password in DATABASE_URL right? See: npm run doctor`;
}
