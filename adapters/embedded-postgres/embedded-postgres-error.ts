/** The embedded server cannot be had here. `message` says why in one sentence, `remedy` what the reader can do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

export const USE_A_SERVER = 'Set DATABASE_URL to a PostgreSQL 15 or newer server of your own';
