import type { EmailAddress } from '../../domain/identity/email-address.ts';

/** The key of one person's data, as it is stored: wrapped by a master key that is stored elsewhere. */
export interface PersonKey {
  readonly personId: string;
  readonly wrapped: string;
}

/** Where a sealed text stands. Anywhere else it does not open. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/**
 * Makes personal data unreadable to whoever holds the database without the master keys, and to everybody once the
 * person's key is gone. Calls nothing and waits for nothing, so it may be used anywhere, also inside a unit of work.
 */
export interface PersonalDataCipher {
  /** Names of the master keys: the first one wraps and makes look-ups, the others only read. They hold no colon. */
  readonly kids: readonly [string, ...string[]];
  /** A key that nobody has had before, wrapped for this person by the first master key: `v1:<kid of the master key>:…`. */
  newKey(personId: string): PersonKey;
  /** The same key, wrapped by the first master key. @throws UnreadablePersonalData like `open` */
  rewrap(key: PersonKey): PersonKey;
  /** The same text never gives the same twice: `v1:<kid>:<nonce>:<ct>:<tag>`. @throws UnreadablePersonalData for a key that does not open */
  seal(key: PersonKey, place: Place, text: string): string;
  /**
   * The text as it was sealed, or an error: never something else.
   * @throws UnreadablePersonalData when a bit is wrong, when it was sealed at another place or under another key, when the
   * key is another person's, and when no master key that is configured has wrapped the key
   */
  open(key: PersonKey, place: Place, sealed: string): string;
  /**
   * What an address is looked up by: `<kid>:…` for each master key, the first one's first. Equal addresses have equal
   * ones; without the master keys nobody can tell whose they are. Not made with the keys that seal.
   */
  emailIndexes(email: EmailAddress): readonly [string, ...string[]];
  /** The same for any text that is only ever compared, such as what a request asked for. */
  fingerprints(text: string): readonly [string, ...string[]];
}

/** Says where, and under which key, but nothing of what stands there. */
export class UnreadablePersonalData extends Error {
  override readonly name = 'UnreadablePersonalData';

  constructor({ table, column, row }: Place, kid: string, options?: ErrorOptions) {
    super(`The personal data in ${table}.${column} of ${row} does not open under the key ${kid}.`, options);
  }
}
