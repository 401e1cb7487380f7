import { Unavailable } from '../../application/ports/unit-of-work.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';

/** Serialisation failure, deadlock, lock time-out: the same work may well succeed when it is done again. */
const CONFLICTS = new Set(['40001', '40P01', '55P03']);

/** SQLSTATEs and Node's codes that say: this server cannot answer now. */
const OUTAGES = new Set(
  (
    '57P01 57P02 57P03 57P05 57014 25P03 25006 ' +
    'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOENT ENOTFOUND EAI_AGAIN ETIMEDOUT EHOSTUNREACH ENETUNREACH'
  ).split(' '),
);

/** What the driver and the pool say without a code; Knex may put the statement in front. */
const OUTAGE_WORDS = new RegExp(
  'Connection terminated|Connection ended|timeout expired|Query read timeout|Client was closed|' +
    'Client has encountered a connection error|Timeout acquiring a connection|Unable to acquire a connection',
);

function fieldOf(error: unknown, name: 'code' | 'constraint' | 'detail' | 'routine'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

export const isWriteConflict = (error: unknown): boolean => CONFLICTS.has(fieldOf(error, 'code'));

/** A migration has changed a table since the statement was prepared, or the server forgot it: prepared anew, it works. */
export const isStalePlan = (error: unknown): boolean =>
  fieldOf(error, 'code') === '26000' ||
  (fieldOf(error, 'code') === '0A000' && fieldOf(error, 'routine') === 'RevalidateCachedQuery');

/** A value that cannot be read as the type of its column: "invalid input syntax", "out of range". */
export const isUnreadable = (error: unknown): boolean => /^22(?:P02|007|008|003)$/.test(fieldOf(error, 'code'));

export const isLockTimeout = (error: unknown): boolean => fieldOf(error, 'code') === '55P03';

/** The driver has waited for long enough. Whatever is said next would wait behind what was not answered. */
export const isSilence = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

export function isOutage(error: unknown): boolean {
  const code = fieldOf(error, 'code');
  if (OUTAGES.has(code) || /^(?:08|53)\w{3}$/.test(code)) return true;
  return error instanceof Error && OUTAGE_WORDS.test(error.message);
}

export const unavailable = (cause: unknown): Unavailable =>
  new Unavailable(
    `The database cannot answer: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`,
    {
      cause,
    },
  );

/** Refusals by the name of the constraint; `value` is what broke it, where the server says so. */
export type Refusals = Readonly<Record<string, (value: string) => Error>>;

/** Passed to `catch`: turns broken constraints into refusals of the shop, and lets everything else fly on. */
export function refusing(refusals: Refusals): (error: unknown) => never {
  return error => {
    const refusal = refusals[fieldOf(error, 'constraint')];
    if (!refusal) throw error;
    // "Key (sku)=(MUG-1) already exists.": the words are translated, the brackets are not.
    throw refusal(/\)=\((.*)\)/s.exec(fieldOf(error, 'detail'))?.[1] ?? '');
  };
}

/** Passed to `tell` with a statement that ends in `someOf`. */
export const orNone =
  (message: string, refusals: Refusals = {}) =>
  (error: unknown): never => {
    if (fieldOf(error, 'code') === '22012') throw new Error(message, { cause: error });
    return refusing(refusals)(error);
  };

export const slugTaken = (slug: string): DomainError =>
  new DomainError('conflict', 'SLUG_TAKEN', 'Something else has this slug already.', { slug });
