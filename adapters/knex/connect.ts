import knex, { type Knex } from 'knex';
import { types as standard } from 'pg';

export interface DatabaseSettings {
  /** A URL, or what the driver `pg` takes: host (a folder for a Unix socket), port, user, password, database, ssl … */
  readonly connection: string | Readonly<Record<string, unknown>>;
  /** At most eight connections unless told otherwise; beyond sixteen little is gained, and sales of one thing slow down. */
  readonly pool?: {
    readonly min?: number;
    readonly max?: number;
    /** How long somebody waits for a free one before being told `Unavailable`; five seconds unless told otherwise. */
    readonly patienceMs?: number;
  };
  /**
   * The schema that holds the shop's tables, if not the user's default. Said once for each connection: behind a pooler
   * that lends connections for one transaction, give the database user this search path instead.
   */
  readonly searchPath?: string;
  /** Hears of connections that break or cannot be made. Whoever asked for something is told anyway. */
  readonly onProblem?: (message: string) => void;
}

/** The number that Postgres knows the type by. */
const BIGINT = 20;

/** Amounts fit into a number by their limits. One that does not must not be rounded silently. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large a number`);
  return value;
}

/** How a value that came as text is read; for this pool only, so that other users of the driver keep what they know. */
export const parserOf = (oid: number): ((text: string) => unknown) =>
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the server may have types that are not listed
  oid === BIGINT ? wholeNumber : standard.getTypeParser(oid, 'text');

/** Opens nothing yet: connections are made when they are needed. Close it with `destroy()`. */
export const connect = (settings: DatabaseSettings): Knex => knex(configOf(settings));

/** How many connections are in use and idle, and how many wait for one. */
export function poolOf(knex: Knex): { used: number; free: number; waiting: number } {
  const pool = (knex.client as { pool?: Pool }).pool;
  return { used: pool?.numUsed() ?? 0, free: pool?.numFree() ?? 0, waiting: pool?.numPendingAcquires() ?? 0 };
}

/** As far as Knex's own is asked. */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

export function configOf(settings: DatabaseSettings): Knex.Config {
  const { connection, pool, searchPath, onProblem = () => undefined } = settings;
  const target = typeof connection === 'string' ? { connectionString: connection } : connection;
  return {
    client: 'pg',
    connection: {
      types: { getTypeParser: parserOf },
      application_name: 'pannier',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // The server gives up long before; this is for a server that fell silent without closing the line.
      query_timeout: 30_000,
      ...target,
    },
    pool: { min: pool?.min ?? 0, max: pool?.max ?? 8 },
    // Messages of errors go to logs, and what customers typed does not.
    compileSqlOnError: false,
    log: { warn: onProblem, error: onProblem, deprecate: onProblem, debug: onProblem },
    acquireConnectionTimeout: pool?.patienceMs ?? 5_000,
    ...(searchPath && { searchPath: [searchPath] }),
  };
}
