/** What went wrong, as far as every caller must tell apart. `invalid`: it can never succeed as asked. */
export type ErrorKind = 'invalid' | 'not-found' | 'conflict' | 'forbidden';

/**
 * A refusal by a rule of the shop. `code` is public and stable; `details` are facts for the caller, never secrets.
 * Bugs and outages are ordinary errors and fly past whoever handles these.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** A value that has the wrong shape. `field` is the dotted path that the caller knows it by. */
export const invalidValue = (field: string, problem: string): DomainError =>
  new DomainError('invalid', 'VALIDATION_ERROR', `${field} ${problem}`, { [field]: [problem] });

export const notFound = (what: string): DomainError => new DomainError('not-found', 'NOT_FOUND', `${what} not found`);
